import { existsSync } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { cargo } from "async";
import { openOrMake, whileLocked } from "./fileLock.js";
import {
  type AuditEntry,
  type AuditRecord,
  chained,
  GENESIS,
  type Head,
  lineOf,
  loadCanonicalize,
  parseHead,
  parseLine,
  sayHead,
} from "./record.js";
import { lastLine } from "./tail.js";

/** The audit log cannot be used; the message names the file, the trouble and the ways on. */
export class AuditLogError extends Error {
  constructor(path: string, trouble: string, options?: ErrorOptions) {
    super(`audit log ${path}: ${trouble}`, options);
    this.name = "AuditLogError";
  }
}

/** An audit log that other processes may append to as well. */
export interface AuditChain {
  /**
   * Resolves when the record is on disk for good.
   *
   * @throws AuditLogError when it is not; the log is then as it was.
   */
  append(entry: AuditEntry): Promise<AuditRecord>;
  /** The end of the chain as far as this process knows it; none before the first record. */
  head(): Head | undefined;
}

/** The file beside the log that says how far it goes, so that records missing at its end are noticed. */
export const headFile = (path: string): string => `${path}.head`;

interface Waiting {
  entry: AuditEntry;
  record?: AuditRecord;
}

/** Where a log ended when it was last looked at, and which file that was. */
interface End {
  head: Head;
  size: number;
  inode: string;
}

/**
 * The chain in a file, which is opened at the first record. What is appended while a record is on its way to the disk
 * goes there together, so that fifty steps at once cost not fifty times as much as one.
 *
 * @param notice is told what had to be put right.
 */
export function openChain(path: string, notice: (message: string) => void): AuditChain {
  let end: End | undefined;

  const commits = cargo(async (batch: Waiting[]) => {
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await whileLocked(headFile(path), async (headHandle) => {
        const log = await openLog(path);
        try {
          await commit(batch, log, headHandle);
        } finally {
          await log.close();
        }
      });
    } catch (error) {
      end = undefined;
      throw error instanceof AuditLogError ? error : new AuditLogError(path, said(error), { cause: error });
    }
  });

  async function commit(batch: Waiting[], log: FileHandle, headHandle: FileHandle): Promise<void> {
    const canonicalize = await loadCanonicalize();
    end = await findEnd(path, { log, headHandle, known: end, notice });
    let head = end.head;
    const records = batch.map(({ entry }) => {
      const record = chained(entry, head, canonicalize);
      head = { seq: record.seq, hash: record.hash };
      return record;
    });
    const lines = records.map((record) => lineOf(record, canonicalize)).join("");
    const length = await writeAll(log, Buffer.from(lines), end.size);
    await writeHead(headHandle, head);
    end = { ...end, head, size: end.size + length };
    for (const [index, record] of records.entries()) Object.assign(batch[index] as Waiting, { record });
  }

  return {
    append: async (entry) => {
      const waiting: Waiting = { entry };
      await commits.pushAsync(waiting);
      return waiting.record as AuditRecord;
    },
    head: () => (end === undefined || end.head.seq === 0 ? undefined : end.head),
  };
}

/**
 * Takes a line that was only written in part out of the end of a log.
 *
 * @returns what was done; `undefined` when there was nothing to do.
 * @throws AuditLogError when there is no such log.
 */
export async function repairEnd(path: string): Promise<string | undefined> {
  if (!existsSync(path)) throw new AuditLogError(path, "there is no such file.");
  return whileLocked(headFile(path), async () => {
    const log = await openLog(path);
    try {
      const { size } = await log.stat();
      const { torn } = await lastLine(log, size);
      return torn === 0 ? undefined : await setAside(path, log, size - torn, torn);
    } finally {
      await log.close();
    }
  });
}

/**
 * Where the log ends. What others have appended, or a log that was rotated away, is noticed by the file's size and
 * identity; only then is its last line read.
 *
 * @throws AuditLogError when the end is not what was written there.
 */
async function findEnd(
  path: string,
  given: {
    log: FileHandle;
    headHandle: FileHandle;
    known: End | undefined;
    notice: (message: string) => void;
  },
): Promise<End> {
  const { log, headHandle, known, notice } = given;
  const { size, ino, dev } = await log.stat();
  const inode = `${dev}:${ino}`;
  if (known?.size === size && known.inode === inode) return known;
  const { line, torn } = await lastLine(log, size);
  if (torn > 0) notice(await setAside(path, log, size - torn, torn));
  const last = line === undefined ? GENESIS : parseLine(line, await loadCanonicalize());
  if (last === undefined)
    throw new AuditLogError(path, `its last line is not an intact record. ${FIND_OUT} ${BEGIN_ANEW(path)}`);
  const written = parseHead(await readHead(headHandle));
  if (written !== undefined && !mayEndAt(last, written)) {
    const trouble =
      written.seq > last.seq
        ? `it ends with record ${last.seq}, though ${written.seq} records were written: some were removed.`
        : `its record ${last.seq} is not the one that was written.`;
    throw new AuditLogError(path, `${trouble} ${FIND_OUT} ${BEGIN_ANEW(path)}`);
  }
  return { head: { seq: last.seq, hash: last.hash }, size: size - torn, inode };
}

const FIND_OUT = 'What happened to it, "genesyscloud-eventbridge audit verify" tells.';
const BEGIN_ANEW = (path: string) =>
  `Put it back as it was; or keep it as evidence elsewhere together with ${basename(headFile(path))}, and a new log begins.`;

/** Whether a log may end with this record: a process killed before it wrote the head leaves that behind, never ahead. */
const mayEndAt = (last: Head, written: Head): boolean =>
  written.seq < last.seq || (written.seq === last.seq && written.hash === last.hash);

async function openLog(path: string): Promise<FileHandle> {
  const log = await openOrMake(path);
  const found = await log.stat();
  if (found.isFile()) {
    if (found.size === 0) await syncFolder(dirname(path));
    return log;
  }
  await log.close();
  throw new AuditLogError(path, "it is no regular file.");
}

/** A file that was just made is only there for good when its folder is on disk, too. */
async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder, and needs no such thing.
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Writes at the end and waits for the disk. What could not be written whole is taken back. @returns its length. */
async function writeAll(log: FileHandle, bytes: Buffer, position: number): Promise<number> {
  try {
    for (let written = 0; written < bytes.length; )
      written += (await log.write(bytes, written, bytes.length - written, position + written)).bytesWritten;
    await log.datasync();
    return bytes.length;
  } catch (error) {
    await log.truncate(position).catch(() => {});
    throw error;
  }
}

/** Best effort: the log itself is what counts, and a head that lags behind is no sign of anything. */
async function writeHead(file: FileHandle, head: Head): Promise<void> {
  const text = Buffer.from(`${sayHead(head)}\n`);
  try {
    await file.write(text, 0, text.length, 0);
    await file.truncate(text.length);
  } catch {}
}

async function readHead(file: FileHandle): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(128), 0, 128, 0);
  return buffer.toString("latin1", 0, bytesRead).split("\n", 1)[0] ?? "";
}

/** Moves a line that was only written in part into a file of its own. @returns what to say of it. */
async function setAside(path: string, log: FileHandle, from: number, length: number): Promise<string> {
  const { buffer } = await log.read(Buffer.alloc(length), 0, length, from);
  const aside = `${path}.torn-${new Date().toISOString().replace(/[:.]/g, "")}-${process.pid}`;
  const file = await open(aside, "wx", 0o600);
  try {
    await file.writeFile(buffer);
    await file.sync();
  } finally {
    await file.close();
  }
  await log.truncate(from);
  await log.datasync();
  return `audit log ${path}: its last line was torn, as when a process is killed or the power fails while it writes. The ${length} bytes are kept in ${basename(aside)}, and the log goes on.`;
}

/** `ENOSPC: no space left on device`, without the call that said so. */
const said = (error: unknown): string =>
  `it cannot be written (${(error instanceof Error ? error.message : String(error)).replace(/, \w+( '.*')?$/s, "")}).`;
