/** Every switch of the public API, each turned from its default. */
import { expect, test } from "vitest";
import { eventBridge, properties, startWith, statesOf } from "./integrationsHarness.js";

const times = async <T>(count: number, call: () => Promise<T>): Promise<T[]> => {
  const results: T[] = [];
  for (let i = 0; i < count; i += 1) results.push(await call());
  return results;
};

test("unseenReads: the first GETs after a POST answer 404, writes and the list know better", async () => {
  const { create, read, config, all, configure } = await startWith({ unseenReads: 2, goneStatus: 410 });
  const { id } = (await create()).body;
  expect((await all()).length).toBe(1);
  expect((await configure(id, 1)).status).toBe(200);
  // Not 410: it is on its way, not gone.
  expect([(await read(id)).status, (await config(id)).status]).toEqual([404, 404]);
  expect([(await read(id)).status, (await config(id)).status]).toEqual([200, 200]);
});

test("staleConfigReads: GETs after a PUT show the configuration of before, the PUT's answer the new one", async () => {
  const { create, read, config, configure, control } = await startWith();
  const { id } = (await create()).body;
  await configure(id, 1);
  await control("PATCH", "/variants", { staleConfigReads: 2 });
  expect((await configure(id, 2, { name: "new" })).body).toMatchObject({ name: "new", version: 3 });
  expect((await config(id)).body).toMatchObject({ name: "voice", version: 2 });
  expect((await read(id, "?expand=config.current")).body).toMatchObject({
    name: "voice",
    config: { current: { name: "voice", version: 2 } },
  });
  expect((await config(id)).body).toMatchObject({ name: "new", version: 3 });
  expect((await read(id)).body.name).toBe("new");
});

test("staleStateReads: GETs after a PATCH show the states of before", async () => {
  const { create, configure, config, intend, states } = await startWith({
    staleStateReads: 2,
    transitionReads: 1,
  });
  const { id } = (await create()).body;
  await configure(id, 1);
  expect(statesOf((await intend(id, "ENABLED")).body)).toBe("ENABLED ACTIVATING");
  // The configuration shows no state, so it is no such read.
  await config(id);
  expect(await times(4, () => states(id))).toEqual([
    "DISABLED INACTIVE",
    "DISABLED INACTIVE",
    "ENABLED ACTIVATING",
    "ENABLED ACTIVE",
  ]);
});

test("transitionReads: GETs show a change under way before it ends", async () => {
  const { create, configure, intend, states } = await startWith({ transitionReads: 2 });
  const { id } = (await create()).body;
  await configure(id, 1);
  await intend(id, "ENABLED");
  const up = ["ENABLED ACTIVATING", "ENABLED ACTIVATING", "ENABLED ACTIVE"];
  expect(await times(3, () => states(id))).toEqual(up);
  await intend(id, "DISABLED");
  const down = ["DISABLED DEACTIVATING", "DISABLED DEACTIVATING", "DISABLED INACTIVE"];
  expect(await times(3, () => states(id))).toEqual(down);
});

test("deletedReads and deletedShown: GETs still answer after a DELETE, and keep the suffix", async () => {
  const { make, create, configure, erase, read, control } = await startWith({ deletedReads: 2 });
  const id = await make();
  const other = (await create()).body.id;
  expect((await erase(id)).body.intendedState).toBe("DELETED");
  expect((await read(id)).body.intendedState).toBe("DELETED");
  expect((await configure(id, 2)).status).toBe(404);
  expect((await erase(id)).status).toBe(404);
  await control("PATCH", "/variants", { deletedShown: "asBefore" });
  expect((await configure(other, 1)).status).toBe(400);
  expect((await read(id)).body.intendedState).toBe("ENABLED");
  expect((await read(id)).status).toBe(404);
  expect((await configure(other, 1)).status).toBe(200);
  expect((await erase(other)).body.intendedState).toBe("DISABLED");
});

test("suffixFreed: atOnce lets another have the suffix of one that is deleted but not gone", async () => {
  const { make, create, configure, erase } = await startWith({ deletedReads: 9, suffixFreed: "atOnce" });
  await erase(await make());
  const { id } = (await create()).body;
  expect((await configure(id, 1)).status).toBe(200);
});

test("goneStatus: 410 stands for 404", async () => {
  const { make, erase, read, config, intend } = await startWith({ goneStatus: 410 });
  const id = await make();
  await erase(id);
  for (const call of [read(id), config(id), intend(id, "ENABLED"), erase(id)]) {
    expect((await call).body).toMatchObject({ status: 410, code: "gone" });
  }
});

test("listDelaySeconds and readDelaySeconds let integrations lag, too", async () => {
  const { create, read, erase, all, advance } = await startWith({
    listDelaySeconds: 10,
    readDelaySeconds: 5,
  });
  const { id } = (await create()).body;
  const seen = async () => [(await all()).map(({ intendedState }) => intendedState), (await read(id)).status];
  expect(await seen()).toEqual([[], 404]);
  advance(5_000);
  expect(await seen()).toEqual([[], 200]);
  advance(5_000);
  expect(await seen()).toEqual([["DISABLED"], 200]);
  await erase(id);
  expect(await seen()).toEqual([["DELETED"], 200]);
  advance(5_000);
  expect(await seen()).toEqual([["DELETED"], 404]);
  advance(5_000);
  expect(await seen()).toEqual([[], 404]);
});

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

test("a count of reads is a whole number", async () => {
  const { control } = await startWith();
  for (const unseenReads of [-1, 0.5, "1"]) {
    expect((await control("PATCH", "/variants", { unseenReads })).status).toBe(400);
  }
});
