// biome-ignore-all lint/suspicious/noExplicitAny: tests look into bodies of every shape

/** What the public API only reads, and who may call what. */
import { expect, test } from "vitest";
import { startWith } from "./integrationsHarness.js";

test("types are listed, read, and have schemas", async () => {
  const { api } = await startWith();
  const list = (await api("GET", "/integrations/types?pageSize=2")).body;
  expect(list).toMatchObject({ total: 3, pageCount: 2, pageSize: 2 });
  const path = "/integrations/types/amazon-eventbridge-source";
  const type = (await api("GET", path)).body;
  expect(list.entities[0]).toEqual(type);
  expect(type).toMatchObject({
    id: "amazon-eventbridge-source",
    name: "Amazon EventBridge Source",
    nonInstallable: false,
    selfUri: `/api/v2${path}`,
    configPropertiesSchemaUri: `/api/v2${path}/configschemas/properties`,
  });
  const schema = (await api("GET", `${path}/configschemas/properties`)).body;
  expect(schema.required).toEqual(["awsAccountId", "awsAccountRegion", "eventSourceSuffix"]);
  expect(Object.keys(schema.properties)).toEqual([...schema.required, "eventFilter"]);
  expect((await api("GET", `${path}/configschemas/advanced`)).body.properties).toEqual({});
  for (const unknown of [`${path}/configschemas/other`, "/integrations/types/x"]) {
    expect((await api("GET", unknown)).status).toBe(404);
  }
});

const topicsPath = "/notifications/availabletopics";

test("every topic comes in one answer, with the fields that were asked for", async () => {
  const { api } = await startWith();
  const bare = (await api("GET", topicsPath)).body;
  expect(Object.keys(bare)).toEqual(["entities"]);
  expect(new Set(bare.entities.flatMap(Object.keys))).toEqual(new Set(["id"]));
  const find = async (query: string, id: string) =>
    (await api("GET", `${topicsPath}${query}`)).body.entities.find(
      (topic: { id: string }) => topic.id === id,
    );
  const audits = "v2.audits.entitytype.{id}.entityid.{id}";
  const expected = { id: audits, transports: ["All"], topicParameters: ["entityType", "entityId"] };
  expect(await find("?expand=transports,topicParameters", audits)).toEqual(expected);
  expect(await find("?expand=transports&expand=topicParameters,unknown", audits)).toEqual(expected);
  const all =
    "?expand=description,enforced,schema,visibility,transports,publicApiTemplateUriPaths,requiresPermissions,permissionDetails,topicParameters";
  expect(Object.keys(await find(all, audits))).toHaveLength(10);
});

test("topics differ in transport and visibility; preview ones can be left out", async () => {
  const { api } = await startWith();
  const topics = async (query = "") =>
    (await api("GET", `${topicsPath}?expand=transports,visibility${query}`)).body.entities as any[];
  const count = (found: any[], transport: string) =>
    found.filter(({ transports }) => transports.includes(transport)).length;
  const every = await topics();
  expect(every).toHaveLength(32);
  expect([count(every, "EventBridge"), count(every, "All"), count(every, "Websocket")]).toEqual([16, 13, 3]);
  const preview = every.filter(({ visibility }) => visibility === "Preview").map(({ id }) => id);
  expect(preview).toEqual(["v2.users.{id}.conversationsummary"]);
  const published = await topics("&includePreview=false");
  expect(published).toHaveLength(31);
  expect(await topics("&includePreview=true")).toEqual(every);
});

test("organisation, token and subject tell where one is and what one may do", async () => {
  const { api, control } = await startWith();
  const organization = (await api("GET", "/organizations/me")).body;
  expect(organization).toMatchObject({ id: expect.stringMatching(/^[0-9a-f-]{36}$/), name: "Sandbox" });
  const { id, name } = organization;
  const token = (await api("GET", "/tokens/me")).body;
  expect(token).toMatchObject({ organization: { id, name }, OAuthClient: { id: "sandbox-client" } });
  expect(token.authorizedScope).toContain("integrations");
  const policies = async () =>
    (await api("GET", "/authorization/subjects/me")).body.grants.flatMap(({ role }: any) => role.policies);
  const policy = { domain: "integrations", entityName: "integration" };
  expect(await policies()).toEqual([{ ...policy, actions: ["add", "delete", "edit", "view"] }]);
  const view = "integrations:integration:view";
  await control("PATCH", "/settings", { scopes: ["organization:readonly"], permissions: [view] });
  expect((await api("GET", "/tokens/me")).body.authorizedScope).toEqual(["organization:readonly"]);
  expect(await policies()).toEqual([{ ...policy, actions: ["view"] }]);
});

const calls: [method: string, path: string, permission: string][] = [
  ["POST", "/integrations", "add"],
  ["GET", "/integrations?integrationType=x", "view"],
  ["GET", "/integrations/x", "view"],
  ["PATCH", "/integrations/x", "edit"],
  ["DELETE", "/integrations/x", "delete"],
  ["GET", "/integrations/x/config/current", "view"],
  ["PUT", "/integrations/x/config/current", "edit"],
  ["GET", "/integrations/types", "view"],
  ["GET", "/integrations/types/x", "view"],
  ["GET", "/integrations/types/x/configschemas/properties", "view"],
];

test.each(calls)("%s %s needs the permission to %s", async (method, path, action) => {
  const { api, control } = await startWith();
  const permission = `integrations:integration:${action}`;
  const all = ["add", "delete", "edit", "view"].map((one) => `integrations:integration:${one}`);
  await control("PATCH", "/settings", { permissions: all.filter((one) => one !== permission) });
  const refused = await api(method, path);
  expect([refused.status, refused.body.code]).toEqual([403, "missing.any.permissions"]);
  expect(refused.body.message).toContain(`[${permission}]`);
  expect(refused.body.messageParams).toEqual({ permissions: `[${permission}]` });
  await control("PATCH", "/settings", { permissions: [permission] });
  expect((await api(method, path)).status).not.toBe(403);
});

test.each([
  ["GET", "/integrations", ["integrations", "integrations:readonly"], ["notifications"]],
  ["DELETE", "/integrations/x", ["integrations"], ["integrations:readonly"]],
  ["GET", topicsPath, ["notifications", "notifications:readonly"], ["integrations"]],
  ["GET", "/organizations/me", ["organization", "organization:readonly"], ["integrations"]],
])("%s %s needs one of the scopes %j where they are enforced", async (method, path, enough, others) => {
  const { api, control } = await startWith();
  await control("PATCH", "/settings", { scopes: others });
  expect((await api(method, path)).status).not.toBe(403);
  await control("PATCH", "/variants", { publicScopes: "enforced" });
  const refused = await api(method, path);
  expect([refused.status, refused.body.messageParams.permissions]).toEqual([403, `[${enough.join(", ")}]`]);
  for (const scope of enough) {
    await control("PATCH", "/settings", { scopes: [scope] });
    expect((await api(method, path)).status).not.toBe(403);
  }
  await control("PATCH", "/settings", { scopes: [] });
  for (const always of ["/tokens/me", "/authorization/subjects/me"]) {
    expect((await api("GET", always)).status).toBe(200);
  }
});

test("topics, organisation, token and subject need no permission", async () => {
  const { api, control } = await startWith();
  await control("PATCH", "/settings", { permissions: [] });
  for (const path of [topicsPath, "/organizations/me", "/tokens/me", "/authorization/subjects/me"]) {
    expect((await api("GET", path)).status).toBe(200);
  }
});
