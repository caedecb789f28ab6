/** What a file may be that was named as the audit log and is none, or is no longer one to the byte. */
import type { FileHandle } from "node:fs/promises";
import { AuditLogError } from "./auditLogError.js";
import { isBegunRecord } from "./torn.js";

export const MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const RETURN = 0x0d;
/** Less than the shortest record. */
const LOOK = 64;

/** How git is kept from turning line ends. */
export const LEAVE_AS_IT_IS = (name: string) =>
  `Put "${name} -text" into the file .gitattributes, so that git leaves it as it is; "genesyscloud-eventbridge audit repair" puts it right`;

/**
 * Refuses a file that does not begin as a log does. Nothing is changed.
 *
 * @throws AuditLogError
 */
export async function refuseAlien(path: string, log: FileHandle): Promise<void> {
  const { buffer, bytesRead } = await log.read(Buffer.alloc(LOOK), 0, LOOK, 0);
  const begins = buffer.subarray(0, bytesRead);
  if (begins.subarray(0, MARK.length).equals(MARK))
    throw new AuditLogError(
      path,
      'a byte order mark was put before its first record, as some editors do; no record was changed by that. "genesyscloud-eventbridge audit repair" takes it out.',
    );
  if (bytesRead > 0 && !isBegunRecord(begins)) throw notALog(path);
}

export const notALog = (path: string): AuditLogError =>
  new AuditLogError(
    path,
    "this file is no audit log: it does not begin as a record does. It was left as it is. Set genesyscloud:auditLog to another file.",
  );

/** A line without the carriage return that a tool put at its end; `undefined` where there is none. */
export const withoutReturn = (line: Buffer): Buffer | undefined =>
  line.at(-1) === RETURN ? line.subarray(0, -1) : undefined;
