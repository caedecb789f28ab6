/** What the audit log and notices say of an integration: the same as of a source, with the id under a name of its own. */
import { readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import canonicalize from "canonicalize";
import { expect, test } from "vitest";
import { createAudit } from "../../../../provider/src/hooks/audit/auditHook.js";
import { openChain } from "../../../../provider/src/hooks/audit/chain.js";
import { goesThrough } from "../../../../provider/src/hooks/audit/lookup.js";
import type { AuditEntry } from "../../../../provider/src/hooks/audit/record.js";
import { isBegunRecord } from "../../../../provider/src/hooks/audit/torn.js";
import { verifyLog } from "../../../../provider/src/hooks/audit/verify.js";
import type { LifecycleStep, Outcome } from "../../../../provider/src/hooks/lifecycle.js";
import { noticeOf } from "../../../../provider/src/hooks/webhook/notice.js";
import { fakeContext } from "../support/context.js";
import { entryWith, temporaryFolder } from "./audit/support.js";

const ABOUT = { name: "voice", key: "voice", urn: "urn:voice" };
const STEP: LifecycleStep = {
  operation: "create",
  kind: "EventBridge integration",
  about: ABOUT,
  digest: "d",
};
const OUTCOME: Outcome = {
  about: { ...ABOUT, id: "int-1" },
  finalStatus: "ACTIVE",
  latencySeconds: 1.5,
  retryCount: 0,
};

/** A record of an integration, in place of one of a source. */
function integrationEntry(): AuditEntry {
  const { source_id: _, ...entry } = entryWith({ event_type: "eventbridge_integration_update" });
  return { ...entry, integration_id: "int-1" };
}

const unexpected = (message: string) => {
  throw new Error(message);
};

test("an audit record bears integration_id in the place of source_id, in the intent as well", async () => {
  const folder = temporaryFolder();
  const { context } = fakeContext(undefined, { auditLog: { file: "audit.jsonl", otlp: false } });
  Object.assign(context, { projectFolder: folder });
  const { hook } = createAudit();
  await hook.before?.(context, STEP);
  await hook.record?.(context, STEP, OUTCOME);
  const lines = readFileSync(join(folder, "audit.jsonl"), "utf8").trimEnd().split("\n");
  const [intent, outcome] = lines.map((line) => JSON.parse(line));
  expect(intent).toMatchObject({
    event_type: "eventbridge_integration_registration_intent",
    integration_id: null,
  });
  expect(outcome).toMatchObject({
    event_type: "eventbridge_integration_registration",
    integration_id: "int-1",
  });
  expect(lines.join()).not.toContain("source_id");
  expect((await verifyLog(join(folder, "audit.jsonl"))).finding).toBeUndefined();
});

test("a notice bears it, too, and an event has it as its subject", () => {
  const noticeIn = (format: "plain" | "cloudevents") =>
    JSON.parse(noticeOf(STEP, OUTCOME, { now: 0, auditHead: undefined, format }).body);
  expect(noticeIn("plain")).toEqual({
    type: "eventbridge_integration.created",
    integration_id: "int-1",
    status: "ACTIVE",
    timestamp: "1970-01-01T00:00:00.000Z",
    latency_seconds: 1.5,
    operation: "create",
    name: "voice",
  });
  expect(noticeIn("cloudevents")).toMatchObject({
    type: "com.genesys.cloud.eventbridge_integration.created",
    subject: "int-1",
    data: { integration_id: "int-1" },
  });
});

test("one log bears both, and each record is found in it", async () => {
  const path = join(temporaryFolder(), "audit.jsonl");
  const chain = openChain(path, unexpected);
  const records = [];
  for (let pair = 0; pair < 150; pair++)
    for (const entry of [entryWith(), integrationEntry()]) records.push(await chain.append(entry));
  expect(await verifyLog(path)).toMatchObject({ finding: undefined, count: 300 });
  const file = await open(path);
  const { size } = await file.stat();
  for (const record of records)
    expect(await goesThrough(file, size, record, (value) => canonicalize(value))).toBe(true);
  await file.close();
});

test("wherever its record is torn off, it is known for the beginning of one", async () => {
  const path = join(temporaryFolder(), "audit.jsonl");
  await openChain(path, unexpected).append(integrationEntry());
  const line = readFileSync(path).subarray(0, -1);
  for (let length = 1; length < line.length; length++)
    expect(isBegunRecord(line.subarray(0, length)), line.subarray(0, length).toString()).toBe(true);
  const ofBoth = line.toString().replace('"timestamp"', '"source_id":"src-1","timestamp"');
  expect(isBegunRecord(Buffer.from(ofBoth.slice(0, -1)))).toBe(false);
});
