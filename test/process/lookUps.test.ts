/** Look-ups through a `GenesysCloudProvider`: the built package and the real SDK, against two simulated organisations. */
import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import { startSandbox } from "genesyscloud-sandbox";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { controlPlaneOf } from "../support/controlPlane.js";

const {
  GenesysCloudProvider,
  getAvailableTopics,
  getEventBridgeTarget,
  getEventBridgeTargetOutput,
  getEventBridgeTopic,
  getEventBridgeTopicOutput,
} = createRequire(import.meta.url)(
  "../../provider/dist/index.js",
) as typeof import("../../provider/src/index.js");

const CLIENT = { oauthClientId: "sandbox-client", oauthClientSecret: "sandbox-secret" };
const NAME = "Conversation start";
const ITS_ID = "conversation-start-of-another";
const ONE_LIST = ["POST /oauth/token", "GET /api/v2/eventbridge/topics"];

beforeEach(async () => {
  await pulumi.runtime.setMocks({
    call: ({ provider }) => ({ id: `asked through ${provider}` }),
    newResource: ({ name }) => ({ id: name, state: {} }),
  });
});

/** From now on look-ups ask, although resources are registered nowhere. */
function asInEarnest(gateway: string): void {
  const monitor = vi.spyOn(pulumi.runtime, "getMonitor").mockReturnValue({} as never);
  onTestFinished(() => monitor.mockRestore());
  pulumi.runtime.setAllConfig({
    "genesyscloud:gateway": gateway,
    "genesyscloud:oauthClientId": CLIENT.oauthClientId,
    "genesyscloud:oauthClientSecret": CLIENT.oauthClientSecret,
  });
  onTestFinished(() => pulumi.runtime.setAllConfig({}));
}

async function organisation() {
  const { url, close } = await startSandbox({ control: true });
  onTestFinished(close);
  const control = controlPlaneOf(url);
  const calls = async (): Promise<string[]> => {
    const requests: { method: string; path: string }[] = await control("GET", "requests");
    await control("DELETE", "requests");
    return requests.map(({ method, path }) => `${method} ${path.replace(/\?.*/, "")}`);
  };
  return { url, control, calls };
}

const settled = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((done) => output.apply(done));

test("its organisation is asked, once a run, also from a component that has it, and what is found is no secret", async () => {
  const [own, other] = await Promise.all([organisation(), organisation()]);
  await other.control("DELETE", "topics/topic-conversation-start");
  await other.control("POST", "topics", { topic_id: ITS_ID, name: NAME });
  asInEarnest(own.url);
  const secret = pulumi.secret(CLIENT.oauthClientSecret);
  const provider = new GenesysCloudProvider("other", {
    ...{ gateway: other.url, ...CLIENT, oauthClientSecret: secret },
  });
  const parent = new pulumi.ComponentResource("shop:Events", "events", {}, { providers: [provider] });

  expect((await getEventBridgeTopic({ name: NAME }, { provider })).id).toBe(ITS_ID);
  const found = getEventBridgeTopicOutput({ name: NAME }, { parent });
  expect((await settled(found)).id).toBe(ITS_ID);
  expect(await pulumi.isSecret(found)).toBe(false);
  expect(await other.calls()).toEqual(ONE_LIST);
  expect(await own.calls()).toEqual([]);
  expect((await getEventBridgeTopic({ name: NAME })).id).toBe("topic-conversation-start");
  expect([await own.calls(), await other.calls()]).toEqual([ONE_LIST, []]);
});

test("while what it is made of is not known the answer is as unknown, and whoever cannot wait is told", async () => {
  const { url: gateway, calls } = await organisation();
  asInEarnest(gateway);
  const oauthClientSecret = pulumi.output("secret").apply(() => pulumi.unknown as string);
  const provider = new GenesysCloudProvider("later", { gateway, ...CLIENT, oauthClientSecret });
  const output: object = getEventBridgeTargetOutput({ name: "Crm" }, { provider });
  expect(await (output as { isKnown: Promise<boolean> }).isKnown).toBe(false);
  await expect(getEventBridgeTarget({ name: "Crm" }, { provider })).rejects.toThrow(
    "what its provider is made of is not known in this preview: use getEventBridgeTargetOutput",
  );
  expect(await calls()).toEqual([]);
});

test("a provider of another class is refused", async () => {
  asInEarnest("http://127.0.0.1:9");
  class Another extends pulumi.ProviderResource {}
  const provider = new Another("pulumi-nodejs", "another") as InstanceType<typeof GenesysCloudProvider>;
  await expect(getAvailableTopics({}, { provider })).rejects.toThrow(
    "getAvailableTopics: the provider must be a GenesysCloudProvider",
  );
});

test("Pulumi's mocks are told which provider is asked", async () => {
  const provider = new GenesysCloudProvider("emea", { region: "eu-central-1", ...CLIENT });
  const { id } = await getEventBridgeTopic({ name: NAME }, { provider });
  expect(id).toMatch(/^asked through .*::emea::emea$/);
});
