/** Repairs and rotates an audit log without changing a record. */
import { randomUUID } from "node:crypto";
import { type FileHandle, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { inTime } from "../../fileTrouble.js";
import { isThere, openOwn, removeOwn, renameOwn, writeOwn } from "../../ownFiles.js";
import { syncFolder } from "../../ownFolders.js";
import { AuditLogError, auditLogError } from "./auditLogError.js";
import { FIND_OUT, findEnd } from "./end.js";
import { lockFile, whileLocked } from "./fileLock.js";
import { headFile, putHead } from "./headFile.js";
import { realLog, timeInName, withLog } from "./logFiles.js";
import { sayHead } from "./record.js";
import { asWritten } from "./restore.js";

/**
 * Puts a log right as far as its hashes prove that no record is changed by it: a byte order mark and line ends that a
 * tool has turned are turned back, a line that was only written in part is taken out, and one that only lacks its end
 * gets it back.
 *
 * @returns what was done; `undefined` when there was nothing to do.
 * @throws AuditLogError when there is no such log, or when its end is not what was written there.
 */
export async function repairLog(given: string): Promise<string | undefined> {
  const path = await existing(given);
  const done: string[] = [];
  // Looked at before anything is made beside it: the file may be no log at all.
  const turned = await asWritten(path);
  if (turned !== undefined && turned.length > 0) done.push(await turnBack(path));
  await withLog(path, (opened) => findEnd(opened, undefined, (message) => done.push(message)));
  return done.length === 0 ? undefined : done.join("\n");
}

/** Replaces the log by what was written to it. Its own lock cannot be taken before: it is not yet a log again. */
async function turnBack(path: string): Promise<string> {
  return whileLocked(lockFile(headFile(path)), async () => {
    const temporary = `${path}.${randomUUID()}.tmp`;
    const file = await openOwn(temporary, { create: "new" });
    try {
      const found = await asWritten(path, (bytes) => append(file, bytes));
      if (found === undefined) throw new AuditLogError(path, `it was changed meanwhile. ${FIND_OUT}`);
      await file.sync();
      await renameOwn(temporary, path);
      await syncFolder(dirname(path));
      return `audit log ${path}: ${found.join(" and ")} taken out; no record was changed by that.`;
    } catch (error) {
      await removeOwn(temporary);
      throw auditLogError(path, error);
    } finally {
      await file.close();
    }
  });
}

async function append(file: FileHandle, bytes: Buffer): Promise<void> {
  await file.appendFile(bytes);
}

/**
 * Moves a log away together with its head, so that a new one begins with the next step: its first record will name the
 * head of this one.
 *
 * @param notice is told what was found at its end, and put right.
 * @returns where it is now.
 * @throws AuditLogError when there is no such log, or when its end is not what was written there.
 */
export async function rotateLog(
  given: string,
  notice: (message: string) => void = () => {},
): Promise<string> {
  const path = await existing(given);
  const away = `${path}.${timeInName()}`;
  await withLog(path, async (opened) => {
    const { head, doubt, size, headMissing } = await findEnd(opened, undefined, notice);
    if (size === 0) throw new AuditLogError(path, "no record is in it: there is nothing to move away.");
    const doubts = doubt === undefined ? "" : `doubt ${doubt}\n`;
    // A fresh one would vouch for an end that nothing vouches for.
    if (headMissing) notice(stillWithoutHead(path));
    else await writeOwn(headFile(away), `${sayHead(head)}\n${doubts}`);
    // Said before the log is moved: whoever is killed in between leaves a log that still goes on.
    await putHead(opened.head, { head, begins: true });
    await opened.head.sync();
    await renameOwn(path, away);
    await syncFolder(dirname(path));
  });
  return away;
}

const stillWithoutHead = (path: string): string =>
  `audit log ${path}: the file .head beside it is missing or blank: whether records were removed at its end cannot be told. The moved log has none either: "genesyscloud-eventbridge audit verify" goes on saying so.`;

async function existing(given: string): Promise<string> {
  const path = await realLog(given);
  if (!(await isThere(path))) throw new AuditLogError(path, "there is no such file.");
  return path;
}

/**
 * Whether records can be appended here: takes the lock that a record takes, and leaves everything as it was.
 *
 * @throws AuditLogError when they cannot.
 */
export async function tryLog(given: string): Promise<void> {
  const path = await realLog(given);
  try {
    const folder = await nearestFolder(dirname(path));
    const head = headFile(path);
    const isHeadThere = await isThere(head);
    const locked = isHeadThere ? head : join(folder, `.${randomUUID()}.tmp`);
    try {
      await whileLocked(lockFile(locked), async () => {});
    } finally {
      if (!isHeadThere) await removeOwn(lockFile(locked));
    }
    if (await isThere(path)) await (await openOwn(path, { write: true })).close();
  } catch (error) {
    throw auditLogError(path, error);
  }
}

/** The folder that is there already, where one would have to be made. */
async function nearestFolder(path: string): Promise<string> {
  const found = await inTime(path, () => stat(path).catch(() => undefined));
  if (found?.isDirectory()) return path;
  if (found !== undefined)
    throw Object.assign(new Error(`ENOTDIR: ${path} is no folder`), { code: "ENOTDIR" });
  return dirname(path) === path ? path : nearestFolder(dirname(path));
}
