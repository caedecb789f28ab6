import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import { AuditLogError, headFile, parseHeadFile, readHead, timeInName, writeAll } from "./logFiles.js";
import { GENESIS, type Head, loadCanonicalize, parseLine } from "./record.js";
import { lastLine } from "./tail.js";

/** Where a log ended when it was last looked at. */
export interface End {
  head: Head;
  size: number;
}

/**
 * Where the log ends. What others have appended, or a log that was put in its place, is noticed by its size and by the
 * head beside it; only then is its last line read.
 *
 * @throws AuditLogError when the end is not what was written there; nothing is changed then.
 */
export async function findEnd(
  path: string,
  given: {
    log: FileHandle;
    headHandle: FileHandle;
    known: End | undefined;
    notice: (message: string) => void;
  },
): Promise<End> {
  const { log, headHandle, known, notice } = given;
  const { size } = await log.stat();
  const written = parseHeadFile(await readHead(headHandle));
  if (written === "damaged")
    throw new AuditLogError(path, `${basename(headFile(path))} beside it was changed. ${BEGIN_ANEW(path)}`);
  if (known?.size === size && known.head.hash === (written ?? GENESIS).hash) return known;
  const { line, rest } = await lastLine(log, size);
  const canonicalize = await loadCanonicalize();
  const last = line === undefined ? GENESIS : parseLine(line, canonicalize);
  if (last === undefined)
    throw new AuditLogError(path, `its last line is not an intact record. ${FIND_OUT} ${BEGIN_ANEW(path)}`);
  const torn = rest === undefined ? undefined : parseLine(rest, canonicalize);
  if (rest !== undefined && torn !== undefined && written?.hash === torn.hash) {
    await writeAll(log, Buffer.from("\n"), size);
    notice(`audit log ${path}: the end of its last line was missing, and was put back.`);
    return { head: { seq: torn.seq, hash: torn.hash }, size: size + 1 };
  }
  if (written !== undefined && !mayEndAt(last, written)) {
    const trouble =
      written.seq > last.seq
        ? `it ends with record ${last.seq}, though ${written.seq} records were written: some were removed.`
        : `its record ${last.seq} is not the one that was written.`;
    throw new AuditLogError(path, `${trouble} ${FIND_OUT} ${BEGIN_ANEW(path)}`);
  }
  if (rest !== undefined) notice(await setAside(path, log, size - rest.length, rest));
  return { head: { seq: last.seq, hash: last.hash }, size: size - (rest?.length ?? 0) };
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
  const file = await open(aside, "wx", 0o600);
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
