/** A platform that says what it likes: it repeats every secret in every form, at any length, with signs for a terminal. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { checkPlatform } from "../../provider/src/doctor/platform.js";
import { SOURCE } from "../../provider/src/eventBridgeSource/kind.js";
import { createClient } from "../../provider/src/genesys/client.js";
import { machineTime } from "../../provider/src/genesys/time.js";
import { withHooks } from "../../provider/src/hooks/withHooks.js";
import { takeIn } from "../../provider/src/importing/imported.js";
import { lifecycleHooks } from "../../provider/src/lifecycleHooks.js";
import { dynamicProvider } from "../../provider/src/pulumi/dynamicProvider.js";
import { createLog } from "../../provider/src/pulumi/log.js";
import { hidingSecretsOf } from "../../provider/src/secrets.js";
import { clientOptions, readSettings } from "../../provider/src/settings.js";
import { fakeContext } from "../unit/provider/support/context.js";
import { createSourceHandler, inputsWith, stateWith, URN } from "../unit/provider/support/source.js";
import { startReceiver } from "./receiver.js";
import { serve } from "./support.js";

/** 100 kB of which no part is the same as another. */
const long = (seed: number) =>
  Array.from({ length: 5_000 }, (_, at) => `planted-${seed}-${at * 7_919} "ü" /`).join("");
const CLIENT_SECRET = long(1)
  .replaceAll(/[^\w-]/g, "")
  .slice(0, 8_000);
const DESCRIPTION = long(2);
const VALUE = "planted & short/1";
const TARGET = "planted-target-0815";

/** Whatever is said of a request: every secret as it is, cut, and in the forms that programs write. */
const formsOf = (text: string) => [
  text.slice(0, 90),
  encodeURIComponent(text).slice(0, 120),
  JSON.stringify(text).slice(0, 120),
  JSON.stringify(JSON.stringify(text)).slice(0, 120),
  Buffer.from(text).toString("base64").slice(0, 120),
];
const WORDS = [CLIENT_SECRET, VALUE, TARGET, DESCRIPTION].flatMap(formsOf).join(" and ");
const FORGED = "\r\nok       credentials  the login succeeds\u001b[2J\u001b]8;;http://x\u0007\u202e\u009b1m";

const answered = (response: ServerResponse, status: number, body: object) =>
  void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

const refusal = (status: number) => ({
  status,
  message: `${FORGED} ${WORDS} ${DESCRIPTION}`,
  code: `${TARGET}${"c".repeat(1_000_000)}`,
  contextId: `${FORGED}${"i".repeat(100_000)}`,
  details: Array.from({ length: 200 }, (_, at) => ({ fieldName: `${VALUE}${FORGED}[${at}]`.repeat(20) })),
});

/** A provider whose organisation refuses everything, or fails every job, and all that anybody gets to see of it. */
async function world({ refuses = true, login = true } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "eventbridge-text-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const collected: Buffer[] = [];
  const collector = await serve((request, response) => {
    request.on("data", (piece) => collected.push(piece)).on("end", () => answered(response, 200, {}));
  });
  vi.stubEnv("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json");
  vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url);
  onTestFinished(() => void vi.unstubAllEnvs());
  const receiver = await startReceiver();
  const { url } = await serve((request, response) => {
    request.resume();
    if (request.url === "/oauth/token") {
      if (login)
        return answered(response, 200, { access_token: "t", token_type: "bearer", expires_in: 3_600 });
      return answered(response, 400, {
        error: "invalid_client",
        description: `${FORGED} ${formsOf(CLIENT_SECRET)}`,
      });
    }
    if (refuses) return answered(response, 400, refusal(400));
    if (request.method === "POST") return answered(response, 202, { job_id: "job-1", status: "queued" });
    if (/sources\?/.test(String(request.url))) return answered(response, 200, { entities: [], pageCount: 0 });
    const { message, code } = refusal(400);
    return answered(response, 200, { job_id: "job-1", status: "failed", error: { message, code } });
  });
  const config = {
    "genesyscloud:gateway": url,
    "genesyscloud:oauthClientId": "id",
    "genesyscloud:oauthClientSecret": CLIENT_SECRET,
    "genesyscloud:auditLog": "audit.jsonl,otlp",
    "genesyscloud:webhookUrl": `${receiver.url}?key=planted-key-in-an-address`,
    "genesyscloud:webhookAllowPrivate": "true",
  };
  const settings = readSettings(config, {});
  const printed: string[] = [];
  for (const method of ["error", "log", "warn"] as const)
    vi.spyOn(console, method).mockImplementation((line) => void printed.push(String(line)));
  onTestFinished(() => void vi.restoreAllMocks());
  const { context } = fakeContext(undefined, settings);
  const hide = hidingSecretsOf({ settings });
  const client = createClient(clientOptions(settings), machineTime);
  Object.assign(context, { client, projectFolder: folder, hide, log: createLog(hide) });
  const handler = createSourceHandler();
  const session = {
    context,
    configure: () => {},
    steps: { run: (_: string, step: () => unknown) => step() },
  };
  const provider = dynamicProvider(withHooks(handler, lifecycleHooks()), session as never);
  const said: string[] = [];
  const failing = async (step: Promise<unknown>) => {
    const error = await step.then(
      (result) => ({ message: JSON.stringify(result) }),
      (thrown) => thrown,
    );
    said.push(`${error.message} ${error.reasons} ${error.properties?.__unfinished}`);
    return error;
  };
  const audit = () => readFileSync(join(folder, "audit.jsonl"), "utf8");
  const everything = () => ({
    said: said.join("\n"),
    printed: printed.join("\n"),
    audit: audit(),
    notices: receiver.received.map(({ body }) => body).join("\n"),
    collected: Buffer.concat(collected).toString(),
    outbox: readdirSync(folder, { recursive: true }).join("\n"),
  });
  const inputs = { ...INPUTS, webhookUrl: String(settings.webhookUrl) };
  return { provider, handler, context, settings, inputs, failing, everything, audit };
}

const INPUTS = inputsWith({
  description: DESCRIPTION,
  targets: [{ targetId: TARGET, priority: 1 }],
  filters: [{ name: "vip", conditions: [{ field: "f", operator: "equals", value: VALUE }], action: "route" }],
});

/** Nothing of a secret, nothing that moves a cursor, and nothing that is longer than a person reads. */
function expectFit(seen: Record<string, string>): void {
  for (const [where, text] of Object.entries(seen)) {
    expect(text, where).not.toMatch(/planted|cGxhbnRlZ/i);
    expect(text, where).not.toMatch(/(?!\n)\p{Cc}|[\u202a-\u202e]/u);
    expect(text, where).not.toMatch(/^ok +credentials/m);
    expect(text.length, where).toBeLessThan(60_000);
  }
}

test("what it refuses: check, create, refresh, update and delete tell no secret, whatever their length", async () => {
  const { provider, inputs, failing, everything, audit } = await world();
  const { eventTopicId, filters, description } = INPUTS;
  const args = { eventTopicId, filters, description, targets: [{ targetId: TARGET }] };
  const { message: failures } = await failing(provider.check({}, args));
  expect(failures).toContain("topics and targets could not be looked up");
  const create = await failing(provider.create(inputs));
  expect(create.message).toContain("POST /api/v2/eventbridge/sources was answered 400");
  expect(create.message).toContain("[value of ");
  await failing(provider.read("src-1", stateWith({ ...inputs })));
  await failing(
    provider.update("src-1", stateWith({ ...inputs }), { ...inputs, description: `${DESCRIPTION}2` }),
  );
  await failing(provider.delete("src-1", stateWith({ ...inputs })));
  expectFit(everything());
  const records = audit().trimEnd().split("\n");
  expect(records).toHaveLength(6);
  expect(records.map((each) => JSON.parse(each).error?.status ?? null)).toEqual([
    null,
    400,
    null,
    400,
    null,
    400,
  ]);
});

test("a job that fails: its words are masked, cut and of one line, in the error, the log, the audit and the notice", async () => {
  const { provider, inputs, failing, everything } = await world({ refuses: false });
  const error = await failing(provider.create(inputs));
  expect(error.message).toMatch(/Job job-1 failed: .*\[value of targets\[0\]\.targetId\]/);
  expectFit(everything());
  expect(everything().audit).toContain("job.failed");
  expect(everything().collected).toContain("job.failed");
  expect(JSON.parse(everything().notices).error).toMatchObject({ code: "job.failed" });
});

test("a login that is refused with the secret in its words tells none, to a step, to doctor and to an import", async () => {
  const { provider, context, settings, inputs, failing, everything } = await world({ login: false });
  const error = await failing(provider.create(inputs));
  expect(error.message).toContain("POST /oauth/token was answered 400");
  const findings = await checkPlatform(settings);
  const imported = await takeIn(SOURCE, context, { id: "src-1", urn: URN }).catch((thrown) => thrown.message);
  expectFit({
    ...everything(),
    doctor: findings.map(({ check, message }) => `${check}  ${message}`).join("\n"),
    imported: String(imported),
  });
  expect(imported).toContain("POST /oauth/token");
});
