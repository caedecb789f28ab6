/** Who may call the simulated organisation, how often, and how it refuses the rest. */
import { expect, test } from "vitest";
import { requestToken, send, startWithToken } from "./harness.js";

const topics = "/api/v2/eventbridge/topics";

test("a token needs the right client, grant and scheme", async () => {
  const { url } = await startWithToken();
  expect((await requestToken(url)).body).toEqual({
    access_token: expect.any(String),
    token_type: "bearer",
    expires_in: 86_400,
  });
  const refusals: [number, string, string, string?][] = [
    [400, "invalid_client", "stranger:sandbox-secret"],
    [401, "invalid_client", "sandbox-client:wrong"],
    [400, "unsupported_grant_type", "sandbox-client:sandbox-secret", "grant_type=password"],
    [400, "invalid_request", "sandbox-client:sandbox-secret", "scope=all"],
  ];
  for (const [status, error, credentials, form] of refusals) {
    const refused = await requestToken(url, credentials, form);
    expect(refused.status).toBe(status);
    expect(refused.body).toEqual({
      error,
      description: expect.any(String),
      error_description: refused.body.description,
    });
  }
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const anonymous = await send(url, "POST", "/oauth/token", "grant_type=client_credentials", form);
  expect(anonymous.status).toBe(401);
});

test("an API call without a known token is 401", async () => {
  const { url } = await startWithToken();
  const without = await send(url, "GET", topics);
  expect([without.status, without.body.code]).toEqual([401, "authentication.required"]);
  const wrong = await send(url, "GET", topics, undefined, { authorization: "Bearer wrong" });
  expect([wrong.status, wrong.body.code]).toEqual([401, "bad.credentials"]);
  expect(wrong.headers.get("inin-correlation-id")).toBe(wrong.body.contextId);
});

test("a token expires, and can be revoked", async () => {
  const { api, advance, renew, control } = await startWithToken({ expiresIn: 30 });
  advance(29_999);
  expect((await api("GET", "/eventbridge/topics")).status).toBe(200);
  advance(1);
  expect((await api("GET", "/eventbridge/topics")).status).toBe(401);
  await renew();
  expect((await api("GET", "/eventbridge/topics")).status).toBe(200);
  expect((await control("POST", "/tokens/revoke")).body.revoked).toBeGreaterThan(0);
  expect((await api("GET", "/eventbridge/topics")).status).toBe(401);
});

test.each([
  ["GET", "/eventbridge/sources", "eventbridge:source:read"],
  ["GET", "/eventbridge/sources/x", "eventbridge:source:read"],
  ["POST", "/eventbridge/sources", "eventbridge:source:write"],
  ["PUT", "/eventbridge/sources/x", "eventbridge:source:write"],
  ["DELETE", "/eventbridge/sources/x", "eventbridge:source:write"],
  ["GET", "/eventbridge/topics?pageSize=1", "eventbridge:topic:read"],
  ["GET", "/eventbridge/targets", "eventbridge:target:read"],
  ["GET", "/asyncapi/jobs/x", "asyncapi:job:read"],
])("%s %s needs the scope %s", async (method, path, scope) => {
  const { api, control } = await startWithToken();
  const all = [
    "eventbridge:source:write",
    "eventbridge:source:read",
    "eventbridge:topic:read",
    "eventbridge:target:read",
    "asyncapi:job:read",
  ];
  await control("PATCH", "/settings", { scopes: all.filter((one) => one !== scope) });
  const refused = await api(method, path);
  expect([refused.status, refused.body.code]).toEqual([403, "missing.any.permissions"]);
  expect(refused.body.message).toContain(`[${scope}]`);
  await control("PATCH", "/settings", { scopes: [scope] });
  expect((await api(method, path)).status).not.toBe(403);
});

test("calls are counted in fixed windows, one for each token", async () => {
  const options = { rateLimit: { allowed: 2, windowSeconds: 60 } };
  const { api, advance, renew } = await startWithToken(options);
  const limits = ({ headers }: { headers: Headers }) =>
    ["count", "allowed", "reset"].map((name) => headers.get(`inin-ratelimit-${name}`));
  expect(limits(await api("GET", "/eventbridge/topics"))).toEqual(["1", "2", "60"]);
  advance(17_500);
  expect(limits(await api("GET", "/nothing"))).toEqual(["2", "2", "43"]);
  const refused = await api("GET", "/eventbridge/topics");
  expect(refused.status).toBe(429);
  expect(limits(refused)).toEqual(["3", "2", "43"]);
  expect(refused.headers.get("retry-after")).toBe("43");
  expect(refused.body).toMatchObject({
    message: "Rate limit exceeded the maximum. Retry the request in [43] seconds",
    code: "too.many.requests.retry.after",
    status: 429,
    contextId: refused.headers.get("inin-correlation-id"),
    details: [],
    errors: [],
  });
  advance(42_500);
  expect((await api("GET", "/eventbridge/topics")).status).toBe(200);
  await api("GET", "/eventbridge/topics");
  await renew();
  expect(limits(await api("GET", "/eventbridge/topics"))).toEqual(["1", "2", "60"]);
});

test("what can't be routed or read is refused in the platform's shape", async () => {
  const { url, api } = await startWithToken();
  const shape = { contextId: expect.any(String), details: [], errors: [], messageParams: {} };
  expect((await api("GET", "/unknown")).body).toMatchObject({ ...shape, status: 404, code: "not.found" });
  expect((await send(url, "GET", "/")).body).toMatchObject({ ...shape, status: 404 });
  const method = await api("PATCH", "/eventbridge/sources/x", {});
  expect(method.body).toMatchObject({ ...shape, status: 405, code: "method.not.allowed" });
  expect(method.headers.get("allow")).toBe("GET, PUT, DELETE");
  const malformed = await api("POST", "/eventbridge/sources", '{"name":');
  expect(malformed.body).toMatchObject({ ...shape, status: 400, code: "invalid.json" });
  expect((await api("GET", "/eventbridge/topics/%zz")).body).toMatchObject({ ...shape, status: 400 });
  const xml = await send(url, "POST", "/oauth/token", "<a/>", { "content-type": "text/xml" });
  expect(xml.body).toMatchObject({ ...shape, status: 415 });
  const large = await api("POST", "/eventbridge/sources", { name: "n".repeat(2_000_000) });
  expect(large.body).toMatchObject({ ...shape, status: 413 });
});
