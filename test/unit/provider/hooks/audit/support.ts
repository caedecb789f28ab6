/** What tests of the audit log and the outbox need: a folder of their own, and an outcome to record. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { AuditEntry } from "../../../../../provider/src/hooks/audit/record.js";

/** A folder for the running test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "eventbridge-hooks-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An outcome as the audit hook writes it. */
export const entryWith = (more: Partial<AuditEntry> = {}): AuditEntry => ({
  event_type: "eventbridge_source_registration",
  source_id: "src-1",
  name: "orders",
  urn: "urn:pulumi:dev::shop::t::orders",
  job_id: "job-1",
  final_status: "active",
  validation_success: true,
  latency_seconds: 1.25,
  retry_count: 0,
  timestamp: "2030-01-01T00:00:00.000Z",
  ...more,
});
