/** The life of an integration, and the list of them, with every switch at its default. */
import { expect, test } from "vitest";
import { configuration, eventBridge, properties, startWith, statesOf } from "./integrationsHarness.js";

test("an integration is made, configured, enabled, disabled and deleted", async () => {
  const { create, read, config, configure, intend, erase } = await startWith();
  const made = await create();
  const { id } = made.body;
  const selfUri = `/api/v2/integrations/${id}`;
  const type = "/api/v2/integrations/types/amazon-eventbridge-source";
  expect(made.status).toBe(200);
  expect(made.body).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    name: "voice",
    integrationType: { ...eventBridge, name: "Amazon EventBridge Source", selfUri: type },
    notes: "",
    intendedState: "DISABLED",
    reportedState: {
      code: "INACTIVE",
      effective: "Inactive",
      detail: { message: "" },
      lastUpdated: "2030-01-01T00:00:00.000Z",
    },
    attributes: {},
    selfUri,
  });
  expect((await read(id)).body).toEqual(made.body);
  const empty = { ...configuration(1, { properties: {} }), id, selfUri: `${selfUri}/config/current` };
  expect((await config(id)).body).toEqual(empty);

  const put = await configure(id, 1, { name: "calls", notes: "Of the call centre" });
  expect([put.status, put.body]).toEqual([
    200,
    { ...empty, name: "calls", notes: "Of the call centre", properties, version: 2 },
  ]);
  expect((await config(id)).body).toEqual(put.body);
  expect((await read(id)).body).toMatchObject({ name: "calls", notes: "Of the call centre" });

  const enabled = await intend(id, "ENABLED");
  expect([enabled.status, statesOf(enabled.body)]).toEqual([200, "ENABLED ACTIVE"]);
  expect(statesOf((await intend(id, "DISABLED")).body)).toBe("DISABLED INACTIVE");
  await intend(id, "ENABLED");

  const deleted = await erase(id);
  expect(deleted.status).toBe(200);
  expect(deleted.body).toMatchObject({ id, name: "calls", intendedState: "DELETED" });
  expect((await read(id)).body).toMatchObject({ status: 404, code: "not.found", entityId: id });
  for (const gone of [config(id), configure(id, 2), intend(id, "ENABLED"), erase(id)]) {
    expect((await gone).status).toBe(404);
  }
});

test("enabling and disabling take the time that is set", async () => {
  const { create, configure, intend, states, read, advance } = await startWith({}, { stateChangeMs: 3000 });
  const { id } = (await create()).body;
  await configure(id, 1);
  expect(statesOf((await intend(id, "ENABLED")).body)).toBe("ENABLED ACTIVATING");
  advance(2999);
  expect(await states(id)).toBe("ENABLED ACTIVATING");
  // Said again, it begins nothing anew.
  await intend(id, "ENABLED");
  advance(1);
  expect(await states(id)).toBe("ENABLED ACTIVE");
  expect((await read(id)).body.reportedState.lastUpdated).toBe("2030-01-01T00:00:03.000Z");
  await intend(id, "DISABLED");
  expect(await states(id)).toBe("DISABLED DEACTIVATING");
  advance(3000);
  expect(await states(id)).toBe("DISABLED INACTIVE");
});

test("a PUT leaves an active integration active, and a deleted one may have been enabled", async () => {
  const { make, configure, states, erase } = await startWith({}, { stateChangeMs: 0 });
  const id = await make();
  expect((await configure(id, 2, { notes: "changed" })).body.version).toBe(3);
  expect(await states(id)).toBe("ENABLED ACTIVE");
  expect((await erase(id)).status).toBe(200);
});

test("a PATCH changes nothing but the intended state, and takes two values only", async () => {
  const { api, make, read, intend } = await startWith();
  const id = await make();
  const before = (await read(id, "?expand=config.current")).body;
  const patched = await api("PATCH", `/integrations/${id}?expand=config.current`, {
    ...before,
    name: "other",
    notes: "other",
    config: { current: { properties: {} } },
    reportedState: { code: "ERROR" },
  });
  expect(patched.body).toEqual(before);
  for (const wrong of [undefined, "DELETED", "RESTORED", "enabled", "PAUSED"]) {
    const refused = await intend(id, wrong);
    expect(refused.status).toBe(400);
    expect(refused.body.details[0].fieldName).toBe("intendedState");
  }
  expect((await read(id, "?expand=config.current")).body).toEqual(before);
});

test("a name that is left out is the type's, with a number when it is taken; given names need not be unique", async () => {
  const { create, all } = await startWith();
  for (let i = 0; i < 3; i += 1) await create({ integrationType: eventBridge });
  await create();
  await create();
  expect((await all()).map(({ name }) => name)).toEqual([
    "Amazon EventBridge Source",
    "Amazon EventBridge Source (1)",
    "Amazon EventBridge Source (2)",
    "voice",
    "voice",
  ]);
});

test.each([
  [{ name: "voice" }, "integrationType.id"],
  [{ integrationType: null }, "integrationType.id"],
  [{ integrationType: { id: "amazon" } }, "integrationType.id"],
  [{ name: "", integrationType: eventBridge }, "name"],
  [{ name: 7, integrationType: eventBridge }, "name"],
])("POST refuses %j for its %s", async (body, field) => {
  const { create, all } = await startWith();
  const refused = await create(body);
  expect([refused.status, refused.body.details[0].fieldName]).toEqual([400, field]);
  expect(refused.body.contextId).toBe(refused.headers.get("inin-correlation-id"));
  expect(await all()).toEqual([]);
});

test("the list is filtered by type, ids, reported state and credential", async () => {
  const { create, make, all, configure, api } = await startWith();
  const active = await make();
  const fresh = (await create()).body.id;
  const hook = (await create({ integrationType: { id: "webhook" } })).body.id;
  await configure(hook, 1, { properties: { any: 1 }, credentials: { basic: { id: "c-1" } } });
  const found = async (query: string) => (await all(query)).map(({ id }) => id);
  expect(await found("")).toEqual([active, fresh, hook]);
  expect(await found("?integrationType=amazon-eventbridge-source")).toEqual([active, fresh]);
  expect(await found(`?ids=${active},${hook}`)).toEqual([active, hook]);
  expect(await found(`?ids=${active}&ids=${hook}&integrationType=webhook`)).toEqual([hook]);
  expect(await found("?reportedState=active")).toEqual([active]);
  expect(await found("?credentialId=c-1")).toEqual([hook]);
  const tooMany = await api("GET", `/integrations?ids=${Array(101).fill("x").join(",")}`);
  expect(tooMany.status).toBe(400);
});

test("expand=config.current adds the configuration, in the list and by id", async () => {
  const { make, read, all, config } = await startWith();
  const id = await make();
  const { body } = await config(id);
  expect((await all())[0]).not.toHaveProperty("config");
  expect((await read(id)).body).not.toHaveProperty("config");
  for (const query of [
    "?expand=config.current",
    "?expand=x,config.current",
    "?expand=x&expand=config.current",
  ]) {
    expect((await all(query))[0].config).toEqual({ current: body });
    expect((await read(id, query)).body.config).toEqual({ current: body });
  }
});

test("pages hold 25 or as many as asked, bear the query on, and end without nextUri or empty", async () => {
  const { control, api } = await startWith();
  for (let i = 0; i < 26; i += 1) await control("POST", "/integrations", { name: `n${i}` });
  const first = (await api("GET", "/integrations?integrationType=amazon-eventbridge-source")).body;
  expect(first).toMatchObject({ pageSize: 25, pageNumber: 1, total: 26, pageCount: 2 });
  expect(first.entities).toHaveLength(25);
  const next = "/integrations?pageSize=25&pageNumber=2&integrationType=amazon-eventbridge-source";
  expect(first.nextUri).toBe(`/api/v2${next}`);
  const second = (await api("GET", next)).body;
  expect(second.entities.map(({ name }: { name: string }) => name)).toEqual(["n25"]);
  expect(second).not.toHaveProperty("nextUri");
  const third = await api("GET", "/integrations?pageNumber=3");
  expect([third.status, third.body.entities]).toEqual([200, []]);
  expect((await api("GET", "/integrations?pageSize=999")).body.entities).toHaveLength(26);
  for (const wrong of ["pageSize=0", "pageSize=1000", "pageNumber=0", "pageNumber=x"]) {
    expect((await api("GET", `/integrations?${wrong}`)).status).toBe(400);
  }
});
