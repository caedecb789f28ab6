import type { Stats } from "node:fs";
import { type FileHandle, readlink, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { syncFolder } from "../../ownFolders.js";
import { openOrMake, whileLocked } from "./fileLock.js";
import { type Head, parseHead, sayHead } from "./record.js";

/** The audit log cannot be used; the message names the file, the trouble and the ways on. */
export class AuditLogError extends Error {
  constructor(path: string, trouble: string, options?: ErrorOptions) {
    super(`audit log ${path}: ${trouble}`, options);
    this.name = "AuditLogError";
  }
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

/** Runs something with both files open and locked; what is not there is made. @throws AuditLogError */
export async function withLog<T>(
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
export async function regular(path: string, log: FileHandle): Promise<Stats> {
  const found = await log.stat();
  if (found.isFile()) return found;
  throw new AuditLogError(path, "it is no regular file.");
}

/** Writes at the end and waits for the disk. What could not be written whole is taken back. @returns its length. */
export async function writeAll(log: FileHandle, bytes: Buffer, position: number): Promise<number> {
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
export async function writeHead(file: FileHandle, head: Head): Promise<void> {
  const text = Buffer.from(`${sayHead(head)}\n`);
  try {
    await file.write(text, 0, text.length, 0);
    await file.truncate(text.length);
  } catch {}
}

export async function readHead(file: FileHandle): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(128), 0, 128, 0);
  return buffer.toString("latin1", 0, bytesRead);
}

/** `20300131T120000123Z-4711`: by time and process, as a part of a file's name. */
export const timeInName = (): string => `${new Date().toISOString().replace(/[-:.]/g, "")}-${process.pid}`;
