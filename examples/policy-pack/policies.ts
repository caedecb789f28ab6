// What a team may ask of every source and integration. They are looked at in each preview and update, after the provider
// has filled in defaults, and before anything is changed. Messages bear no value that may be secret.
import {
  type PolicyConfigSchema,
  type ResourceValidationPolicy,
  validateResourceOfType,
} from "@pulumi/policy";
import { EventBridgeIntegration, EventBridgeSource } from "pulumi-genesyscloud-eventbridge";

const list = (description: string, ...defaults: string[]): PolicyConfigSchema["properties"][string] => ({
  type: "array",
  items: { type: "string" },
  default: defaults,
  description,
});

const destinationsFromAList: ResourceValidationPolicy = {
  name: "destinations-from-a-list",
  description: "Events go to targets and AWS accounts that somebody has agreed to.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      targets: list("Ids of targets that sources may have. None: no source is allowed."),
      awsAccounts: list("AWS accounts that integrations may send to. None: no integration is allowed."),
    },
  },
  validateResource: [
    validateResourceOfType(EventBridgeSource, ({ targets }, args, report) => {
      const allowed = args.getConfig<{ targets: string[] }>().targets;
      for (const [index, { targetId }] of targets.entries())
        if (!allowed.includes(targetId))
          report(`targets[${index}].targetId: "${targetId}" is not in the list "targets" of this policy`);
    }),
    validateResourceOfType(EventBridgeIntegration, ({ awsAccountId }, args, report) => {
      const allowed = args.getConfig<{ awsAccounts: string[] }>().awsAccounts;
      if (!allowed.includes(awsAccountId))
        report(`awsAccountId: ${awsAccountId} is not in the list "awsAccounts" of this policy`);
    }),
  ],
};

/** What a policy sees of a resource besides its arguments. */
interface Seen {
  urn: string;
  opts: { protect: boolean };
  getConfig<Config extends object>(): Config;
}

/** A URN begins with `urn:pulumi:`, the stack's name and `::`. */
const stackOf = ({ urn }: Seen): string | undefined => urn.split("::")[0]?.split(":").at(-1);

// The engine shows policies the arguments of the program, and not whether the stack's configuration has an address.
function toldOf(
  { webhookUrl }: { webhookUrl?: string },
  seen: Seen,
  report: (message: string) => void,
): void {
  const { configuredIn } = seen.getConfig<{ configuredIn: string[] }>();
  if (webhookUrl === undefined && !configuredIn.includes(stackOf(seen) ?? ""))
    report("webhookUrl: nobody is told of changes; set an address");
}

const webhookRequired: ResourceValidationPolicy = {
  name: "webhook-required",
  description: "Another system is told of each change.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      configuredIn: list(
        "Names of stacks whose configuration has genesyscloud:webhookUrl: it counts for all.",
      ),
    },
  },
  validateResource: [
    validateResourceOfType(EventBridgeSource, toldOf),
    validateResourceOfType(EventBridgeIntegration, toldOf),
  ],
};

function protectedThere(_: unknown, seen: Seen, report: (message: string) => void): void {
  const { stacks } = seen.getConfig<{ stacks: string[] }>();
  if (stacks.includes(stackOf(seen) ?? "") && !seen.opts.protect)
    report(
      "the option protect is to be true in this stack: what is deleted loses the events that it would have sent",
    );
}

const protectedInProduction: ResourceValidationPolicy = {
  name: "protected-in-production",
  description: "Nothing of production is deleted by a slip.",
  enforcementLevel: "mandatory",
  configSchema: { properties: { stacks: list("Names of stacks where it counts.", "production") } },
  validateResource: [
    validateResourceOfType(EventBridgeSource, protectedThere),
    validateResourceOfType(EventBridgeIntegration, protectedThere),
  ],
};

const isPersonal = (topic: string, { getConfig }: Pick<Seen, "getConfig">): boolean =>
  getConfig<{ topics: string[] }>().topics.some((part) => topic.includes(part));

const personalDataFiltered: ResourceValidationPolicy = {
  name: "personal-data-filtered",
  description: "Events about persons are sent only as far as they are needed.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      topics: list("Parts of the ids of topics with personal data.", "conversation", "transcription", "user"),
    },
  },
  validateResource: [
    validateResourceOfType(EventBridgeSource, ({ eventTopicId, filters = [] }, args, report) => {
      if (isPersonal(eventTopicId, args) && filters.length === 0)
        report(
          `filters: the topic "${eventTopicId}" bears personal data, and all of its events would be sent`,
        );
    }),
    validateResourceOfType(EventBridgeIntegration, ({ eventFilter }, args, report) => {
      for (const [index, topic] of eventFilter.entries())
        if (isPersonal(topic, args))
          report(
            `eventFilter[${index}]: "${topic}" bears personal data, and an integration sends all of its events`,
          );
    }),
  ],
};

export const policies: ResourceValidationPolicy[] = [
  destinationsFromAList,
  webhookRequired,
  protectedInProduction,
  personalDataFiltered,
];
