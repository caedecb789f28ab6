/** Creates that were cut short, as doctor tells of them: which left an orphan, and what becomes of it. */
import { expect, test } from "vitest";
import type { CreateRecord } from "../../../../provider/src/createRecord.js";
import { checkCreates } from "../../../../provider/src/doctor/creates.js";
import { INTEGRATION } from "../../../../provider/src/eventBridgeIntegration/kind.js";
import { SOURCE } from "../../../../provider/src/eventBridgeSource/kind.js";
import { fingerprintOf } from "../../../../provider/src/lifecycle/recognise.js";
import { SettingsError } from "../../../../provider/src/settings.js";
import { fakeContext, fakeJournal } from "../support/context.js";
import { FakeOrganisation } from "../support/fakeOrganisation.js";
import { inputsWith, URN } from "../support/source.js";

const MINE = { stack: "dev", project: "shop" };
const MADE_AT = "2030-01-01T00:00:00Z";
const entryWith = (more: Partial<CreateRecord> = {}): CreateRecord => ({
  urn: URN,
  name: "orders",
  phase: more.objectId === undefined && more.jobId === undefined ? "posting" : "accepted",
  postedAt: Date.parse(MADE_AT),
  fingerprints: [fingerprintOf(SOURCE, inputsWith())],
  ...more,
});

/** What is found where the journal knows of these creates, and the stack holds these ids. */
async function examine(
  entries: CreateRecord[],
  { organisation = new FakeOrganisation(), held }: { organisation?: FakeOrganisation; held?: string[] } = {},
) {
  const { context } = fakeContext(organisation);
  const lookUpId = async (_: string, id: string) => held?.includes(id);
  Object.assign(context, { journal: fakeJournal(entries), stack: { ...context.stack, lookUpId } });
  const findings = await checkCreates(context, MINE);
  return {
    states: findings.map(({ state }) => state),
    message: findings[0]?.message,
    calls: organisation.calls,
  };
}

const organisationWithSource = () => {
  const organisation = new FakeOrganisation();
  organisation.addSource({ date_created: MADE_AT });
  return organisation;
};

test("where no create of the stack was cut short nothing is asked", async () => {
  const taken = entryWith({ objectId: "src-1", phase: "stored" });
  const another = entryWith({ objectId: "src-1", urn: URN.replace("dev", "production") });
  for (const entries of [[], [taken, another]])
    expect(await examine(entries)).toMatchObject({ states: ["ok"], calls: [] });
});

test("what another stack of the project has, after a move, is no orphan of this one's", async () => {
  const { context } = fakeContext(organisationWithSource());
  const stack = { ...context.stack, lookUpId: async () => false, lookUpInOthers: async () => true };
  Object.assign(context, { journal: fakeJournal([entryWith({ objectId: "src-1" })]), stack });
  expect(await checkCreates(context, MINE)).toMatchObject([{ state: "ok" }]);
});

test("another project's creates, in a journal that both share, are none of this one's", async () => {
  const { context } = fakeContext(organisationWithSource());
  const urn = URN.replace("::shop::", "::other::");
  const stack = { ...context.stack, lookUpId: async () => false };
  Object.assign(context, { journal: fakeJournal([entryWith({ urn, objectId: "src-1" })]), stack });
  expect(await checkCreates(context, MINE)).toMatchObject([{ state: "ok" }]);
  for (const project of ["other", undefined])
    expect(await checkCreates(context, { ...MINE, project })).toMatchObject([{ state: "warning" }]);
});

test("where no stack can be told, what was begun is not passed over in silence, and nobody is asked", async () => {
  const organisation = organisationWithSource();
  const { context } = fakeContext(organisation);
  const look = (entries: CreateRecord[]) =>
    checkCreates({ ...context, journal: fakeJournal(entries) }, { stack: undefined, project: undefined });
  expect(await look([entryWith({ objectId: "src-1" })])).toEqual([
    {
      check: "interrupted creates",
      state: "skipped",
      message:
        "some are known on this machine, and which stack counts cannot be told: look again in a project whose stack can be read, or outside of one with --stack",
    },
  ]);
  expect(await look([entryWith({ objectId: "src-1", phase: "stored" })])).toMatchObject([{ state: "ok" }]);
  expect(organisation.calls).toEqual([]);
});

test("a source that the stack does not have is named, with what becomes of it", async () => {
  const organisation = organisationWithSource();
  expect(await examine([entryWith({ objectId: "src-1" })], { organisation, held: [] })).toMatchObject({
    states: ["warning"],
    message:
      'the source of the name "orders" (id src-1), begun for resource "orders" of stack dev, is not in its state: run "pulumi up" with the resource in the program, which goes on with it, or delete the source',
    calls: ["GET /sources/src-1"],
  });
});

test("an integration is named by its suffix, and that is called so", async () => {
  const organisation = new FakeOrganisation();
  organisation.jobs.set("job-1", { shows: [{ status: "running" }] });
  organisation.on(/integrations/, () => ({ status: 200, body: { entities: [], pageCount: 0, total: 0 } }), 9);
  const urn = `urn:pulumi:dev::shop::${INTEGRATION.type}::audits`;
  const { message } = await examine([entryWith({ urn, name: "prod.voice", jobId: "job-1" })], {
    organisation,
    held: [],
  });
  expect(message).toMatch(/^the integration of the eventSourceSuffix "prod\.voice" \(still being made/);
});

test("what the stack has, as a source or as a job, is none", async () => {
  const organisation = organisationWithSource();
  organisation.jobs.set("job-1", { shows: [{ status: "completed", source_id: "src-1" }] });
  for (const held of [["src-1"], ["job:job-1"]])
    expect(await examine([entryWith({ jobId: "job-1" })], { organisation, held })).toMatchObject({
      states: ["ok"],
    });
});

test("where the state cannot be had, that is what is said", async () => {
  const { message } = await examine([entryWith({ objectId: "src-1" })], {
    organisation: organisationWithSource(),
  });
  expect(message).toContain("is not known to be in its state");
});

test("what a job is still making is named by the job; what a job never made, or somebody has removed, is none", async () => {
  const organisation = new FakeOrganisation();
  organisation.jobs.set("job-1", { shows: [{ status: "running" }] });
  organisation.jobs.set("job-2", { shows: [{ status: "failed" }] });
  const { message } = await examine([entryWith({ jobId: "job-1" })], { organisation, held: [] });
  expect(message).toContain("still being made by job job-1");
  for (const gone of [{ jobId: "job-2" }, { jobId: "job-9" }, { sourceId: "src-9" }])
    expect(await examine([entryWith(gone)], { organisation, held: [] })).toMatchObject({ states: ["ok"] });
});

test("an unanswered POST is looked for; another's source of that name is not ours", async () => {
  const organisation = organisationWithSource();
  const isOurs = [entryWith()];
  const isAnothers = [entryWith({ postedAt: Date.parse(MADE_AT) + 1 })];
  expect(await examine(isOurs, { organisation, held: [] })).toMatchObject({ states: ["warning"] });
  expect(await examine(isAnothers, { organisation, held: [] })).toMatchObject({ states: ["ok"] });
});

test("what may not be looked at is said, and is none of this check's failures", async () => {
  const organisation = new FakeOrganisation().fail(/sources/, 403);
  expect(await examine([entryWith()], { organisation })).toMatchObject({
    states: ["skipped"],
    message: expect.stringContaining("message 403"),
  });
  const { context } = fakeContext();
  const client = () => {
    throw new SettingsError(["no credentials"]);
  };
  Object.defineProperty(context, "client", { get: client });
  Object.assign(context, { journal: fakeJournal([entryWith()]) });
  expect(await checkCreates(context, MINE)).toMatchObject([{ state: "skipped" }]);
});

test("what was begun in another organisation is not looked for in this one", async () => {
  const organisation = organisationWithSource();
  const found = await examine([entryWith({ host: "mypurecloud.ie" })], { organisation, held: [] });
  expect(found).toMatchObject({ states: ["skipped"], calls: [] });
  expect(found.message).toMatch(/^what was begun at mypurecloud\.ie is not looked for at mypurecloud\.de: /);
  const place = 'mypurecloud.de through the GenesysCloudProvider "emea"';
  const ofProvider = await examine([entryWith({ host: place })], { organisation, held: [] });
  expect(ofProvider).toMatchObject({ states: ["skipped"], calls: [] });
  expect(ofProvider.message).toMatch(
    /^what was begun at mypurecloud\.de through the GenesysCloudProvider "emea" is not looked for: run "pulumi up" with that provider/,
  );
  const both = [entryWith(), entryWith({ urn: `${URN}-2`, host: "mypurecloud.ie" })];
  expect((await examine(both, { organisation, held: [] })).states).toEqual(["warning", "skipped"]);
});

test("where no region is set, that is what is said, and not that it is another", async () => {
  const { context } = fakeContext(organisationWithSource(), { region: undefined });
  const client = () => {
    throw new SettingsError(["no region of Genesys Cloud"]);
  };
  Object.defineProperty(context, "client", { get: client });
  Object.assign(context, { journal: fakeJournal([entryWith({ objectId: "src-1" })]) });
  expect(await checkCreates(context, MINE)).toEqual([
    expect.objectContaining({
      state: "skipped",
      message: expect.stringContaining("no region of Genesys Cloud"),
    }),
  ]);
});

test("a source that two entries of a resource tell of is named once, as the one that a run goes on with", async () => {
  const entries = [entryWith(), entryWith({ isAside: true })];
  for (const order of [entries, entries.toReversed()]) {
    const organisation = organisationWithSource();
    const { context } = fakeContext(organisation);
    const journal = {
      ...fakeJournal(),
      all: async () => order.map((each) => ({ host: "mypurecloud.de", ...each })),
    };
    Object.assign(context, { journal, stack: { ...context.stack, lookUpId: async () => false } });
    expect(await checkCreates(context, MINE)).toEqual([
      expect.objectContaining({ message: expect.stringContaining('run "pulumi up"') }),
    ]);
  }
});
