/** Where the audit log ends: what its head says, and whether the log agrees. */
import type { FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import { openOwn } from "../../ownFiles.js";
import { LEAVE_AS_IT_IS, notALog, refuseAlien, withoutReturn } from "./alien.js";
import { AuditLogError } from "./auditLogError.js";
import { headFile, parseHeadFile, readHead, type Written } from "./headFile.js";
import { linesOf } from "./lines.js";
import { type OpenLog, timeInName, writeAll } from "./logFiles.js";
import { type AuditRecord, GENESIS, type Head, loadCanonicalize, parseLine, sayHead } from "./record.js";
import { lastLine } from "./tail.js";
import { isBegunRecord } from "./torn.js";

/** Where a log ended when it was last looked at. */
export interface End {
  head: Head;
  size: number;
  /** The hash of the first record, which tells the log from others; absent where it was not looked at yet. */
  log?: string;
  /** Where no record is there yet: the head of the log before. */
  continues?: Head;
  /** There are records, and nothing says how many there were. */
  headMissing?: boolean;
  /** The first record that tells of something missing. */
  doubt?: number;
}

/**
 * Where the log ends. What others have appended, or a log that was put in its place, is noticed by its size and by the
 * head beside it; only then is its last line read.
 *
 * @throws AuditLogError when the end is not what was written there; nothing is changed then.
 */
export async function findEnd(
  { path, log, head: headHandle }: OpenLog,
  known: End | undefined,
  notice: (message: string) => void,
): Promise<End> {
  const { size } = await log.stat();
  const written = parseHeadFile(await readHead(headHandle));
  if (written === "damaged")
    throw new AuditLogError(path, `${basename(headFile(path))} beside it was changed. ${BEGIN_ANEW(path)}`);
  if (known?.size === size && written?.begins === false && known.head.hash === written.head.hash)
    return known;
  const { last, rest } = await lastRecord(path, log, size);
  const doubt = written?.doubt === undefined ? {} : { doubt: written.doubt };
  const whole = rest === undefined ? undefined : parseLine(rest, await loadCanonicalize());
  if (whole !== undefined && written?.head.hash === whole.hash) {
    await writeAll(log, Buffer.from("\n"), size);
    notice(`audit log ${path}: the end of its last line was missing, and was put back.`);
    return { head: headOf(whole), size: size + 1, ...doubt };
  }
  if (written !== undefined) await refuseWhatIsMissing(path, log, last, written);
  if (rest !== undefined) notice(await setAside(path, log, size - rest.length, rest));
  const end = { head: headOf(last), size: size - (rest?.length ?? 0), ...doubt };
  if (last.seq > 0) return written === undefined ? { ...end, headMissing: true } : end;
  return written?.begins ? { ...end, continues: written.head } : end;
}

const headOf = ({ seq, hash }: Head): Head => ({ seq, hash });

/** The last record, and what of an unfinished line follows it. @throws AuditLogError when it is not one of ours. */
async function lastRecord(
  path: string,
  log: FileHandle,
  size: number,
): Promise<{ last: Head | AuditRecord; rest?: Buffer }> {
  if (size === 0) return { last: GENESIS };
  await refuseAlien(path, log);
  const tail = await lastLine(log, size);
  if (tail === undefined)
    throw new AuditLogError(path, `its last line is longer than any record. ${FIND_OUT} ${BEGIN_ANEW(path)}`);
  const { line, rest } = tail;
  if (line === undefined) {
    if (rest === undefined || !(isBegunRecord(rest) || (await isRecord(rest)))) throw notALog(path);
    return { last: GENESIS, rest };
  }
  const last = parseLine(line, await loadCanonicalize());
  if (last !== undefined) return rest === undefined ? { last } : { last, rest };
  const converted = withoutReturn(line);
  if (converted !== undefined && (await isRecord(converted)))
    throw new AuditLogError(
      path,
      `its line ends were turned to CRLF, as git does on Windows; no record was changed by that. ${LEAVE_AS_IT_IS(basename(path))}.`,
    );
  throw new AuditLogError(path, `its last line is not an intact record. ${FIND_OUT} ${BEGIN_ANEW(path)}`);
}

const isRecord = async (line: Buffer): Promise<boolean> =>
  parseLine(line, await loadCanonicalize()) !== undefined;

/** @throws AuditLogError when the log ends before the last record that was written, or otherwise than with it. */
async function refuseWhatIsMissing(
  path: string,
  log: FileHandle,
  last: Head,
  { head, begins }: Written,
): Promise<void> {
  if (!begins && mayEndAt(last, head)) return;
  // A log is moved away after its head has said so, and the first record is written before its head is.
  if (begins && (last.seq === 0 || last.hash === head.hash || (await firstContinues(log, head)))) return;
  const trouble =
    head.seq > last.seq
      ? `it ends with record ${last.seq}, though ${head.seq} records were written: some were removed.`
      : `its record ${last.seq} is not the one that was written.`;
  throw new AuditLogError(path, `${trouble} ${FIND_OUT} ${BEGIN_ANEW(path)}`);
}

async function firstContinues(log: FileHandle, head: Head): Promise<boolean> {
  for await (const { bytes } of linesOf(log)) {
    const first = bytes && parseLine(bytes, await loadCanonicalize());
    return first?.continues === sayHead(head);
  }
  return false;
}

/** How to learn more of a damaged log. */
export const FIND_OUT = 'What happened to it, "genesyscloud-eventbridge audit verify" tells.';
const BEGIN_ANEW = (path: string) =>
  `Put it back as it was; or keep it as evidence elsewhere together with ${basename(headFile(path))}, and a new log begins.`;

/** Whether a log may end with this record: a process killed before it wrote the head leaves that behind, never ahead. */
const mayEndAt = (last: Head, written: Head): boolean =>
  written.seq < last.seq || (written.seq === last.seq && written.hash === last.hash);

/** Moves a line that was only written in part into a file of its own. @returns what to say of it. */
async function setAside(path: string, log: FileHandle, from: number, rest: Buffer): Promise<string> {
  const aside = `${path}.torn-${timeInName()}`;
  const file = await openOwn(aside, { create: "new" });
  try {
    await file.writeFile(rest);
    await file.sync();
  } finally {
    await file.close();
  }
  await log.truncate(from);
  await log.datasync();
  return `audit log ${path}: its last line was torn, as when a process is killed or the power fails while it writes. The ${rest.length} bytes are kept in ${basename(aside)}, and the log goes on.`;
}
