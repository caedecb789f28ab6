/** What the audit log and a collector have of each step, and what becomes of a step where neither can be written. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createAudit } from "../../provider/src/hooks/audit/auditHook.js";
import { verifyLog } from "../../provider/src/hooks/audit/verify.js";
import type { LifecycleStep, Outcome } from "../../provider/src/hooks/lifecycle.js";
import type { Settings } from "../../provider/src/settings.js";
import { fakeContext } from "../unit/provider/support/context.js";
import { startReceiver } from "./receiver.js";

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "eventbridge-audit-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A process that takes steps, with an audit log in a folder of its own. */
function steps(auditLog: Settings["auditLog"] = { file: "audit.jsonl", otlp: false }) {
  const folder = temporaryFolder();
  const { context, lines } = fakeContext(undefined, { auditLog });
  Object.assign(context, { projectFolder: folder });
  const audit = createAudit();
  async function take(
    operation: LifecycleStep["operation"] = "create",
    more: Partial<Outcome> = {},
    between: () => void = () => {},
  ) {
    const about = {
      name: "orders",
      key: "orders",
      urn: "urn:orders",
      ...(operation === "create" ? {} : { id: "src-1" }),
    };
    const step: LifecycleStep = { operation, kind: "EventBridge source", about, digest: "d" };
    const outcome: Outcome = {
      about: { ...about, id: "src-1", jobId: "job-1" },
      finalStatus: "active",
      latencySeconds: 1.5,
      retryCount: 2,
      ...more,
    };
    await audit.hook.before?.(context, step);
    between();
    const outputs = await audit.hook.record?.(context, step, outcome);
    await audit.hook.after?.(context, step, outcome);
    return outputs;
  }
  const log = join(folder, "audit.jsonl");
  const records = () =>
    readFileSync(log, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  return { take, audit, folder, log, records, lines };
}

test("a name of megabytes, as somebody gave it in the organisation, is cut in the record", async () => {
  const { take, records } = steps();
  const name = "x".repeat(5_000_000);
  await take("update", { about: { name, key: name, urn: "urn:orders", id: "src-1" } });
  expect(records()[1].name).toBe(`${"x".repeat(293)}… (cut)`);
  expect(records()[0].name).toBe("orders");
});

test("a step is an intent, on disk before it is taken, and an outcome that names it", async () => {
  const { take, records, audit, log } = steps();
  const outputs = await take("create", {}, () => {
    expect(records()).toEqual([
      expect.objectContaining({
        event_type: "eventbridge_source_registration_intent",
        source_id: null,
        name: "orders",
        final_status: null,
        validation_success: null,
        latency_seconds: null,
        retry_count: null,
        seq: 1,
      }),
    ]);
  });
  const [, outcome] = records();
  expect(outcome).toMatchObject({
    event_type: "eventbridge_source_registration",
    source_id: "src-1",
    job_id: "job-1",
    final_status: "active",
    validation_success: true,
    latency_seconds: 1.5,
    retry_count: 2,
    intent_seq: 1,
    seq: 2,
  });
  const begun = records()[0].hash;
  expect(outputs).toEqual({ auditHead: `2:${outcome.hash}`, __auditLog: begun });
  expect(audit.head()).toEqual({ seq: 2, hash: outcome.hash, log: begun });
  expect((await verifyLog(log)).finding).toBeUndefined();
  expect(statSync(log).mode & 0o777).toBe(0o600);
});

test("updates and deletions have their names, failures their error", async () => {
  const { take, records } = steps();
  await take("update");
  const failure = { status: 409, code: "conflict", message: "taken" };
  await take("delete", { finalStatus: "failed", failure });
  expect(records().map(({ event_type }) => event_type)).toEqual([
    "eventbridge_source_update_intent",
    "eventbridge_source_update",
    "eventbridge_source_deletion_intent",
    "eventbridge_source_deletion",
  ]);
  expect(records()[3]).toMatchObject({ validation_success: false, error: failure, intent_seq: 3 });
});

test("switched off, it writes nothing and keeps nothing", async () => {
  const { take, audit } = steps({ otlp: false });
  expect(await take()).toBeUndefined();
  expect(audit.head()).toBeUndefined();
});

test("an intent that cannot be written forbids the step, and says what to do", async () => {
  const { take, folder } = steps({ file: "a-file/audit.jsonl", otlp: false });
  writeFileSync(join(folder, "a-file"), "");
  const taken = vi.fn();
  await expect(take("create", {}, taken)).rejects.toThrow(
    /audit log .*a-file\/audit\.jsonl: it cannot be written \(E\w+: .*\)\. Nothing was changed in Genesys Cloud\. Make it writable, or set genesyscloud:auditLog/,
  );
  expect(taken).not.toHaveBeenCalled();
});

test("an outcome that cannot be written is a loud warning on the resource, and no failure", async () => {
  const { take, log, lines, records } = steps();
  const outputs = await take("create", {}, () => {
    // Somebody took the intent out meanwhile.
    writeFileSync(log, "");
  });
  expect(outputs).toBeUndefined();
  expect(lines).toEqual([
    expect.stringMatching(
      /^warn urn:orders: THE AUDIT LOG LACKS THE OUTCOME OF THIS STEP: create of EventBridge source "orders" \(id src-1\) ended as "active"/,
    ),
  ]);
  expect(records).toThrow();
});

describe("as OpenTelemetry logs, beside the file,", () => {
  const OTLP = { file: "audit.jsonl", otlp: true };
  const collectAt = (url: string, protocol: string) => {
    vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", url);
    vi.stubEnv("OTEL_EXPORTER_OTLP_PROTOCOL", protocol);
    vi.stubEnv("OTEL_EXPORTER_OTLP_HEADERS", "x-team=governance");
    vi.stubEnv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=test");
    onTestFinished(() => void vi.unstubAllEnvs());
  };

  test("the very lines of the file arrive", async () => {
    const receiver = await startReceiver();
    receiver.behave(200);
    collectAt(new URL("/", receiver.url).href, "http/json");
    const { take, log, lines } = steps(OTLP);
    const failure = { status: 409, code: "conflict", message: "taken" };
    await take("create", { failure });
    const sent = receiver.received.map(({ body }) => JSON.parse(body).resourceLogs[0]);
    const logs = sent.flatMap(({ scopeLogs }) => scopeLogs[0].logRecords);
    expect(logs.map(({ body }) => body.stringValue)).toEqual(readFileSync(log, "utf8").trimEnd().split("\n"));
    expect(logs.map(({ severityText }) => severityText)).toEqual(["INFO", "ERROR"]);
    const attributes = Object.fromEntries(logs[1].attributes.map(({ key, value }: never) => [key, value]));
    expect(attributes).toMatchObject({
      event_type: { stringValue: "eventbridge_source_registration" },
      source_id: { stringValue: "src-1" },
      seq: { intValue: 2 },
      "error.code": { stringValue: "conflict" },
    });
    const resource = JSON.stringify(sent[0].resource);
    expect(resource).toContain('"pulumi-genesyscloud-eventbridge"');
    expect(resource).toContain('"deployment.environment"');
    expect(receiver.received[0]?.headers["x-team"]).toBe("governance");
    expect(lines).toEqual([]);
  });

  test("protobuf is what is spoken where nothing else is said", async () => {
    const receiver = await startReceiver();
    receiver.behave(200);
    collectAt(new URL("/", receiver.url).href, "");
    await steps(OTLP).take();
    expect(receiver.received[0]?.headers["content-type"]).toBe("application/x-protobuf");
    expect(receiver.received[0]?.body).toContain("eventbridge_source_registration_intent");
  });

  test("gRPC is spoken where it is asked for", async () => {
    const bodies: string[] = [];
    const server = new grpc.Server();
    const path = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
    const raw = {
      requestSerialize: Buffer.from,
      requestDeserialize: String,
      responseSerialize: () => Buffer.alloc(0),
      responseDeserialize: String,
    };
    server.addService({ Export: { path, requestStream: false, responseStream: false, ...raw } as never }, {
      Export: (call: { request: string }, done: (error: null, answer: object) => void) => {
        bodies.push(call.request);
        done(null, {});
      },
    } as never);
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    onTestFinished(() => server.forceShutdown());
    collectAt(`http://127.0.0.1:${port}`, "grpc");
    await steps(OTLP).take();
    expect(bodies.join()).toContain("eventbridge_source_registration_intent");
  });

  test("a collector in trouble is one warning, and neither keeps a step nor fails it", async () => {
    const receiver = await startReceiver();
    receiver.behave(401);
    collectAt(new URL("/", receiver.url).href, "http/json");
    const { take, lines, records } = steps(OTLP);
    await take();
    await take("update");
    expect(lines).toEqual([
      expect.stringMatching(
        /^warn: audit records do not arrive at the OpenTelemetry collector \(.*OTEL_EXPORTER_OTLP/,
      ),
    ]);
    expect(records()).toHaveLength(4);
  });

  test("a protocol that does not exist forbids the step by name", async () => {
    collectAt("http://127.0.0.1:9", "carrier-pigeon");
    await expect(steps(OTLP).take()).rejects.toThrow(
      'OTEL_EXPORTER_OTLP_PROTOCOL is "carrier-pigeon": it must be "http/protobuf", "http/json" or "grpc"',
    );
  });
});
