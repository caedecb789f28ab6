/**
 * Where the journal of a project lies: in the project's folder; or, where that cannot be written, beside the audit log,
 * if that lies elsewhere.
 */
import { constants } from "node:fs";
import { access, lstat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { inTime } from "./fileTrouble.js";
import { writeOwn } from "./ownFiles.js";
import { makeOwnFolder } from "./ownFolders.js";

/** A folder that a journal may lie in. */
export interface JournalFolder {
  path: string;
  /** The folder of ours that it is in, which is kept out of repositories. */
  kept: string;
}

/**
 * The folders that a project's journal may lie in: where it is written is the first that can be; what was written may
 * lie in each of them.
 *
 * @param auditLog the file that is set as the audit log, if any: a path from the project's folder.
 */
export function journalFolders(projectFolder: string, auditLog: string | undefined): JournalFolder[] {
  const ours = join(projectFolder, FOLDER);
  const inProject = { path: join(ours, "journal"), kept: ours };
  if (auditLog === undefined) return [inProject];
  const log = resolve(projectFolder, auditLog);
  if (dirname(log) === resolve(projectFolder)) return [inProject];
  const beside = `${log.replace(/\.jsonl?$/, "")}.journal`;
  return [inProject, { path: beside, kept: beside }];
}

/** This package's own folder in a project's. */
const FOLDER = ".genesyscloud-eventbridge";

/**
 * Makes the first folder that can be written.
 *
 * @throws Error when none can; the message says why of each.
 */
export async function makeJournalFolder(folders: readonly JournalFolder[]): Promise<JournalFolder> {
  const reasons: string[] = [];
  for (const folder of folders) {
    const { path, kept } = folder;
    try {
      await makeOwnFolder(kept);
      if (path !== kept) await makeOwnFolder(path);
      // Of a folder that is there already nothing is known yet.
      await inTime(path, () => access(path, constants.W_OK));
      await keepOutOfRepositories(kept);
      return folder;
    } catch (error) {
      reasons.push((error as Error).message);
    }
  }
  throw new Error(reasons.join("; "));
}

/** It is of this machine only. What is there already somebody may have changed on purpose. */
async function keepOutOfRepositories(folder: string): Promise<void> {
  const ignore = join(folder, ".gitignore");
  const found = await inTime(ignore, () => lstat(ignore).catch(() => undefined));
  if (found === undefined) await writeOwn(ignore, "*\n");
}
