/** PUT of a configuration: what it replaces, and what is refused. */
import { expect, test } from "vitest";
import { configuration, properties, startWith } from "./integrationsHarness.js";

test("a PUT replaces the whole configuration and raises the version, also when nothing changes", async () => {
  const { create, configure, config } = await startWith();
  const { id } = (await create()).body;
  const full = { advanced: { a: 1 }, credentials: { basic: { id: "c-1" } }, notes: "n" };
  expect((await configure(id, 1, full)).body).toMatchObject({ ...full, version: 2 });
  expect((await configure(id, 2, full)).body.version).toBe(3);
  await configure(id, 3, { properties: {} });
  expect((await config(id)).body).toMatchObject(configuration(4, { properties: {} }));
});

test.each([0, 2, 99])("a PUT with version %i of a configuration at 1 is a conflict", async (version) => {
  const { create, configure, config } = await startWith();
  const { id } = (await create()).body;
  const refused = await configure(id, version);
  expect([refused.status, refused.body.code]).toEqual([409, "general.conflict"]);
  expect(refused.body).toMatchObject({ entityId: id, entityName: "integration" });
  expect((await config(id)).body).toMatchObject({ version: 1, properties: {} });
});

const fields = ["name", "version", "properties", "advanced", "notes", "credentials"];

test.each(fields)("a PUT without %s, or with null, is refused", async (field) => {
  const { create, configure } = await startWith();
  const { id } = (await create()).body;
  for (const value of [undefined, null]) {
    const refused = await configure(id, 1, { [field]: value });
    expect([refused.status, refused.body.details[0].fieldName]).toEqual([400, field]);
  }
});

test("every field that is not of its kind is named at once", async () => {
  const { create, api } = await startWith();
  const { id } = (await create()).body;
  const { body } = await api("PUT", `/integrations/${id}/config/current`, { version: "1", properties: [] });
  expect(body.details.map(({ fieldName }: { fieldName: string }) => fieldName)).toEqual(fields);
});

const topic = "v2.users.{id}.presence";

test.each([
  ["awsAccountId", "12345678901"],
  ["awsAccountId", "0123456789012"],
  ["awsAccountId", "01234567890a"],
  ["awsAccountId", 123456789012],
  ["awsAccountRegion", "euc1"],
  ["awsAccountRegion", "eu_central_1"],
  ["awsAccountRegion", ""],
  ["eventSourceSuffix", ""],
  ["eventSourceSuffix", "s".repeat(65)],
  ["eventSourceSuffix", "prod/voice"],
  ["eventFilter", topic],
  ["eventFilter", [topic, 7]],
  ["eventFilter", [topic, "v2.users.{userId}.presence"]],
  ["eventFilter", ["v2.users.{id}.Presence"]],
  ["eventFilter", ["v2.users.{id}.*"]],
  ["eventFilter", ["v2.users.{id}.geolocation"]],
])("a PUT refuses %s: %j", async (name, value) => {
  const { create, configure, config } = await startWith();
  const { id } = (await create()).body;
  const refused = await configure(id, 1, { properties: { ...properties, [name]: value } });
  expect([refused.status, refused.body.details[0].fieldName]).toEqual([400, name]);
  expect((await config(id)).body.version).toBe(1);
});

test.each([
  { eventSourceSuffix: "-sample-eb" },
  { eventSourceSuffix: "gc-" },
  { eventSourceSuffix: "S".repeat(64) },
  { awsAccountRegion: "us-gov-east-1" },
  { eventFilter: [] },
  { eventFilter: undefined },
  { eventFilter: ["v2.users.{id}.conversationsummary"] },
  { awsAccountRegion: undefined },
])("a PUT takes %j", async (change) => {
  const { create, configure } = await startWith();
  const { id } = (await create()).body;
  expect((await configure(id, 1, { properties: { ...properties, ...change } })).status).toBe(200);
});

test("account, region and suffix can be changed in place", async () => {
  const { make, configure } = await startWith();
  const id = await make();
  const other = { awsAccountId: "999999999999", awsAccountRegion: "us-east-1", eventSourceSuffix: "x" };
  const put = await configure(id, 2, { properties: { ...properties, ...other } });
  expect([put.status, put.body.properties]).toEqual([200, { ...properties, ...other }]);
});

test("a suffix belongs to one integration, until that one is gone", async () => {
  const { make, create, configure, erase } = await startWith();
  const first = await make();
  const { id } = (await create()).body;
  const refused = await configure(id, 1);
  expect([refused.status, refused.body.details[0].fieldName]).toEqual([400, "eventSourceSuffix"]);
  // Its own suffix is no other's.
  expect((await configure(first, 2)).status).toBe(200);
  await erase(first);
  expect((await configure(id, 1)).status).toBe(200);
});

test("an integration whose configuration is incomplete ends in ERROR, until it is completed", async () => {
  const { create, configure, intend, read, states } = await startWith();
  const { id } = (await create()).body;
  expect((await intend(id, "ENABLED")).status).toBe(200);
  const { reportedState } = (await read(id)).body;
  expect(reportedState).toMatchObject({
    code: "ERROR",
    effective: "Error",
    detail: { message: expect.stringContaining("awsAccountId, awsAccountRegion, eventSourceSuffix") },
  });
  await configure(id, 1);
  expect(await states(id)).toBe("ENABLED ACTIVE");
});

test("integrations of other types take any properties", async () => {
  const { create, configure, intend, states } = await startWith();
  const { id } = (await create({ integrationType: { id: "webhook" } })).body;
  expect((await configure(id, 1, { properties: { eventSourceSuffix: "/" } })).status).toBe(200);
  await intend(id, "ENABLED");
  expect(await states(id)).toBe("ENABLED ACTIVE");
});
