/** What an import finds and takes in of both kinds: the real SDK over real HTTP, against the simulated organisation. */
import { startSandbox } from "genesyscloud-sandbox";
import { expect, onTestFinished, test } from "vitest";
import { findObjects, type Wanted } from "../../provider/src/importing/find.js";
import { gather } from "../../provider/src/importing/gather.js";
import { importFile } from "../../provider/src/importing/importFile.js";
import { loadNaming } from "../../provider/src/importing/names.js";
import { KINDS } from "../../provider/src/kinds.js";
import { beginOn } from "../../provider/src/lifecycle/kind.js";
import { controlPlaneOf } from "../support/controlPlane.js";
import { fakeContext } from "../unit/provider/support/context.js";
import { clientOf } from "./support.js";

/** Every call on the list of integrations. */
const LIST = "GET /api/v2/integrations?integrationType=amazon-eventbridge-source&expand=config.current";
const AUDITS = "0b9f3c52-4f0e-4c5e-8a3d-3f1a7c1e9a02";
const WEBHOOK = "0b9f3c52-4f0e-4c5e-8a3d-3f1a7c1e9a03";
const SOURCE_BODY = {
  name: "Audits",
  event_topic_id: "topic-conversation-start",
  targets: [{ target_id: "target-crm", priority: 1 }],
};

/** An organisation with two integrations of the type, two of others, and a source. */
async function world() {
  const sandbox = await startSandbox({ control: true, exampleIntegrations: true });
  onTestFinished(() => sandbox.close());
  const control = controlPlaneOf(sandbox.url);
  const { source_id: sourceId } = await control("POST", "sources", SOURCE_BODY);
  const steps = KINDS.map((kind) =>
    beginOn(kind, { ...fakeContext().context, client: clientOf(sandbox.url) }, "1m"),
  );
  const find = (wanted: Partial<Wanted>, which = steps) =>
    findObjects(which, { ids: [], names: [], all: false, ...wanted }, () => () => {});
  const idsOf = async (wanted: Partial<Wanted>) =>
    (await find(wanted)).objects.map(({ kind, shown }) => `${kind.noun} ${shown.name} ${shown.id}`);
  const take = async () =>
    gather(
      (await find({ all: true })).objects,
      { project: "shop", stack: "dev", resources: [] },
      await loadNaming(),
      steps,
    );
  const calls = async (): Promise<string[]> => {
    const requests: { method: string; path: string }[] = await control("GET", "requests");
    await control("DELETE", "requests");
    return requests
      .filter(({ path }) => path.startsWith("/api/"))
      .map(({ method, path }) => `${method} ${path.replace(/&?pageSize=100&pageNumber=1$/, "")}`);
  };
  return { control, find, idsOf, take, calls, sourceId, steps };
}

test("all is what there is of both kinds, and nothing of another type", async () => {
  const { idsOf, sourceId } = await world();
  expect(await idsOf({ all: true })).toEqual([
    `integration Audits ${AUDITS}`,
    `source Audits ${sourceId}`,
    "integration Conversation details 0b9f3c52-4f0e-4c5e-8a3d-3f1a7c1e9a01",
  ]);
});

test("a name, a pattern and an id are looked for in both kinds", async () => {
  const { idsOf, find, sourceId } = await world();
  expect(await idsOf({ names: ["Audits"] })).toEqual([
    `integration Audits ${AUDITS}`,
    `source Audits ${sourceId}`,
  ]);
  expect(await idsOf({ names: ["Conv*"] })).toHaveLength(1);
  expect(await idsOf({ ids: [AUDITS, String(sourceId)] })).toHaveLength(2);
  expect((await find({ ids: [WEBHOOK], names: ["nope"] })).missing).toEqual([
    'no source or integration of the name "nope"',
    `no source or integration with the id "${WEBHOOK}"`,
  ]);
});

test("a name that several integrations bear means each of them, on whichever page", async () => {
  const { control, idsOf, find } = await world();
  const made = [];
  for (let count = 0; count < 102; count++) {
    const name = count === 0 || count > 99 ? "Twin" : `single ${count}`;
    made.push(await control("POST", "integrations", { name, intendedState: "DISABLED" }));
  }
  const twins = made.filter(({ name }) => name === "Twin").map(({ id }) => `integration Twin ${id}`);
  expect(twins).toHaveLength(3);
  expect((await idsOf({ names: ["Twin"] })).toSorted()).toEqual(twins.toSorted());
  expect((await find({ names: ["Twin"] })).missing).toEqual([]);
});

test("integrations are taken in from the pages of their list, under one look at the organisation", async () => {
  const { take, calls } = await world();
  await calls();
  const { imports, leftOut } = await take();
  expect(leftOut).toEqual([]);
  expect((await calls()).toSorted()).toEqual([
    "GET /api/v2/eventbridge/sources?",
    LIST,
    "GET /api/v2/organizations/me",
  ]);
  // The names of resources are unique within a type.
  expect(imports.map(({ resource }) => resource)).toEqual(["audits", "audits", "conversation-details"]);
  const [audits] = imports;
  expect(audits).toMatchObject({
    args: {
      name: "Audits",
      awsAccountId: "012345678901",
      awsAccountRegion: "eu-central-1",
      eventSourceSuffix: "audits",
      eventFilter: ["v2.audits.entitytype.{id}.entityid.{id}"],
    },
    state: {
      integrationId: AUDITS,
      version: 2,
      reportedState: "ACTIVE",
      partnerEventSourceName: expect.stringMatching(/^aws\.partner\/genesys\.com\/cloud\/.*\/audits$/),
    },
  });
  // A preview shows what is among the inputs; any other output of an update is unknown to it.
  expect(audits?.inputs.partnerEventSourceName).toBe(audits?.state.partnerEventSourceName);
  const { resources } = JSON.parse(importFile(imports));
  expect(resources[0]).toMatchObject({
    type: "pulumi-nodejs:dynamic/genesyscloud:EventBridgeIntegration",
    id: AUDITS,
    inputs: {
      __provider:
        'exports.handler=()=>require("pulumi-genesyscloud-eventbridge/runtime").eventBridgeIntegration',
    },
  });
});

test("where a list leaves configurations out, each is asked for", async () => {
  const { control, take, calls } = await world();
  await control("PATCH", "variants", { expandConfig: "nowhere" });
  await calls();
  const { imports, leftOut } = await take();
  expect([imports.length, leftOut]).toEqual([3, []]);
  const configs = (await calls()).filter((call) => call.endsWith("/config/current"));
  expect(configs).toHaveLength(2);
});

test("one that was posted and got nothing of its own is left out, and why is said", async () => {
  const { control, take } = await world();
  await control("POST", "integrations", { name: "half", intendedState: "DISABLED" });
  const { imports, leftOut } = await take();
  expect(imports).toHaveLength(3);
  expect(leftOut).toMatchObject([{ name: "half", gone: false }]);
  expect(leftOut[0]?.reason).toContain("awsAccountId: must be an AWS account");
});

test.each([
  ["eventbridge", "integration", ["source"]],
  ["integrations", "source", ["integration", "integration"]],
])("an organisation that offers %s alone has no %s, and that is no failure", async (offers, noun, found) => {
  const { control, find } = await world();
  await control("PATCH", "settings", { offers });
  const { objects, notOffered } = await find({ all: true });
  expect(notOffered.map((kind) => kind.noun)).toEqual([noun]);
  expect(objects.map(({ kind }) => kind.noun)).toEqual(found);
  expect((await find({ names: ["nope"] })).missing).toHaveLength(1);
});

test("what may not be read of one kind keeps out no other, and is told with its answer", async () => {
  const { control, find, steps } = await world();
  await control("PATCH", "settings", { permissions: [] });
  const { objects, forbidden } = await find({ all: true });
  expect(objects.map(({ kind }) => kind.noun)).toEqual(["source"]);
  expect(forbidden.map(({ kind, error }) => [kind.noun, error.message])).toEqual([
    ["integration", expect.stringMatching(/^GET \/api\/v2\/integrations was answered 403/)],
  ]);
  expect((await find({ all: true }, steps.slice(0, 1))).forbidden).toEqual([]);
});
