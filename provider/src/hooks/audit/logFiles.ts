/** The files of an audit log: where it really lies, its head, and both opened under one lock. */
import { type FileHandle, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { inTime } from "../../fileTrouble.js";
import { openOwn } from "../../ownFiles.js";
import { makeFolder, syncFolder } from "../../ownFolders.js";
import { closeInOrder } from "../../patientFile.js";
import { refuseAlien } from "./alien.js";
import { auditLogError } from "./auditLogError.js";
import { isStill, lockFile, takeLock } from "./fileLock.js";
import { headFile } from "./headFile.js";

/** The log itself, whatever folder leads to it: who comes by another way must find the same lock and the same head. */
export async function realLog(path: string): Promise<string> {
  const folder = await inTime(path, () => realpath(dirname(path)).catch(() => undefined));
  return folder === undefined ? path : join(folder, basename(path));
}

/** A log and its head, open and locked. */
export interface OpenLog {
  readonly path: string;
  readonly log: FileHandle;
  readonly head: FileHandle;
  /** Whether both are still the files of their names. */
  isCurrent(): Promise<boolean>;
  /** Lets go of the lock, too. */
  close(): Promise<void>;
}

/** Opens and locks a log; what is not there is made. @throws AuditLogError */
export async function openLog(given: string): Promise<OpenLog> {
  let path = given;
  const files: FileHandle[] = [];
  const keep = (file: FileHandle) => {
    files.push(file);
    return file;
  };
  // The lock is the first that is opened and the last that is closed.
  const close = () => closeInOrder(path, files.splice(0).reverse());
  try {
    await makeFolder(dirname(given));
    path = await realLog(given);
    await lookAt(path);
    const place = headFile(path);
    const lock = keep(await takeLock(lockFile(place)));
    const head = lockFile(place) === place ? lock : keep(await openOwn(place, { create: true }));
    const log = keep(await openOwn(path, { create: true }));
    if ((await log.stat()).size === 0) await syncFolder(dirname(path));
    const isCurrent = async () => (await isStill(log, path)) && isStill(head, place);
    return { path, log, head, isCurrent, close };
  } catch (error) {
    await close();
    throw auditLogError(path, error);
  }
}

/** Nothing is made beside a file that is no log. */
async function lookAt(path: string): Promise<void> {
  const log = await openOwn(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  if (log === undefined) return;
  try {
    await refuseAlien(path, log);
  } finally {
    await log.close();
  }
}

/** Runs something with both files open and locked; what is not there is made. @throws AuditLogError */
export async function withLog<T>(path: string, run: (open: OpenLog) => Promise<T>): Promise<T> {
  const open = await openLog(path);
  try {
    return await run(open);
  } finally {
    await open.close();
  }
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

/** `20300131T120000123Z-4711`: by time and process, as a part of a file's name. */
export const timeInName = (): string => `${new Date().toISOString().replace(/[-:.]/g, "")}-${process.pid}`;
