/**
 * The one file that the sandbox keeps: read and replaced without following a link, and only when it is a file of the
 * sandbox's own user.
 */
import { randomUUID } from "node:crypto";
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, type Stats } from "node:fs";
import { open, rename, rm } from "node:fs/promises";

/** What is there can't be used; the message says why, without the path. */
class NotOurFileError extends Error {}

function check(found: Stats): void {
  const own = process.geteuid?.();
  if (found.isSymbolicLink()) throw new NotOurFileError("it is a link, and links are not followed");
  if (!found.isFile()) throw new NotOurFileError("it is no regular file");
  if (own !== undefined && found.uid !== own) {
    throw new NotOurFileError(`it belongs to another user (uid ${found.uid})`);
  }
}

/** The text of a file, or null where there is none. */
export function readOwnFile(path: string): string | null {
  // A pipe would keep whoever opens it waiting: it is looked at first.
  const before = lstatSync(path, { throwIfNoEntry: false });
  if (before === undefined) return null;
  check(before);
  // Windows knows neither flag.
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    check(fstatSync(file));
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

/** Replaces a file, whole or not at all, for its owner's eyes only. The new one is ours, whoever had the one before. */
export async function writeOwnFile(path: string, text: string): Promise<void> {
  const before = lstatSync(path, { throwIfNoEntry: false });
  if (before !== undefined) check(before);
  // Nobody can guess it, and so put a link there.
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
