/** The switches of the public API but for those of lagging reads, each turned from its default. */
import { expect, test } from "vitest";
import { eventBridge, properties, startWith } from "./integrationsHarness.js";

test.each([201, 202])("writeSuccess: every write answers %i", async (status) => {
  const { create, configure, intend, erase } = await startWith({ writeSuccess: status });
  const made = await create();
  const { id } = made.body;
  expect([made.status, (await configure(id, 1)).status]).toEqual([status, status]);
  expect([(await intend(id, "ENABLED")).status, (await erase(id)).status]).toEqual([status, status]);
});

test("incompleteConfig: refused answers the PATCH with 400, and the state stays", async () => {
  const { create, intend, states, configure } = await startWith({ incompleteConfig: "refused" });
  const { id } = (await create()).body;
  const refused = await intend(id, "ENABLED");
  expect([refused.status, refused.body.details[0].fieldName]).toEqual([400, "awsAccountId"]);
  expect(await states(id)).toBe("DISABLED INACTIVE");
  await configure(id, 1);
  expect((await intend(id, "ENABLED")).status).toBe(200);
});

test.each([
  ["retriesError", "ENABLED ACTIVE", "ENABLED ACTIVATING"],
  ["activatesAgain", "ENABLED ACTIVATING", "ENABLED ACTIVATING"],
  ["nothing", "ENABLED ACTIVE", "ENABLED ERROR"],
])("putWhileEnabled: %s makes of ACTIVE %s, and of ERROR %s", async (putWhileEnabled, ofActive, ofError) => {
  const { create, make, intend, configure, states, control } = await startWith({ putWhileEnabled });
  const active = await make();
  const broken = (await create()).body.id;
  await intend(broken, "ENABLED");
  await control("PATCH", "/variants", { transitionReads: 1 });
  await configure(active, 2);
  await configure(broken, 1, { properties: { ...properties, eventSourceSuffix: "other" } });
  expect([await states(active), await states(broken)]).toEqual([ofActive, ofError]);
  await intend(broken, "ENABLED");
  await states(broken);
  expect(await states(broken)).toBe("ENABLED ACTIVE");
});

test("wrongProperties: errorLater takes them, and ends in ERROR", async () => {
  const { create, configure, intend, read } = await startWith({ wrongProperties: "errorLater" });
  const { id } = (await create()).body;
  const wrong = { ...properties, awsAccountId: "1" };
  expect((await configure(id, 1, { properties: wrong })).status).toBe(200);
  await intend(id, "ENABLED");
  const { code, detail } = (await read(id)).body.reportedState;
  expect([code, detail.message]).toEqual(["ERROR", expect.stringContaining("awsAccountId")]);
});

test("suffixTaken: 409, or errorLater", async () => {
  const { make, create, configure, intend, states, control } = await startWith({ suffixTaken: 409 });
  await make();
  const { id } = (await create()).body;
  expect((await configure(id, 1)).body).toMatchObject({ status: 409, code: "general.conflict" });
  await control("PATCH", "/variants", { suffixTaken: "errorLater" });
  expect((await configure(id, 1)).status).toBe(200);
  await intend(id, "ENABLED");
  expect(await states(id)).toBe("ENABLED ERROR");
});

test("topicsChecked: false takes topics that nobody knows; emptyEventFilter: refused takes some only", async () => {
  const { create, configure } = await startWith({ topicsChecked: false, emptyEventFilter: "refused" });
  const { id } = (await create()).body;
  const put = (version: number, eventFilter: string[]) =>
    configure(id, version, { properties: { ...properties, eventFilter } });
  expect((await put(1, ["v2.no.such", "v2.users.{id}.tokens"])).status).toBe(200);
  const refused = await put(2, []);
  expect([refused.status, refused.body.details[0].fieldName]).toEqual([400, "eventFilter"]);
});

test("fixedProperties: refused keeps account, region and suffix as they were first set", async () => {
  const { make, configure } = await startWith({ fixedProperties: "refused" });
  const id = await make();
  const changed = { awsAccountRegion: "us-east-1", eventSourceSuffix: "other" };
  const refused = await configure(id, 2, { properties: { ...properties, ...changed } });
  expect(refused.status).toBe(400);
  expect(refused.body.details.map(({ fieldName }: { fieldName: string }) => fieldName)).toEqual(
    Object.keys(changed),
  );
  expect((await configure(id, 2, { properties: { ...properties, eventFilter: [] } })).status).toBe(200);
});

test("unchangedPut: keepsVersion raises it only for a change", async () => {
  const { create, configure } = await startWith({ unchangedPut: "keepsVersion" });
  const { id } = (await create()).body;
  expect((await configure(id, 1)).body.version).toBe(2);
  expect((await configure(id, 2)).body.version).toBe(2);
  expect((await configure(id, 2, { notes: "new" })).body.version).toBe(3);
});

test("versionConflict: 400 says that the version does not match the current version", async () => {
  const { create, configure } = await startWith({ versionConflict: 400 });
  const { id } = (await create()).body;
  const { body } = await configure(id, 7);
  expect(body).toMatchObject({ status: 400, code: "bad.request" });
  expect(body.message).toContain("does not match the current version");
});

test("emptyNotes: empty notes are read back as the platform's database has them", async () => {
  const leaked = "node_dynamodb_empty_string";
  const { create, read, config, configure } = await startWith({ emptyNotes: leaked });
  const made = (await create()).body;
  expect([made.notes, (await read(made.id)).body.notes]).toEqual([leaked, leaked]);
  expect((await config(made.id)).body.notes).toBe(leaked);
  expect((await configure(made.id, 1, { notes: "n" })).body.notes).toBe("n");
  expect((await configure(made.id, 2, { notes: "" })).body.notes).toBe(leaked);
});

test("eventFilterOrder: reversed hands the topics back in the other order", async () => {
  const { make, config, read } = await startWith({ eventFilterOrder: "reversed" });
  const id = await make();
  const reversed = properties.eventFilter.toReversed();
  expect((await config(id)).body.properties).toEqual({ ...properties, eventFilter: reversed });
  const { current } = (await read(id, "?expand=config.current")).body.config;
  expect(current.properties.eventFilter).toEqual(reversed);
});

test("integrationFilters: ignored lists all of them, whatever is asked for", async () => {
  const { create, all } = await startWith({ integrationFilters: "ignored" });
  await create();
  await create({ integrationType: { id: "webhook" } });
  expect(await all("?integrationType=webhook&ids=x&reportedState=ERROR")).toHaveLength(2);
});

test("expandConfig: listOnly, or nowhere", async () => {
  const { make, read, all, control } = await startWith({ expandConfig: "listOnly" });
  const id = await make();
  const expanded = async () => [
    "config" in (await all("?expand=config.current"))[0],
    "config" in (await read(id, "?expand=config.current")).body,
  ];
  expect(await expanded()).toEqual([true, false]);
  await control("PATCH", "/variants", { expandConfig: "nowhere" });
  expect(await expanded()).toEqual([false, false]);
});

test("nextUri: untilEmptyPage leads to an empty page, which ends the list", async () => {
  const { create, api } = await startWith({ nextUri: "untilEmptyPage" });
  await create({ integrationType: eventBridge });
  const first = (await api("GET", "/integrations?pageSize=1")).body;
  expect(first.entities).toHaveLength(1);
  const second = (await api("GET", first.nextUri.replace("/api/v2", ""))).body;
  expect(second.entities).toEqual([]);
  expect(second).not.toHaveProperty("nextUri");
});

test("topicTransports: false leaves them out though they are asked for", async () => {
  const { api } = await startWith({ topicTransports: false });
  const query = "?expand=transports,visibility";
  const { entities } = (await api("GET", `/notifications/availabletopics${query}`)).body;
  expect(new Set(entities.flatMap(Object.keys))).toEqual(new Set(["id", "visibility"]));
});
