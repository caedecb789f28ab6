/** What doctor finds out about the login, scopes and permissions of an organisation, without changing anything in it. */
import { startSandbox } from "genesyscloud-sandbox";
import { describe, expect, onTestFinished, test } from "vitest";
import { checkPlatform } from "../../provider/src/doctor/platform.js";
import { readSettings } from "../../provider/src/settings.js";

/** Findings such as `ok scope asyncapi:job:read`, those that failed with what they say; and the calls that were made. */
async function examine(
  more: {
    secret?: string;
    scopes?: string[];
    settings?: object;
    gateway?: string;
    fault?: object;
    withoutType?: boolean;
  } = {},
) {
  const sandbox = await startSandbox({ control: true });
  onTestFinished(() => sandbox.close());
  const control = (method: string, path: string, body?: object) =>
    fetch(`${sandbox.url}/__sandbox/${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
  if (more.scopes) await control("PATCH", "settings", { scopes: more.scopes });
  if (more.settings) await control("PATCH", "settings", more.settings);
  if (more.withoutType) await control("DELETE", "integrationTypes/amazon-eventbridge-source");
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
    messages: Object.fromEntries(findings.map(({ check, message }) => [check, message])),
  };
}

describe("the platform", () => {
  test("is asked for a login and eight looks, and nothing is changed", async () => {
    const { states, calls } = await examine();
    expect(states).toEqual([
      "ok Genesys Cloud",
      "ok credentials",
      "ok EventBridge sources",
      "ok scope eventbridge:source:read",
      "ok scope eventbridge:topic:read",
      "ok scope eventbridge:target:read",
      "ok scope asyncapi:job:read",
      "ok scope eventbridge:source:write",
      "ok EventBridge integrations",
      "ok permission integrations:integration:view",
      "ok permission integrations:integration:add",
      "ok permission integrations:integration:edit",
      "ok permission integrations:integration:delete",
      "ok integration type amazon-eventbridge-source",
    ]);
    expect(calls).toEqual(["POST", ...Array.from({ length: 8 }, () => "GET")]);
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

  test("that tells of no scopes is not asked to change anything", async () => {
    const { states } = await examine({
      fault: { match: { path: "/tokens/me" }, action: { kind: "answer", status: 404 } },
    });
    expect(states).toContain("skipped scope eventbridge:source:write");
  });

  test("says which permissions of the role are missing, and where they are added", async () => {
    const { states, failed, messages } = await examine({
      settings: { permissions: ["integrations:integration:view", "integrations:integration:add"] },
    });
    expect(states.filter((each) => each.startsWith("failed"))).toEqual([
      "failed permission integrations:integration:edit",
      "failed permission integrations:integration:delete",
    ]);
    expect(failed[0]).toMatch(/^missing: add it \(a role of the OAuth client, under Genesys Cloud Admin/);
    expect(messages["permission integrations:integration:add"]).toBe("granted");
  });

  test("that lets a client work with one kind alone is no failure", async () => {
    const { states, failed } = await examine({ settings: { permissions: [] } });
    expect(failed).toEqual([]);
    expect(states.filter((each) => each.startsWith("warning"))).toHaveLength(5);
    const other = await examine({ scopes: [] });
    expect(other.failed).toEqual([]);
    expect(other.states).toContain("warning scope eventbridge:topic:read");
    const neither = await examine({ settings: { scopes: [], permissions: [] } });
    expect(neither.failed.length).toBeGreaterThan(5);
  });

  test.each([
    ["eventbridge", "sources", "skipped EventBridge integrations", "use EventBridgeSource"],
    ["integrations", "integrations", "skipped EventBridge sources", "use EventBridgeIntegration"],
  ])(
    "that offers %s alone has %s, and the other kind is named in one line",
    async (offers, there, line, use) => {
      const { states, failed, messages } = await examine({ settings: { offers } });
      expect(failed).toEqual([]);
      expect(states).toContain(`ok EventBridge ${there}`);
      expect(states).toContain(line);
      expect(messages[line.replace("skipped ", "")]).toMatch(`This organisation does not offer`);
      expect(messages[line.replace("skipped ", "")]).toMatch(use);
    },
  );

  test("that offers neither fails", async () => {
    const fault = { match: { path: "/api/" }, times: "always", action: { kind: "answer", status: 404 } };
    const { failed } = await examine({ fault });
    expect(failed).toHaveLength(2);
  });

  test("without the integration type says where it is installed", async () => {
    const { failed } = await examine({ withoutType: true });
    expect(failed).toEqual([
      'not installed: install "Amazon EventBridge Source" from Genesys AppFoundry, under Genesys Cloud Admin > Integrations',
    ]);
  });

  test("refuses wrong credentials: tried once, shown never", async () => {
    const { states, failed, calls } = await examine({ secret: "planted" });
    expect(states.slice(0, 3)).toEqual([
      "ok Genesys Cloud",
      "failed credentials",
      "skipped EventBridge sources",
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
    expect(calls).toHaveLength(9);
  });

  test("that leaves one call unanswered is looked at in all else", async () => {
    const fault = { match: { path: "/topics" }, times: "always", action: { kind: "resetBefore" } };
    const { states, failed } = await examine({ fault });
    expect(states).toHaveLength(14);
    expect(states.filter((each) => !each.startsWith("ok"))).toEqual(["failed scope eventbridge:topic:read"]);
    expect(failed).toEqual([expect.stringMatching(/^GET \/api\/v2\/eventbridge\/topics got no answer/)]);
  });

  test("that does not answer for a kind at all does not pass for one that offers it", async () => {
    const fault = {
      match: { path: "/api/v2/integrations" },
      times: "always",
      action: { kind: "resetBefore" },
    };
    const { states, messages } = await examine({ fault });
    expect(states.slice(0, 3)).toEqual(["ok Genesys Cloud", "ok credentials", "ok EventBridge sources"]);
    expect(states).toContain("skipped EventBridge integrations");
    expect(states).toContain("warning permission integrations:integration:view");
    expect(messages["EventBridge integrations"]).toBe(
      "no call on them was answered: whether this organisation offers them is not told",
    );
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
