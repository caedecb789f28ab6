/** What runs have left in the project's folder and with the receiver of notices, as far as it is new. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { verifyLog } from "../../provider/src/hooks/audit/verify.js";
import { outboxFolder } from "../../provider/src/hooks/webhook/outbox.js";
import { AUDIT_FILE } from "../../provider/src/settings.js";
import type { AuditSeen, NoticeSeen, NoticesSeen } from "./observation.js";
import { resourceOf } from "./program.js";
import type { Lane } from "./support/lane.js";

export class Records {
  /** A provider was killed, and the last line of the audit log may be torn until the next one is written. */
  mayBeTorn = false;
  /** Records of the audit log that were there before. */
  private recorded = 0;
  private readonly delivered: NoticeSeen[] = [];

  constructor(private readonly lane: Lane) {}

  /** The project's folder is gone with everything in it. */
  begin(): void {
    this.recorded = 0;
  }

  /** What the project's audit log tells; there is none before the first step. */
  async auditLog(): Promise<AuditSeen> {
    const { records, finding } = await verifyLog(join(this.lane.project.folder, AUDIT_FILE));
    const isExpected = finding?.damage === "missing" || (finding?.damage === "torn" && this.mayBeTorn);
    const added = records.slice(this.recorded);
    this.recorded = records.length;
    return {
      finding: isExpected ? undefined : finding?.message,
      names: new Set(records.map(({ name }) => name)),
      resources: new Set(records.flatMap(({ urn }) => (urn === null ? [] : [resourceOf(urn)]))),
      added,
    };
  }

  /** The receiver is asked once an operation; the outbox has what it did not take. */
  async notices(): Promise<NoticesSeen> {
    const { received } = this.lane.receiver;
    const accepted = received.splice(0).filter(({ status = 0 }) => status >= 200 && status < 300);
    for (const { headers, body } of accepted)
      this.delivered.push({ id: String(headers["webhook-id"]), body: JSON.parse(body) });
    const outbox = outboxFolder(join(this.lane.project.folder, AUDIT_FILE));
    const files = (await readdir(outbox).catch(() => [])).filter((name) => name.endsWith(".json"));
    const texts = await Promise.all(files.map((name) => readFile(join(outbox, name), "utf8")));
    return { delivered: this.delivered, waiting: texts.flatMap(noticeIn) };
  }
}

/** What lies in the outbox; nothing where it is no notice. */
function noticeIn(text: string): NoticeSeen[] {
  try {
    const { id, body } = JSON.parse(text);
    return [{ id, body: JSON.parse(body) }];
  } catch {
    return [];
  }
}
