import { resolve } from "node:path";
import { verifyLog } from "../hooks/audit/verify.js";
import { openOutbox, outboxFolder } from "../hooks/webhook/outbox.js";
import { AUDIT_FILE, type Settings } from "../settings.js";
import { about, type Finding } from "./finding.js";
import { unwritable } from "./writable.js";

/** Whether the audit log can be written and is what was written to it. @param folder the project's. */
export async function checkAuditLog({ auditLog }: Settings, folder: string): Promise<Finding> {
  const audit = about("audit log");
  if (auditLog.file === undefined) return audit.ok("switched off");
  const path = resolve(folder, auditLog.file);
  const trouble = await unwritable(path);
  if (trouble !== undefined)
    return audit.failed(
      `${path} cannot be written: ${trouble}. Make it writable, or set genesyscloud:auditLog to another file`,
    );
  const { finding, records } = await verifyLog(path);
  if (finding === undefined) return audit.ok(`${path}: intact, ${records.length} records`);
  if (finding.damage === "missing") return audit.ok(`${path}: nothing in it yet`);
  if (finding.damage === "torn")
    return audit.warning(`${path}: ${finding.message}; the next step puts it right`);
  return audit.failed(`${path}: ${finding.message}; "genesyscloud-eventbridge audit verify" says more`);
}

/** Whether notices wait to be delivered. @param folder the project's. */
export async function checkOutbox({ auditLog }: Settings, folder: string): Promise<Finding> {
  const outbox = about("outbox");
  const place = resolve(folder, outboxFolder(auditLog.file ?? AUDIT_FILE));
  const { length } = await openOutbox(place, () => {}).waiting();
  if (length === 0) return outbox.ok("nothing waits");
  const waits = length === 1 ? "1 notice waits" : `${length} notices wait`;
  return outbox.warning(`${waits} in ${place}: send with "genesyscloud-eventbridge webhook redeliver"`);
}
