// biome-ignore-all lint/suspicious/noExplicitAny: tests look into bodies of every shape

/** The control plane's part in integrations: outcomes, back doors, faults, and what an organisation offers. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { eventBridge, properties, startWith, statesOf } from "./integrationsHarness.js";

test("state outcomes fall on the next changes of state, in order", async () => {
  const { create, configure, intend, states, read, control, advance } = await startWith();
  const { id } = (await create()).body;
  await configure(id, 1);
  const message = "The account 012345678901 is not known.";
  for (const outcome of [
    { code: "ERROR", message, times: 2 },
    { code: "WARMING_UP", meanwhile: "PROVISIONING", afterMs: 1000 },
    { code: "stuck" },
  ]) {
    expect((await control("POST", "/stateOutcomes", outcome)).status).toBe(201);
  }
  expect(statesOf((await intend(id, "ENABLED")).body)).toBe("ENABLED ERROR");
  expect((await read(id)).body.reportedState.detail).toEqual({ message });
  await intend(id, "ENABLED");
  expect((await control("GET", "/stateOutcomes")).body).toHaveLength(2);
  await intend(id, "ENABLED");
  expect(await states(id)).toBe("ENABLED PROVISIONING");
  advance(1000);
  expect(await states(id)).toBe("ENABLED WARMING_UP");
  await intend(id, "DISABLED");
  advance(1e7);
  expect(await states(id)).toBe("DISABLED DEACTIVATING");
  expect((await control("GET", "/stateOutcomes")).body).toEqual([]);
  expect(statesOf((await intend(id, "ENABLED")).body)).toBe("ENABLED ACTIVE");
});

test("a wrong state outcome is refused, and the queue can be emptied", async () => {
  const { control } = await startWith();
  for (const wrong of [{ code: "" }, { message: 7 }, { times: 0 }, { afterMs: -1 }, { meanwhile: null }]) {
    expect((await control("POST", "/stateOutcomes", wrong)).status).toBe(400);
  }
  await control("POST", "/stateOutcomes", { code: "ERROR" });
  await control("DELETE", "/stateOutcomes");
  expect((await control("GET", "/stateOutcomes")).body).toEqual([]);
});

test("integrations change behind the API's back, and /state shows the truth", async () => {
  const { control, read, config, all } = await startWith({ emptyNotes: "node_dynamodb_empty_string" });
  const made = await control("POST", "/integrations", { name: "by hand", properties });
  const { id } = made.body;
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    name: "by hand",
    notes: "",
    integrationType: eventBridge,
    intendedState: "ENABLED",
    reportedState: { code: "ACTIVE" },
    config: { current: { version: 1, properties } },
  });
  expect((await control("GET", "/state")).body.integrations).toEqual([made.body]);

  await control("PATCH", `/integrations/${id}`, { notes: "console", properties: { any: "thing" } });
  expect((await config(id)).body).toMatchObject({
    notes: "console",
    version: 2,
    properties: { any: "thing" },
  });
  await control("PATCH", `/integrations/${id}?keepVersion=1`, { notes: "silent" });
  expect((await config(id)).body).toMatchObject({ notes: "silent", version: 2 });
  await control("PATCH", `/integrations/${id}`, { intendedState: "DISABLED" });
  expect(statesOf((await read(id)).body)).toBe("DISABLED INACTIVE");
  const reportedState = { code: "ERROR", message: "The bus is gone." };
  await control("PATCH", `/integrations/${id}`, { reportedState });
  expect((await read(id)).body).toMatchObject({
    intendedState: "DISABLED",
    reportedState: { code: "ERROR", detail: { message: "The bus is gone." } },
  });
  expect((await config(id)).body.version).toBe(2);
  expect((await control("PATCH", `/integrations/${id}`, { note: "typo" })).status).toBe(400);

  expect((await control("DELETE", `/integrations/${id}`)).status).toBe(204);
  expect(await all()).toEqual([]);
  expect((await control("DELETE", `/integrations/${id}`)).status).toBe(404);
  expect((await control("PATCH", `/integrations/${id}`, {})).status).toBe(404);
});

test("a type can be missing, not to be installed, or capped", async () => {
  const { control, create, api } = await startWith();
  const type = "amazon-eventbridge-source";
  await control("PATCH", `/integrationTypes/${type}`, { maxInstances: 1 });
  await create();
  const capped = await create();
  expect([capped.status, capped.body.limit.value]).toEqual([400, 1]);
  expect(capped.body.message).toContain("maximum number of integrations");
  expect((await create({ integrationType: { id: "webhook" } })).status).toBe(200);

  await control("PATCH", `/integrationTypes/${type}`, { maxInstances: 9, nonInstallable: true });
  expect((await api("GET", `/integrations/types/${type}`)).body).toMatchObject({
    maxInstances: 9,
    nonInstallable: true,
  });
  expect((await create()).status).toBe(400);
  await control("DELETE", `/integrationTypes/${type}`);
  expect((await api("GET", `/integrations/types/${type}`)).status).toBe(404);
  expect((await create()).body.details[0].fieldName).toBe("integrationType.id");
});

test("topics come and go", async () => {
  const { control, create, configure, api } = await startWith();
  const { id } = (await create()).body;
  const put = (eventFilter: string[]) => configure(id, 1, { properties: { ...properties, eventFilter } });
  expect((await put(["v2.outbound.settings"])).status).toBe(400);
  await control("POST", "/availableTopics", { id: "v2.outbound.settings", transports: ["Websocket"] });
  expect((await put(["v2.outbound.settings"])).status).toBe(400);
  await control("PATCH", "/availableTopics/v2.outbound.settings", { transports: ["EventBridge"] });
  expect((await put(["v2.outbound.settings"])).status).toBe(200);
  await control("DELETE", "/availableTopics/v2.outbound.settings");
  const { entities } = (await api("GET", "/notifications/availabletopics")).body;
  expect(entities.some((topic: { id: string }) => topic.id === "v2.outbound.settings")).toBe(false);
});

const publicPaths = [
  "/integrations",
  "/integrations/types",
  "/integrations/x/config/current",
  "/notifications/availabletopics",
  "/organizations/me",
  "/tokens/me",
  "/authorization/subjects/me",
];
const eventBridgePaths = ["/eventbridge/sources", "/eventbridge/topics/topic-audits", "/asyncapi/jobs/x"];

test.each([
  ["eventbridge", publicPaths, eventBridgePaths],
  ["integrations", eventBridgePaths, publicPaths],
])("offers: %s answers 404 on every path of the other API", async (offers, absent, present) => {
  const { control, api } = await startWith();
  await control("PATCH", "/settings", { offers, permissions: [] });
  for (const path of absent) {
    const { status, body } = await api("GET", path);
    expect([status, body.code, body.entityId]).toEqual([404, "not.found", null]);
  }
  await control("PATCH", "/settings", { permissions: null });
  // An object may be missing; the path itself is there.
  for (const path of present) expect((await api("GET", path)).body?.entityId).not.toBe(null);
});

test("faults, log and rate limit are the same for both APIs", async () => {
  const { control, create, all, api } = await startWith();
  const match = { method: "POST", path: "/integrations$" };
  await control("POST", "/faults", [
    { match, action: { kind: "answerAfter", status: 503 } },
    { match, action: { kind: "resetAfter" } },
    { match, action: { kind: "answer", status: 429, headers: { "Retry-After": "7" } } },
  ]);
  expect((await create()).status).toBe(503);
  await expect(create()).rejects.toThrow();
  const refused = await create();
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "7"]);
  // Two were made, though nobody was told.
  expect(await all()).toHaveLength(2);
  const { body } = await control("GET", "/requests");
  const root = "/api/v2/integrations";
  const answered = body.map(({ method, route, status }: any) => `${method} ${route} ${status}`);
  expect(answered.slice(1)).toEqual([
    `POST ${root} 503`,
    `POST ${root} null`,
    `POST ${root} 429`,
    `GET ${root} 200`,
  ]);
  const before = Number((await api("GET", "/eventbridge/topics")).headers.get("inin-ratelimit-count"));
  const after = Number((await api("GET", "/integrations")).headers.get("inin-ratelimit-count"));
  expect(after).toBe(before + 1);
});

test("a reset takes integrations, types and topics back to the first day", async () => {
  const { create, control, api, all } = await startWith();
  await create();
  await control("DELETE", "/integrationTypes/webhook");
  await control("DELETE", "/availableTopics/v2.users.%7Bid%7D.presence");
  await control("POST", "/stateOutcomes", { code: "ERROR" });
  await control("PATCH", "/settings", { offers: "eventbridge", permissions: [] });
  await control("POST", "/reset");
  expect(await all()).toEqual([]);
  expect((await api("GET", "/integrations/types")).body.total).toBe(3);
  expect((await api("GET", "/notifications/availabletopics")).body.entities).toHaveLength(32);
  expect((await control("GET", "/stateOutcomes")).body).toEqual([]);
});

test("an organisation can begin with a few integrations, and has an id of its own", async () => {
  const { control, all, api } = await startWith({}, { exampleIntegrations: true, organizationId: "org-1" });
  expect(await all("?integrationType=amazon-eventbridge-source")).toHaveLength(2);
  expect(await all()).toHaveLength(4);
  expect((await api("GET", "/organizations/me")).body.id).toBe("org-1");
  await control("POST", "/reset");
  expect(await all()).toHaveLength(4);
});

test("a state file keeps integrations; one from before there were any gets them from the first day", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const stateFile = join(folder, "organisation.json");
  const first = await startWith({ transitionReads: 1 }, { stateFile });
  const id = await first.make();
  await first.close();

  const second = await startWith({}, { stateFile });
  expect(await second.states(id)).toBe("ENABLED ACTIVATING");
  expect(await second.states(id)).toBe("ENABLED ACTIVE");
  await second.close();

  const { integrations, integrationTypes, availableTopics, organization, ...older } = JSON.parse(
    readFileSync(stateFile, "utf8"),
  );
  expect(integrations).toHaveLength(1);
  writeFileSync(stateFile, JSON.stringify(older));
  const third = await startWith({}, { stateFile });
  expect(await third.all()).toEqual([]);
  expect((await third.api("GET", "/integrations/types")).body.total).toBe(integrationTypes.length);
  expect((await third.api("GET", "/organizations/me")).body.id).toBe(organization.id);
  expect((await third.api("GET", "/notifications/availabletopics")).body.entities).toHaveLength(
    availableTopics.length,
  );
});
