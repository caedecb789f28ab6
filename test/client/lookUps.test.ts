/** Look-ups of programs: the real SDK over real HTTP, against the simulated organisation. */
import * as pulumi from "@pulumi/pulumi";
import { startSandbox } from "genesyscloud-sandbox";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import {
  getAvailableTopics,
  getAvailableTopicsOutput,
  getEventBridgeTarget,
  getEventBridgeTargetOutput,
  getEventBridgeTopic,
  getEventBridgeTopicOutput,
} from "../../provider/src/index.js";
import { lookUp } from "../../provider/src/lookUps/lookUp.js";
import { controlPlaneOf } from "../support/controlPlane.js";

const SETTINGS = {
  "genesyscloud:oauthClientId": "sandbox-client",
  "genesyscloud:oauthClientSecret": "sandbox-secret",
};

/** A run of a program whose stack is configured for an organisation. */
async function world() {
  const sandbox = await startSandbox({ control: true });
  onTestFinished(() => sandbox.close());
  const control = controlPlaneOf(sandbox.url);
  const calls = async (): Promise<string[]> => {
    const requests: { method: string; path: string }[] = await control("GET", "requests");
    await control("DELETE", "requests");
    return requests.map(({ method, path }) => `${method} ${path.replace("pageSize=100&pageNumber=", "")}`);
  };
  beginRun({ ...SETTINGS, "genesyscloud:gateway": sandbox.url });
  return { control, calls };
}

/** The process now serves this run: another engine, another configuration. */
function beginRun(config: Record<string, string>, isPreview = false): void {
  const run = vi.spyOn(pulumi.runtime, "getMonitor").mockReturnValue({} as never);
  pulumi.runtime.setAllConfig(config);
  const preview = vi.spyOn(pulumi.runtime, "isDryRun").mockReturnValue(isPreview);
  onTestFinished(() => {
    run.mockRestore();
    preview.mockRestore();
    pulumi.runtime.setAllConfig({});
  });
}

const LOGIN = "POST /oauth/token";
const pages = (list: string) => [`GET /api/v2/eventbridge/${list}?1`];
const settled = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => void output.apply(resolve));

test("names take the pages of a list, once a run, however many ask and in whichever form", async () => {
  const { calls } = await world();
  const acw = { id: "topic-conversation-acw", name: "Conversation acw", status: "active" };
  expect(await getEventBridgeTopic({ name: "Conversation acw" })).toEqual({
    ...acw,
    eventType: "v2.detail.events.conversation.{id}.acw",
  });
  await Promise.all([
    ...["Conversation acw", "Audits", "Audits"].map((name) => getEventBridgeTopic({ name })),
    settled(getEventBridgeTopicOutput({ name: pulumi.output("Operational events") })),
  ]);
  expect(await calls()).toEqual([LOGIN, ...pages("topics")]);
  expect(await getEventBridgeTarget({ name: "Queue monitor" })).toEqual({
    id: "target-queue-monitor",
    name: "Queue monitor",
    status: "active",
    eventTypes: ["start", "end"].map((end) => `v2.detail.events.conversation.{id}.queue.${end}`),
  });
  expect((await settled(getEventBridgeTargetOutput({ name: "Crm" }))).id).toBe("target-crm");
  expect(await calls()).toEqual(pages("targets"));
});

test("an id takes one call, which equal questions share; its form in an address is no matter", async () => {
  const { calls } = await world();
  const id = "target-eu/central 1";
  const both = await Promise.all([
    getEventBridgeTarget({ id }),
    getEventBridgeTarget({ id, name: undefined }),
  ]);
  expect(both.map((target) => target.name)).toEqual(["Eu/central 1", "Eu/central 1"]);
  expect(await calls()).toEqual([LOGIN, "GET /api/v2/eventbridge/targets/target-eu%2Fcentral%201"]);
});

test("the next run asks anew, and sees what has been made meanwhile", async () => {
  const { control, calls } = await world();
  await expect(getEventBridgeTopic({ name: "New" })).rejects.toThrow("there is no topic");
  await control("POST", "topics", { topic_id: "topic-new", name: "New" });
  await expect(getEventBridgeTopic({ name: "New" })).rejects.toThrow("there is no topic");
  beginRun(pulumi.runtime.allConfig());
  expect((await getEventBridgeTopic({ name: "New" })).id).toBe("topic-new");
  expect((await calls()).filter((call) => call === pages("topics")[0])).toHaveLength(2);
});

test("where the organisation shows no names, that is said", async () => {
  const { control } = await world();
  await control("PATCH", "variants", { referenceNames: false });
  await expect(getEventBridgeTopic({ name: "Audits" })).rejects.toThrow(
    "the organisation shows no names of its topics: give the id",
  );
});

test("the topics of the platform are asked for once, and filtered by what carries them and by a pattern", async () => {
  const { calls } = await world();
  const acd = await getAvailableTopics({ matching: "v2.detail.events.conversation.{id}.{acd,customer}.*" });
  expect(acd.ids).toEqual(
    ["acd.end", "acd.start", "customer.end", "customer.start"].map(
      (end) => `v2.detail.events.conversation.{id}.${end}`,
    ),
  );
  expect(acd.topics[0]).toEqual({
    id: acd.ids[0],
    visibility: "Public",
    transports: ["EventBridge", "ProcessAutomation"],
  });
  const all = await getAvailableTopics();
  expect(all.ids).toContain("v2.users.{id}.presence");
  expect(all.ids).not.toContain("v2.users.{id}.geolocation");
  const websocket = await settled(
    getAvailableTopicsOutput({ transport: "Websocket", matching: "*{userId}.geo*" }),
  );
  expect(websocket.ids).toEqual(["v2.users.{id}.geolocation"]);
  expect(await calls()).toEqual([
    LOGIN,
    "GET /api/v2/notifications/availabletopics?expand=transports,visibility",
  ]);
});

describe("errors", () => {
  const asked = {
    topic: (args: object) => getEventBridgeTopic(args),
    target: (args: object) => getEventBridgeTarget(args),
    topics: (args: object) => getAvailableTopics(args),
  };

  test.each<[keyof typeof asked, object, string]>([
    [
      "topic",
      { name: "Conversation strat" },
      'getEventBridgeTopic: there is no topic of the name "Conversation strat" (did you mean "Conversation start", with the id "topic-conversation-start"?)',
    ],
    [
      "target",
      { name: "nothing like it" },
      'getEventBridgeTarget: there is no target of the name "nothing like it"',
    ],
    [
      "target",
      { id: "target-cmr" },
      'getEventBridgeTarget: there is no target with the id "target-cmr" (did you mean "target-crm"?)',
    ],
    [
      "target",
      { name: "Twin" },
      'getEventBridgeTarget: 2 targets have the name "Twin", with the ids "target-a", "target-b": give the id of the one that is meant',
    ],
    ["topic", {}, "getEventBridgeTopic: give either the name or the id of the one that is meant"],
    ["topic", { name: "a", id: "b" }, "give either the name or the id"],
    ["topic", { nmae: "a" }, 'nmae is not an argument (did you mean "name"?): allowed are name and id'],
    ["topic", { name: "" }, "name must be a text that is not empty"],
    ["target", { id: 7 }, "id must be a text that is not empty"],
    [
      "topics",
      { transport: "Eventbridge" },
      'there is no transport "Eventbridge" (did you mean "EventBridge"?): there are All, EventBridge, ProcessAutomation, Websocket',
    ],
    [
      "topics",
      { matching: "v2.users.{id}.presense" },
      'there is no topic of the transport EventBridge that matches "v2.users.{id}.presense" (did you mean "v2.users.{id}.presence"?)',
    ],
    ["topics", { matching: "*.geolocation" }, "another transport carries the 1 that match"],
  ])("of a %s that is asked for as %j: %s", async (which, args, message) => {
    const { control } = await world();
    for (const id of ["target-a", "target-b"])
      await control("POST", "targets", { target_id: id, name: "Twin" });
    const error = await asked[which](args).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    // The engine shows its message, and no stack of this package.
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    expect((error as Error).message).toContain(message);
  });

  test("of the settings, and of a platform that refuses, say what is to be done and show no secret", async () => {
    const { control } = await world();
    const config = pulumi.runtime.allConfig();
    beginRun({ ...config, "genesyscloud:oauthClientSecret": "wrong-secret-of-mine" });
    await expect(getEventBridgeTopic({ name: "Audits" })).rejects.toThrow(/^getEventBridgeTopic: .*401/);
    await expect(getEventBridgeTopic({ name: "Audits" })).rejects.not.toThrow("wrong-secret");
    beginRun({ "genesyscloud:regoin": "eu-central-1" });
    await expect(getEventBridgeTopic({ name: "Audits" })).rejects.toThrow('did you mean "region"?');
    beginRun({});
    await expect(getEventBridgeTopic({ name: "Audits" })).rejects.toThrow("no credentials for Genesys Cloud");
    await control("PATCH", "settings", { scopes: ["eventbridge:target:read"] });
    beginRun(config);
    await expect(getEventBridgeTopic({ name: "Audits" })).rejects.toThrow("eventbridge:topic:read");
  });
});

test("an output is unknown in a preview without credentials, and asks nothing", async () => {
  const warned = vi.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
  onTestFinished(() => warned.mockRestore());
  const { calls } = await world();
  beginRun({ "genesyscloud:gateway": pulumi.runtime.allConfig()["genesyscloud:gateway"] as string }, true);
  const output: object = getEventBridgeTopicOutput({ name: "Audits" });
  expect(await (output as { isKnown: Promise<boolean> }).isKnown).toBe(false);
  expect(warned).toHaveBeenCalledWith(expect.stringMatching(/^getEventBridgeTopic: no credentials/));
  expect(await calls()).toEqual([]);
});

test("under Pulumi's mocks these answer", async () => {
  const call = vi.fn(({ inputs }) => ({ id: `id of ${inputs.name}` }));
  await pulumi.runtime.setMocks({ call, newResource: ({ name }) => ({ id: name, state: {} }) });
  expect((await getEventBridgeTopic({ name: "Audits" })).id).toBe("id of Audits");
  expect((await settled(getEventBridgeTargetOutput({ name: "Crm" }))).id).toBe("id of Crm");
  expect(call.mock.calls.map(([{ token }]) => token)).toEqual([
    "genesyscloud:index:getEventBridgeTopic",
    "genesyscloud:index:getEventBridgeTarget",
  ]);
});

test("the answer to a question is one object for the whole run", async () => {
  await world();
  const run = {
    key: {},
    isPreview: false,
    isMocked: false,
    project: undefined,
    config: pulumi.runtime.allConfig(),
  };
  const [one, other] = await Promise.all(
    [{ name: "Audits" }, { name: "Audits" }].map((args) => lookUp(run, "getEventBridgeTopic", args)),
  );
  expect(one).toBe(other);
});
