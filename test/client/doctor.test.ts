import { startSandbox } from "genesyscloud-sandbox";
import { describe, expect, onTestFinished, test } from "vitest";
import { checkPlatform } from "../../provider/src/doctor/platform.js";
import { readSettings } from "../../provider/src/settings.js";

/** Findings such as `ok scope asyncapi:job:read`, those that failed with what they say; and the calls that were made. */
async function examine(more: { secret?: string; scopes?: string[]; gateway?: string; fault?: object } = {}) {
  const sandbox = await startSandbox({ control: true });
  onTestFinished(() => sandbox.close());
  const control = (method: string, path: string, body?: object) =>
    fetch(`${sandbox.url}/__sandbox/${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
  if (more.scopes) await control("PATCH", "settings", { scopes: more.scopes });
  if (more.fault) await control("POST", "faults", more.fault);
  const settings = readSettings(
    {
      "genesyscloud:gateway": more.gateway ?? sandbox.url,
      "genesyscloud:oauthClientId": "sandbox-client",
      "genesyscloud:oauthClientSecret": more.secret ?? "sandbox-secret",
    },
    {},
  );
  const findings = await checkPlatform(settings);
  const calls = (await (await control("GET", "requests")).json()) as { method: string; path: string }[];
  return {
    states: findings.map(({ check, state }) => `${state} ${check}`),
    failed: findings.filter(({ state }) => state === "failed").map(({ message }) => message),
    calls: calls.map(({ method }) => method),
  };
}

describe("the platform", () => {
  test("is asked for a login and four looks, and nothing is changed", async () => {
    const { states, calls } = await examine();
    expect(states).toEqual([
      "ok Genesys Cloud",
      "ok credentials",
      "ok scope eventbridge:source:read",
      "ok scope eventbridge:topic:read",
      "ok scope eventbridge:target:read",
      "ok scope asyncapi:job:read",
      "skipped scope eventbridge:source:write",
    ]);
    expect(calls).toEqual(["POST", "GET", "GET", "GET", "GET"]);
  });

  test("names each scope that is missing, and where it is granted", async () => {
    const { states, failed } = await examine({
      scopes: ["eventbridge:source:read", "eventbridge:topic:read"],
    });
    expect(states.filter((each) => each.startsWith("failed"))).toEqual([
      "failed scope eventbridge:target:read",
      "failed scope asyncapi:job:read",
    ]);
    expect(failed[1]).toMatch(/asyncapi:job:read \(Genesys Cloud Admin > Integrations > OAuth/);
  });

  test("refuses wrong credentials: tried once, shown never", async () => {
    const { states, failed, calls } = await examine({ secret: "planted" });
    expect(states.slice(0, 3)).toEqual([
      "ok Genesys Cloud",
      "failed credentials",
      "skipped scope eventbridge:source:read",
    ]);
    expect(failed).toEqual([expect.stringMatching(/answered 401 .*Check the credentials\.$/)]);
    expect(failed.join()).not.toContain("planted");
    expect(calls).toEqual(["POST"]);
  });

  test("in trouble is said at once, without trying again", async () => {
    const fault = { match: { path: "/topics" }, times: "always", action: { kind: "answer", status: 503 } };
    const { states, calls } = await examine({ fault });
    expect(states).toContain("failed scope eventbridge:topic:read");
    expect(states).toContain("ok scope eventbridge:source:read");
    expect(calls).toHaveLength(5);
  });

  test("that does not answer is said with what to check", async () => {
    const { states, failed } = await examine({ gateway: "http://127.0.0.1:1" });
    expect(states.slice(0, 2)).toEqual(["failed Genesys Cloud", "skipped credentials"]);
    expect(failed[0]).toMatch(/^http:\/\/127\.0\.0\.1:1: .*Check the region, the gateway and the network/);
  });
});

test("without credentials it says how they are set, and asks nobody", async () => {
  const findings = await checkPlatform(readSettings({ "genesyscloud:region": "mypurecloud.de" }, {}));
  expect(findings.map(({ state }) => state).slice(0, 3)).toEqual(["skipped", "failed", "skipped"]);
  expect(findings[1]?.message).toContain("set genesyscloud:oauthClientId");
});
