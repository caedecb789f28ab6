import { existsSync, type Stats } from "node:fs";
import { type FileHandle, mkdir, open, readlink, realpath, rename } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
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
import { lastLine, type Tail } from "./tail.js";

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

/** The log itself, whatever links lead to it: who comes by another way must find the same lock and the same head. */
export async function realLog(path: string): Promise<string> {
  const target = await readlink(path).catch(() => undefined);
  if (target !== undefined) return realLog(resolve(dirname(path), target));
  const folder = await realpath(dirname(path)).catch(() => undefined);
  return folder === undefined ? path : join(folder, basename(path));
}

/**
 * What the head file says: nothing where there is none, or where a power failure left it blank.
 *
 * @returns `"damaged"` for what was never written there.
 */
export function parseHeadFile(text: string): Head | undefined | "damaged" {
  const [line = ""] = text.split("\n", 1);
  if (/^\0*$/.test(line)) return undefined;
  return parseHead(line) ?? "damaged";
}

interface Waiting {
  entry: AuditEntry;
  record?: AuditRecord;
}

/** Where a log ended when it was last looked at. */
interface End {
  head: Head;
  size: number;
}

/**
 * The chain in a file, which is opened at the first record. What is appended while a record is on its way to the disk
 * goes there together, so that fifty steps at once cost not fifty times as much as one.
 *
 * @param notice is told what had to be put right.
 */
export function openChain(given: string, notice: (message: string) => void): AuditChain {
  let end: End | undefined;

  const commits = cargo(async (batch: Waiting[]) => {
    let path = given;
    try {
      await mkdir(dirname(given), { recursive: true, mode: 0o700 });
      path = await realLog(given);
      await withLog(path, (log, headHandle) => commit(path, batch, log, headHandle));
    } catch (error) {
      end = undefined;
      throw error instanceof AuditLogError ? error : new AuditLogError(path, said(error), { cause: error });
    }
  });

  async function commit(
    path: string,
    batch: Waiting[],
    log: FileHandle,
    headHandle: FileHandle,
  ): Promise<void> {
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
    end = { head, size: end.size + length };
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
 * Puts the end of a log right: a line that was only written in part is taken out, one that only lacks its end gets it
 * back.
 *
 * @returns what was done; `undefined` when there was nothing to do.
 * @throws AuditLogError when there is no such log, or when its end is not what was written there.
 */
export async function repairEnd(given: string): Promise<string | undefined> {
  const path = await realLog(given);
  if (!existsSync(path)) throw new AuditLogError(path, "there is no such file.");
  let done: string | undefined;
  // Looked at before anything is made beside it: the file may be no log at all.
  const { line } = await readEnd(path);
  if (line !== undefined && parseLine(line, await loadCanonicalize()) === undefined)
    throw new AuditLogError(path, `its last whole line is not an intact record. ${FIND_OUT}`);
  await withLog(path, (log, headHandle) =>
    findEnd(path, {
      log,
      headHandle,
      known: undefined,
      notice: (message) => {
        done = message;
      },
    }),
  );
  return done;
}

/**
 * Moves a log away together with its head, so that a new one begins with the next step.
 *
 * @returns where it is now.
 * @throws AuditLogError when there is no such log.
 */
export async function rotateLog(given: string): Promise<string> {
  const path = await realLog(given);
  if (!existsSync(path)) throw new AuditLogError(path, "there is no such file.");
  const away = `${path}.${timeInName()}`;
  await whileLocked(headFile(path), async () => {
    await rename(path, away);
    await rename(headFile(path), headFile(away));
  });
  return away;
}

async function readEnd(path: string): Promise<Tail> {
  const log = await open(path, "r");
  try {
    const { size } = await regular(path, log);
    return await lastLine(log, size);
  } finally {
    await log.close();
  }
}

async function withLog<T>(
  path: string,
  run: (log: FileHandle, headHandle: FileHandle) => Promise<T>,
): Promise<T> {
  return whileLocked(headFile(path), async (headHandle) => {
    const log = await openLog(path);
    try {
      return await run(log, headHandle);
    } finally {
      await log.close();
    }
  });
}

/**
 * Where the log ends. What others have appended, or a log that was put in its place, is noticed by its size and by the
 * head beside it; only then is its last line read.
 *
 * @throws AuditLogError when the end is not what was written there; nothing is changed then.
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

const FIND_OUT = 'What happened to it, "genesyscloud-eventbridge audit verify" tells.';
const BEGIN_ANEW = (path: string) =>
  `Put it back as it was; or keep it as evidence elsewhere together with ${basename(headFile(path))}, and a new log begins.`;

/** Whether a log may end with this record: a process killed before it wrote the head leaves that behind, never ahead. */
const mayEndAt = (last: Head, written: Head): boolean =>
  written.seq < last.seq || (written.seq === last.seq && written.hash === last.hash);

async function openLog(path: string): Promise<FileHandle> {
  const log = await openOrMake(path);
  try {
    if ((await regular(path, log)).size === 0) await syncFolder(dirname(path));
    return log;
  } catch (error) {
    await log.close();
    throw error;
  }
}

/** What there is to know of a log. @throws AuditLogError when it is a device or a pipe, which has no end. */
async function regular(path: string, log: FileHandle): Promise<Stats> {
  const found = await log.stat();
  if (found.isFile()) return found;
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
  return buffer.toString("latin1", 0, bytesRead);
}

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

/** `20300131T120000123Z-4711`: by time and process, as a part of a file's name. */
const timeInName = (): string => `${new Date().toISOString().replace(/[-:.]/g, "")}-${process.pid}`;

/** `ENOSPC: no space left on device`, without the call that said so. */
const said = (error: unknown): string =>
  `it cannot be written (${(error instanceof Error ? error.message : String(error)).replace(/, \w+( '.*')?$/s, "")}).`;
