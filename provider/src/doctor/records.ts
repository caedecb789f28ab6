/** What doctor says of the audit log, of where its records go besides, and of the outbox. */
import { resolve } from "node:path";
import { tryLog } from "../hooks/audit/maintenance.js";
import { exporterOf } from "../hooks/audit/otlpPackages.js";
import { verifyLog } from "../hooks/audit/verify.js";
import { openOutbox, outboxFolder } from "../hooks/webhook/outbox.js";
import { AUDIT_FILE, type Settings } from "../settings.js";
import { about, type Finding, inOneLine } from "./finding.js";

/** Whether the audit log can be written and is what was written to it. @param folder the project's. */
export async function checkAuditLog({ auditLog }: Settings, folder: string): Promise<Finding> {
  const audit = about("audit log");
  if (auditLog.file === undefined) return audit.ok("switched off");
  const path = resolve(folder, auditLog.file);
  try {
    await tryLog(path);
    const { finding, count, warnings } = await verifyLog(path, [], () => false);
    if (finding?.damage === "missing") return audit.ok(`${path}: nothing in it yet`);
    if (finding?.damage === "torn")
      return audit.warning(`${path}: ${finding.message}; the next step puts it right`);
    if (finding !== undefined)
      return audit.failed(`${path}: ${finding.message}; "genesyscloud-eventbridge audit verify" says more`);
    const [warning] = warnings;
    if (warning !== undefined) return audit.warning(`${path}: ${count} records, but ${warning}`);
    return audit.ok(`${path}: intact, ${count} records`);
  } catch (error) {
    return audit.failed(`${inOneLine(error)} Make it writable, or set genesyscloud:auditLog to another file`);
  }
}

/** Whether records can go to an OpenTelemetry collector, where they are to. Nothing is sent. */
export function checkOtlp({ auditLog }: Settings, environment: NodeJS.ProcessEnv): Finding[] {
  if (!auditLog.otlp) return [];
  const found = exporterOf(environment);
  const otlp = about("OpenTelemetry");
  return ["trouble" in found ? otlp.failed(found.trouble) : otlp.ok("the exporter is installed")];
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
