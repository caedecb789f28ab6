/** What doctor says of versions, settings, explicit providers, the audit log, the outbox and the webhook's address. */
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { about, isolated } from "../../../../provider/src/doctor/finding.js";
import { checkPlatform } from "../../../../provider/src/doctor/platform.js";
import { checkProviders, providersAmong } from "../../../../provider/src/doctor/providers.js";
import { checkAuditLog, checkOtlp, checkOutbox } from "../../../../provider/src/doctor/records.js";
import { checkSettings } from "../../../../provider/src/doctor/settings.js";
import { checkCli, checkNode, checkSdk } from "../../../../provider/src/doctor/versions.js";
import { checkWebhook } from "../../../../provider/src/doctor/webhook.js";
import { openChain } from "../../../../provider/src/hooks/audit/chain.js";
import { openOutbox } from "../../../../provider/src/hooks/webhook/outbox.js";
import type { Settings } from "../../../../provider/src/settings.js";
import { SETTINGS } from "../support/context.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "doctor-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("explicit providers are named, others of the engine's are not, and a stack with them may do without credentials", async () => {
  const provider = (name: string, inputs: object) => ({
    ...{ urn: `urn:${name}`, type: "pulumi:providers:pulumi-nodejs" },
    inputs: inputs as Record<string, unknown>,
  });
  const resources = [
    provider("default", {}),
    provider("emea", { "genesyscloud:__name": "emea" }),
    { ...provider("aws", { "genesyscloud:__name": "x" }), type: "pulumi:providers:aws" },
    provider("apac", { "genesyscloud:__name": "apac" }),
  ];
  const names = providersAmong(resources);
  expect(names).toEqual(["emea", "apac"]);
  expect(checkProviders(names)).toMatchObject([
    { state: "skipped", message: expect.stringMatching(/^emea, apac: .*the stack's own settings/) },
  ]);
  expect(checkProviders([])).toEqual([]);
  const credentialsOf = async (providers: string[]) =>
    (await checkPlatform({ ...SETTINGS, credentials: undefined }, providers)).find(
      ({ check }) => check === "credentials",
    );
  expect(await credentialsOf(names)).toMatchObject({ state: "skipped" });
  expect(await credentialsOf([])).toMatchObject({ state: "failed" });
});

describe("versions", () => {
  test.each([
    ["20.17.0", "ok"],
    ["24.1.0", "ok"],
    ["20.16.9", "failed"],
    ["18.20.0", "failed"],
  ])("Node %s is %s", (version, state) => {
    expect(checkNode(version).state).toBe(state);
  });

  test("a CLI that cannot import still runs everything else; none runs nothing", () => {
    expect(checkCli("3.259.0", undefined)).toMatchObject({ state: "ok", message: "3.259.0" });
    expect(checkCli("3.200.0", "too old").state).toBe("warning");
    expect(checkCli(undefined, "none").state).toBe("failed");
  });

  test("the SDK is the one that the program finds", () => {
    expect(checkSdk(folder)).toMatchObject({
      state: "failed",
      message: expect.stringContaining("npm install"),
    });
    const sdk = (version: string) => {
      const place = join(folder, "node_modules/@pulumi/pulumi");
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, "package.json"), JSON.stringify({ version }));
      const inside = mkdtempSync(join(folder, "project-"));
      return checkSdk(inside);
    };
    expect(sdk("3.248.0")).toMatchObject({ state: "ok", message: "3.248.0" });
  });

  test("an SDK that is too old is named", () => {
    const place = join(folder, "node_modules/@pulumi/pulumi");
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "package.json"), '{"version":"3.100.0"}');
    expect(checkSdk(folder)).toMatchObject({
      state: "failed",
      message: "@pulumi/pulumi 3.100.0 is not >=3.216.0 <4: npm install @pulumi/pulumi",
    });
  });
});

describe("a check that comes to no end of its own", () => {
  const failed = (error: unknown) =>
    isolated("audit log", () => {
      throw error;
    });

  test("is one line that says so, whatever was thrown", async () => {
    expect(await failed(new RangeError("Invalid\n  string length"))).toEqual([
      about("audit log").failed("cannot be looked at: Invalid; string length"),
    ]);
    expect(await failed(undefined)).toEqual([about("audit log").failed("cannot be looked at: undefined")]);
    expect(await isolated("outbox", () => Promise.reject(new Error("late")))).toEqual([
      about("outbox").failed("cannot be looked at: late"),
    ]);
  });

  test("is no matter for one that does, with one finding or several", async () => {
    const [one, other] = [about("a").ok("1"), about("a").warning("2")];
    expect(await isolated("a", () => one)).toEqual([one]);
    expect(await isolated("a", async () => [one, other])).toEqual([one, other]);
  });
});

describe("the settings", () => {
  const check = (
    config: Record<string, string>,
    environment: Record<string, string> = {},
    project?: string,
  ) =>
    checkSettings(config, environment, project).findings.map(({ state, message }) => `${state}: ${message}`);

  test("that can be used are one line", () => {
    expect(check({ "genesyscloud:region": "eu-west-1", "genesyscloud:sdkDebug": "true" })).toEqual([
      "ok: every key of this package can be used",
    ]);
  });

  test("that cannot are one line as well, and nothing to go on with", () => {
    const { settings, findings } = checkSettings(
      { "genesyscloud:regoin": "x", "genesyscloud:maxRetries": "many" },
      {},
      undefined,
    );
    expect(settings).toBeUndefined();
    expect(findings).toEqual([
      expect.objectContaining({
        state: "failed",
        message: expect.stringMatching(/regoin: .*; genesyscloud:maxRetries: /),
      }),
    ]);
  });

  test("tell what was taken off, what is nobody's, and what goes out in clear", () => {
    const planted = "planted-secret";
    const said = check(
      {
        "genesyscloud:oauthClientId": "id",
        "genesyscloud:oauthClientSecret": `${planted}\r\n`,
        "genesyscloud:environment": "dev",
      },
      { GENESYSCLOUD_GATEWAY_HOST: "gw.example.com", GENESYSCLOUD_GATEWAY_PROTOCOL: "http" },
    );
    expect(said).toEqual([
      "ok: every key of this package can be used",
      expect.stringMatching(/^warning: genesyscloud:environment: not known to this package/),
      expect.stringMatching(/^warning: the gateway http:\/\/gw\.example\.com .*the client secret/),
      "warning: genesyscloud:oauthClientSecret ends in a line break, which is taken off: set it anew without",
    ]);
    expect(said.join()).not.toContain(planted);
  });

  test("of a project that is called like the namespace may be its own", () => {
    expect(check({ "genesyscloud:environment": "dev" }, {}, "genesyscloud")).toHaveLength(1);
  });
});

describe("the audit log", () => {
  const check = (file?: string) =>
    checkAuditLog(
      { ...SETTINGS, auditLog: { ...(file === undefined ? {} : { file }), otlp: false } },
      folder,
    );
  const entry = {
    event_type: "eventbridge_source_registration",
    source_id: null,
    name: "orders",
    urn: null,
    job_id: null,
    final_status: null,
    validation_success: null,
    latency_seconds: null,
    retry_count: null,
    timestamp: "2030-01-01T00:00:00.000Z",
  };

  test("switched off, or not begun, is fine, and looking makes nothing", async () => {
    expect(await check()).toMatchObject({ state: "ok", message: "switched off" });
    expect(await check("new/audit.jsonl")).toMatchObject({ state: "ok" });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("is intact, torn, or edited", async () => {
    const path = join(folder, "audit.jsonl");
    const chain = openChain(path, () => {});
    await chain.append(entry);
    expect(await check("audit.jsonl")).toMatchObject({ state: "ok", message: `${path}: intact, 1 records` });
    appendFileSync(path, '{"half');
    expect(await check("audit.jsonl")).toMatchObject({ state: "warning" });
    writeFileSync(path, "{}\n");
    expect(await check("audit.jsonl")).toMatchObject({
      state: "failed",
      message: expect.stringContaining('"genesyscloud-eventbridge audit verify" says more'),
    });
  });

  test("that cannot be written is said with what to do", async () => {
    writeFileSync(join(folder, "a-file"), "");
    expect(await check("a-file/audit.jsonl")).toMatchObject({
      state: "failed",
      message: expect.stringMatching(
        /cannot be written .*a-file is no folder.* Make it writable, or set genesyscloud:auditLog/,
      ),
    });
  });
});

test("an exporter is looked for where records are to go to a collector, and only there", () => {
  const check = (otlp: boolean, environment = {}) =>
    checkOtlp({ ...SETTINGS, auditLog: { file: "audit.jsonl", otlp } }, environment);
  expect(check(false)).toEqual([]);
  expect(check(true)).toEqual([about("OpenTelemetry").ok("the exporter is installed")]);
  expect(check(true, { OTEL_EXPORTER_OTLP_PROTOCOL: "carrier-pigeon" })).toMatchObject([{ state: "failed" }]);
});

test("notices that wait are counted, and how they are sent is said", async () => {
  const settings: Settings = { ...SETTINGS, auditLog: { file: "audit.jsonl", otlp: false } };
  expect(await checkOutbox(settings, folder)).toMatchObject({ state: "ok" });
  await openOutbox(join(folder, "audit.outbox"), () => {}).put({ id: "msg_1", source: "s" } as never);
  expect(await checkOutbox(settings, folder)).toMatchObject({
    state: "warning",
    message: expect.stringMatching(
      /^1 notice waits in .*: send with "genesyscloud-eventbridge webhook redeliver"$/,
    ),
  });
});

describe("the webhook", () => {
  const check = async (settings: Partial<Settings>) => {
    const findings = await checkWebhook({ ...SETTINGS, ...settings });
    expect(JSON.stringify(findings)).not.toContain("planted");
    return findings.map(({ state, message }) => `${state}: ${message}`);
  };

  test("that is not configured is nothing to mend", async () => {
    expect((await check({})).map((each) => each.split(":")[0])).toEqual(["skipped", "skipped"]);
  });

  test("at a private address is refused, unless that is allowed", async () => {
    const webhookUrl = "http://127.0.0.1/planted";
    expect(await check({ webhookUrl })).toEqual([
      "failed: its address leads to a loopback one, which is refused unless genesyscloud:webhookAllowPrivate is true",
      expect.stringMatching(/^warning: notices are not signed/),
    ]);
    expect(await check({ webhookUrl, webhookAllowPrivate: true, webhookSecrets: ["planted"] })).toEqual([
      "ok: its host is found",
      "ok: one secret",
    ]);
  });

  test("whose host does not exist, or that is not encrypted, is said", async () => {
    const [missing] = await check({ webhookUrl: "https://planted.invalid/" });
    expect(missing).toMatch(/^failed: its host is not found \(\w+\): check genesyscloud:webhookUrl$/);
    const [plain] = await check({ webhookUrl: "http://93.184.215.14/planted" });
    expect(plain).toBe("warning: notices go out unencrypted: use an https address");
  });
});
