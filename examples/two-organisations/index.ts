import * as pulumi from "@pulumi/pulumi";
import {
  EventBridgeSource,
  GenesysCloudProvider,
  getEventBridgeTargetOutput,
  getEventBridgeTopicOutput,
} from "pulumi-genesyscloud-eventbridge";

// What every organisation has. Topic and targets bear the same names in each, and other ids: whatever stands in here is
// looked up, and made, in the organisation whose provider the component is given.
class CustomerEvents extends pulumi.ComponentResource {
  public readonly sourceId: pulumi.Output<string>;

  constructor(name: string, options: pulumi.ComponentResourceOptions) {
    super("shop:index:CustomerEvents", name, {}, options);
    const here = { parent: this };
    const vip = new EventBridgeSource(
      `${name}-vip`,
      {
        name: "vip-conversations",
        eventTopicId: getEventBridgeTopicOutput({ name: "Conversation start" }, here).id,
        targets: ["Crm", "Data lake"].map((target) => ({
          targetId: getEventBridgeTargetOutput({ name: target }, here).id,
        })),
        filters: [{ name: "vip", conditions: [{ field: "priority", operator: "equals", value: "high" }] }],
      },
      here,
    );
    this.sourceId = vip.sourceId;
    this.registerOutputs();
  }
}

// Settings of each organisation in a namespace of its own, such as `production:oauthClientId`.
const sourceIn = (organisation: string): pulumi.Output<string> => {
  const config = new pulumi.Config(organisation);
  const provider = new GenesysCloudProvider(organisation, {
    region: config.get("region"),
    gateway: config.get("gateway"),
    oauthClientId: config.require("oauthClientId"),
    oauthClientSecret: config.requireSecret("oauthClientSecret"),
  });
  return new CustomerEvents(organisation, { providers: [provider] }).sourceId;
};

export const inTest = sourceIn("test");
export const inProduction = sourceIn("production");
