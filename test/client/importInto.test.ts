/** What completes a file of `pulumi preview --import-file`: the real SDK over real HTTP, against the simulated organisation. */
import { startSandbox } from "genesyscloud-sandbox";
import { expect, onTestFinished, test } from "vitest";
import { INTEGRATION } from "../../provider/src/eventBridgeIntegration/kind.js";
import { SOURCE } from "../../provider/src/eventBridgeSource/kind.js";
import { findObjects } from "../../provider/src/importing/find.js";
import { answeredKinds } from "../../provider/src/importing/gather.js";
import { askedIn } from "../../provider/src/importing/into/asked.js";
import { candidatesOf, shownById } from "../../provider/src/importing/into/candidates.js";
import { settle } from "../../provider/src/importing/into/settling.js";
import { readUnfinished } from "../../provider/src/importing/into/unfinishedFile.js";
import type { StackResource } from "../../provider/src/importing/managed.js";
import { KINDS } from "../../provider/src/kinds.js";
import { beginOn, type KindStep } from "../../provider/src/lifecycle/kind.js";
import type { Settings } from "../../provider/src/settings.js";
import { controlPlaneOf } from "../support/controlPlane.js";
import { fakeContext } from "../unit/provider/support/context.js";
import { clientOf } from "./support.js";

const BODY = {
  description: "d",
  event_topic_id: "topic-conversation-start",
  targets: [{ target_id: "target-crm", priority: 1 }],
};
const AUDITS = "0b9f3c52-4f0e-4c5e-8a3d-3f1a7c1e9a02";
const AUDITS_INPUTS = {
  ...{ name: "Audits", notes: "", awsAccountId: "012345678901", awsAccountRegion: "eu-central-1" },
  ...{ eventSourceSuffix: "audits", enabled: true },
  eventFilter: ["v2.audits.entitytype.{id}.entityid.{id}"],
};
/** What a preview shows of a source that is asked for as it is. */
const INPUTS = {
  ...{ description: "d", eventTopicId: "topic-conversation-start", sourceType: "eventbridge" },
  ...{ targets: [{ targetId: "target-crm", priority: 1 }], filters: [], status: "active" },
};
const ADDRESS = "https://hooks.invalid/planted";

/** A program's resources, and how the file has them beside their names. */
interface Program {
  type?: string;
  inputs: object;
  entry?: object;
  op?: string;
}

/** An organisation with integrations, and a program that was written first. */
async function world({
  settings,
  resources = [],
}: {
  settings?: Partial<Settings>;
  resources?: StackResource[];
} = {}) {
  const sandbox = await startSandbox({ control: true, exampleIntegrations: true });
  onTestFinished(() => sandbox.close());
  const control = controlPlaneOf(sandbox.url);
  const add = async (name: string, more: object = {}): Promise<string> =>
    (await control("POST", "sources", { ...BODY, name, ...more })).source_id;
  const steps = KINDS.map((kind) =>
    beginOn(kind, { ...fakeContext(undefined, settings).context, client: clientOf(sandbox.url) }, "1m"),
  );
  const complete = async (program: Record<string, Program>, said: Record<string, string> = {}) => {
    const type = (name: string) => program[name]?.type ?? SOURCE.type;
    const text = JSON.stringify({
      resources: Object.entries(program).map(([name, { entry }]) => ({
        ...{ type: type(name), name, id: "<PLACEHOLDER>" },
        ...entry,
      })),
    });
    const file = readUnfinished(text, KINDS, { project: "shop", stack: "dev" });
    const preview = file.ours.map(({ urn, name }) => ({
      op: program[name]?.op ?? "create",
      urn,
      newState: { inputs: { ...program[name]?.inputs, __urn: urn } },
    }));
    await control("DELETE", "requests");
    const { objects: listed } = await findObjects(steps, { ids: [], names: [], all: true }, () => () => {});
    const ids = file.ours.flatMap(({ kind, name, id = said[name] }) =>
      id === undefined ? [] : [{ step: steps.find((each) => each.kind === kind) as KindStep, id }],
    );
    const objects = [...listed, ...(await shownById(ids, listed))];
    const settled = await settle(file.ours, {
      ...{ askedFor: askedIn(preview), said: new Map(Object.entries(said)), steps },
      candidates: await candidatesOf(objects, resources, steps),
      kinds: await answeredKinds(objects, steps),
    });
    return new Map(settled.map((each) => [each.entry.name, each]));
  };
  const calls = async (): Promise<string[]> =>
    (await control("GET", "requests"))
      .filter(({ path }: { path: string }) => path.startsWith("/api/"))
      .map(({ method, path }: Record<string, string>) => `${method} ${path?.replace(/\?.*/, "")}`);
  return { control, add, complete, calls };
}

/** A secret value, in the words of the file. */
const inClear = (value: unknown) => expect.objectContaining({ plaintext: JSON.stringify(value) });

test("both kinds are completed from a page of each list, and nothing else is asked", async () => {
  const { add, complete, calls } = await world();
  const id = await add("VIP");
  const found = await complete({
    vip: { inputs: { ...INPUTS, name: "VIP" } },
    audits: { type: INTEGRATION.type, inputs: AUDITS_INPUTS },
  });
  expect((await calls()).toSorted()).toEqual([
    "GET /api/v2/eventbridge/sources",
    "GET /api/v2/integrations",
    "GET /api/v2/organizations/me",
  ]);
  expect(found.get("vip")).toMatchObject({
    fate: "COMPLETE",
    completed: {
      completion: {
        id,
        inputs: { ...INPUTS, name: "VIP", __provider: expect.stringContaining(".eventBridgeSource") },
        outputs: { ...INPUTS, sourceId: id, version: 1 },
      },
      ...{ differs: [], replaces: [], untold: [] },
    },
  });
  expect(found.get("audits")).toMatchObject({
    fate: "COMPLETE",
    completed: {
      completion: { id: AUDITS, inputs: AUDITS_INPUTS, outputs: { integrationId: AUDITS, version: 2 } },
      differs: [],
    },
  });
});

test("what an automatic name was found for keeps that name, and the settings that only a program has", async () => {
  const { add, complete } = await world();
  await add("vip-abcdef0");
  const settings = { __autonamed: true, onConflict: "adopt", timeouts: { create: "5m" } };
  const found = await complete({ vip: { inputs: { ...INPUTS, ...settings, name: "vip-0000000" } } });
  const { completed } = found.get("vip") ?? {};
  expect(completed?.differs).toEqual([]);
  expect(completed?.completion).toMatchObject({
    inputs: { ...settings, name: "vip-abcdef0" },
    outputs: { ...settings, name: "vip-abcdef0" },
  });
});

test("where the organisation differs from the program is named, and what no update can change", async () => {
  const { add, complete } = await world();
  await add("VIP");
  const found = await complete({
    vip: {
      inputs: {
        ...INPUTS,
        ...{ name: "VIP", description: "[secret]", eventTopicId: "topic-conversation-end" },
        targets: [{ targetId: "target-siem", priority: 1 }],
      },
    },
  });
  const { completed } = found.get("vip") ?? {};
  expect(completed).toMatchObject({
    differs: ["eventTopicId", "targets[0].targetId"],
    replaces: ["eventTopicId"],
    untold: ["description"],
  });
  // What is secret in the program is secret in the state, too.
  expect(completed?.completion.inputs.description).toEqual(inClear("d"));
  expect(completed?.completion.outputs.description).toEqual(inClear("d"));
  expect(completed?.completion.inputs.eventTopicId).toBe("topic-conversation-start");
});

test.each<[string, string | undefined, object, string[], string[]]>([
  ["that the program has, too, is not compared", undefined, { webhookUrl: "[secret]" }, [], ["webhookUrl"]],
  ["that nobody asks for differs", undefined, {}, ["webhookUrl"], []],
  ["that is the configured one does not", ADDRESS, { __defaultWebhook: "[secret]" }, [], []],
  [
    "that is not the configured one differs",
    `${ADDRESS}-2`,
    { __defaultWebhook: "[secret]" },
    ["webhookUrl"],
    [],
  ],
])(
  "an address of a webhook %s, and is for the CLI to encrypt",
  async (_, webhookUrl, asked, differs, untold) => {
    const { add, complete } = await world({ settings: webhookUrl === undefined ? {} : { webhookUrl } });
    await add("VIP", { webhook_url: ADDRESS });
    const found = await complete({ vip: { inputs: { ...INPUTS, name: "VIP", ...asked } } });
    const { completed } = found.get("vip") ?? {};
    expect(completed).toMatchObject({ differs, untold });
    expect(completed?.completion.inputs.webhookUrl).toEqual(inClear(ADDRESS));
    expect(completed?.completion.outputs.webhookUrl).toEqual(inClear(ADDRESS));
  },
);

test("an id that is in the file, or was said, is looked at: kept, completed, or missing", async () => {
  const { add, complete, calls } = await world();
  const [first, second] = [await add("first"), await add("second")];
  const whole = { inputs: { name: "old" }, outputs: {} };
  const found = await complete(
    {
      whole: { inputs: { ...INPUTS, name: "first" }, entry: { id: first, ...whole } },
      bare: { inputs: { ...INPUTS, name: "other" }, entry: { id: second } },
      wrong: { inputs: { ...INPUTS, name: "first" }, entry: { id: "no-such-id" } },
      said: { type: INTEGRATION.type, inputs: { ...AUDITS_INPUTS, eventSourceSuffix: "x" } },
      alien: { inputs: INPUTS },
    },
    { said: AUDITS, alien: AUDITS },
  );
  expect([...found].map(([name, { fate }]) => `${name} ${fate}`)).toEqual([
    "whole KEEP",
    "bare COMPLETE",
    "wrong MISSING",
    "said COMPLETE",
    "alien MISSING",
  ]);
  expect(found.get("bare")?.completed?.differs).toEqual(["name"]);
  expect(found.get("said")?.completed?.replaces).toEqual(["eventSourceSuffix"]);
  // Those that no list has shown are asked for by themselves, once.
  expect((await calls()).filter((call) => call.includes("sources/"))).toEqual([
    "GET /api/v2/eventbridge/sources/no-such-id",
    `GET /api/v2/eventbridge/sources/${AUDITS}`,
  ]);
});

test("nothing is chosen where two could be meant, one is meant twice, or the stack has it", async () => {
  const { add, complete } = await world({
    resources: [
      {
        urn: `urn:pulumi:dev::shop::${SOURCE.type}::mine`,
        type: SOURCE.type,
        id: "held",
      },
    ],
  });
  const automatic = (name: string) => ({ ...INPUTS, name: `${name}-0000000`, __autonamed: true });
  await add("held", { source_id: "held" });
  for (const name of ["two-abcdef0", "two-0123456", "twice", "only"]) await add(name);
  const found = await complete({
    two: { inputs: automatic("two") },
    one: { inputs: { ...INPUTS, name: "twice" } },
    other: { inputs: { ...INPUTS, name: "twice" } },
    held: { inputs: { ...INPUTS, name: "held" } },
    // What is not looked for takes nothing from what is.
    theirs: { inputs: { ...INPUTS, name: "only" }, entry: { provider: "emea" } },
    there: { inputs: { ...INPUTS, name: "only" }, op: "same" },
    ours: { inputs: { ...INPUTS, name: "only" } },
  });
  expect([...found].map(([name, { fate }]) => `${name} ${fate}`)).toEqual([
    "two SEVERAL",
    "one SHARED",
    "other SHARED",
    "held HELD",
    "theirs OTHER PROVIDER",
    "there IN THE STACK",
    "ours COMPLETE",
  ]);
  expect([...found.values()].filter(({ completed }) => completed).map(({ entry }) => entry.name)).toEqual([
    "ours",
  ]);
});

test("an object that no program can describe is left as it is, with the reason", async () => {
  const { control, complete } = await world();
  await control("POST", "integrations", { name: "half", intendedState: "DISABLED" });
  const inputs = {
    ...AUDITS_INPUTS,
    ...{ name: "half", eventSourceSuffix: "half-0000000", __autonamed: true },
  };
  const found = await complete({ half: { type: INTEGRATION.type, inputs } });
  expect(found.get("half")).toMatchObject({
    fate: "UNFIT",
    problems: expect.arrayContaining([expect.stringContaining("awsAccountId: must be an AWS account")]),
  });
});
