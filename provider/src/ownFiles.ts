/**
 * Files that are this package's own, or that it was told to use: opened without following a link, looked at before they
 * are used, and put in place whole or not at all.
 *
 * - `openOwn` opens one, `readOwn` reads all of one up to a limit.
 * - `writeOwn` puts one in place for its owner's eyes only. `writeTheirs` does the same with a user's file, which stays theirs.
 *   `createTheirs` makes one for a user, and never overwrites.
 * - `renameOwn` gives one another name, `removeOwn` takes one away. `renameOwnAtOnce` is for the very end of a process.
 *
 * All but that one give up waiting for a file system that does not answer.
 * `FileTrouble` says what is wrong; other errors are the system's own.
 */
import { randomUUID } from "node:crypto";
import { constants, renameSync, type Stats } from "node:fs";
import { type FileHandle, lstat, open, realpath, rename, rm, stat, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { FileTrouble, inTime } from "./fileTrouble.js";
import { keepOthersOut, refuseForeign, syncFolder } from "./ownFolders.js";
import { patient } from "./patientFile.js";

const OWNERS_EYES_ONLY = 0o600;
/** As the process's umask has it. */
const THEIRS = 0o666;

/** How a file is opened: for reading alone, where nothing else is said. */
export interface Opening {
  /** For writing as well as reading. */
  write?: boolean;
  /** Makes it, for its owner's eyes only, where it is not there; `"new"`: it must not be there. For writing, too. */
  create?: boolean | "new";
  /** Whether it may be another user's, as what somebody asks to look at may be. What is ours alone may not. */
  anyOwner?: boolean;
}

/**
 * Opens a file. No link is followed in the last part of its path, and nothing but a file is opened: no pipe, device or
 * folder. Others than its owner who could write to it cannot any more. Whoever calls closes it; what is done with it until
 * then is limited in its time, too.
 *
 * @throws FileTrouble when it is something else, another user's, or, for writing, a file that has another name, too.
 */
export function openOwn(path: string, opening: Opening = {}): Promise<FileHandle> {
  return inTime(path, async (isLate) => {
    // Even to open a device can do something: it is looked at first.
    const before = await lstat(path).catch(unlessMissing);
    if (before !== undefined) refuseAllButFiles(path, before);
    const file = await open(path, flagsOf(opening), OWNERS_EYES_ONLY).catch((error) => {
      throw error.code === "ELOOP" ? noFile(path, "a link", "ELOOP") : error;
    });
    try {
      if (isLate()) throw new Error("nobody waits for it any more");
      await check(path, file, opening);
      return patient(path, file);
    } catch (error) {
      await file.close();
      throw error;
    }
  });
}

/** Where the system knows no such flag, as on Windows, it is not given. */
const flag = (name: "O_NOFOLLOW" | "O_NONBLOCK" | "O_NOCTTY"): number => constants[name] ?? 0;

function flagsOf({ write, create }: Opening): number {
  const access = write || create ? constants.O_RDWR : constants.O_RDONLY;
  const making = create === undefined || create === false ? 0 : constants.O_CREAT;
  const alone = create === "new" ? constants.O_EXCL : 0;
  return access | making | alone | flag("O_NOFOLLOW") | flag("O_NONBLOCK") | flag("O_NOCTTY");
}

async function check(path: string, file: FileHandle, { write, create, anyOwner }: Opening): Promise<void> {
  const found = await file.stat();
  refuseAllButFiles(path, found);
  if ((write || create) && found.nlink > 1)
    throw new FileTrouble(
      path,
      "EMLINK",
      "it has another name elsewhere (a hard link), where the same would be written",
      "Put a copy in its place",
    );
  if (anyOwner) return;
  await refuseForeign(path, found);
  await keepOthersOut(file, found);
}

/** @throws FileTrouble */
function refuseAllButFiles(path: string, found: Stats): void {
  if (found.isFile()) return;
  if (found.isSymbolicLink()) throw noFile(path, "a link", "ELOOP");
  if (found.isDirectory()) throw noFile(path, "a folder", "EISDIR");
  throw noFile(path, found.isFIFO() || found.isSocket() ? "a pipe" : "a device", "EINVAL");
}

function noFile(path: string, what: string, code: string): FileTrouble {
  const why =
    what === "a link" ? "it is a link, and links are not followed here" : `it is ${what}, and no file`;
  return new FileTrouble(path, code, why, "Move it away, or name another place");
}

/** `undefined` for what is not there. */
function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}

/**
 * Reads all of a file. What is longer than the limit is an error, and is not read to its end.
 *
 * @param limit in bytes.
 * @returns `undefined` where there is none.
 * @throws FileTrouble as `openOwn` does, and when it is too long.
 */
export async function readOwn(
  path: string,
  { limit, anyOwner }: { limit: number } & Pick<Opening, "anyOwner">,
): Promise<string | undefined> {
  const file = await openOwn(path, { anyOwner }).catch(unlessMissing);
  if (file === undefined) return undefined;
  return inTime(path, async () => {
    try {
      return await readAll(path, file, limit);
    } finally {
      await file.close();
    }
  });
}

/** How much of a file is read at once, in bytes. */
const PIECE = 64 * 1024;

async function readAll(path: string, file: FileHandle, limit: number): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  // What a file says of its size is not asked: it may grow meanwhile, and what /proc has seems to be empty.
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(PIECE), 0, PIECE, length);
    if (bytesRead === 0) return Buffer.concat(pieces).toString("utf8");
    length += bytesRead;
    if (length > limit) throw tooLong(path, limit);
    pieces.push(buffer.subarray(0, bytesRead));
  }
}

const tooLong = (path: string, limit: number) =>
  new FileTrouble(
    path,
    "EFBIG",
    `it is longer than ${limit} bytes`,
    "Nothing that this package writes there is: move it away",
  );

/**
 * Puts a file in place, whole or not at all, for its owner's eyes only. Resolves when it is there for good: neither a
 * killed process nor a power failure takes it away again. It is ours, whoever had the one before.
 *
 * @throws FileTrouble when what is there is no file, or another user's.
 */
export function writeOwn(path: string, text: string): Promise<void> {
  return inTime(path, async (isLate) => {
    const before = await lstat(path).catch(unlessMissing);
    if (before !== undefined) {
      refuseAllButFiles(path, before);
      await refuseForeign(path, before);
    }
    await put(path, text, { isLate });
  });
}

/** Puts a file of the user's in place, such as a program, behind every link. Owner and rights stay as they are. */
export function writeTheirs(path: string, text: string): Promise<void> {
  return inTime(path, async (isLate) => {
    const file = (await realpath(path).catch(unlessMissing)) ?? path;
    const like = await stat(file).catch(unlessMissing);
    await put(file, text, like === undefined ? { mode: THEIRS, isLate } : { like, isLate });
  });
}

/** Makes a file for a user, such as a module of a program. @throws the system's `EEXIST` where something is there. */
export function createTheirs(path: string, text: string): Promise<void> {
  return inTime(path, async (isLate) => {
    // In its place at once: to rename one would overwrite what another process has made meanwhile.
    const file = await open(path, "wx", THEIRS);
    try {
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      if (isLate()) throw new Error("nobody waits for it any more");
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    await syncFolder(dirname(path));
  });
}

interface Putting {
  /** The rights of a new file, of which the process's umask takes its share. */
  mode?: number;
  /** Whose owner and rights it gets. */
  like?: Stats;
  isLate: () => boolean;
}

async function put(path: string, text: string, { mode, like, isLate }: Putting): Promise<void> {
  const temporary = temporaryFor(path);
  try {
    const file = await open(temporary, "wx", mode ?? OWNERS_EYES_ONLY);
    try {
      await file.writeFile(text);
      if (like !== undefined) await makeAlike(file, like);
      await file.sync();
    } finally {
      await file.close();
    }
    if (isLate()) throw new Error("nobody waits for it any more");
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Who may not give a file away keeps it, and some file systems know no rights. */
async function makeAlike(file: FileHandle, { uid, gid, mode }: Stats): Promise<void> {
  const made = await file.stat();
  if (made.uid !== uid || made.gid !== gid) await file.chown(uid, gid).catch(unlessNotAllowed);
  await file.chmod(mode & 0o777).catch(unlessNotAllowed);
}

/** A name that nobody can guess, and so put a link there. */
const temporaryFor = (path: string): string => `${path}.${randomUUID()}.tmp`;

function unlessNotAllowed(error: NodeJS.ErrnoException): void {
  if (!["EPERM", "EINVAL", "ENOSYS", "ENOTSUP"].includes(error.code ?? "")) throw error;
}

/** Gives a file another name, in the same folder. */
export const renameOwn = (path: string, to: string): Promise<void> => inTime(path, () => rename(path, to));

/** As `renameOwn`, before it returns, though not for good: at the end of a process. */
export const renameOwnAtOnce = (path: string, to: string): void => renameSync(path, to);

/** Whether something is there, whatever it is. */
export const isThere = (path: string): Promise<boolean> =>
  inTime(path, async () => (await lstat(path).catch(() => undefined)) !== undefined);

/** Takes a file away, if it is there. */
export const removeOwn = (path: string): Promise<void> =>
  inTime(path, async () => void (await unlink(path).catch(unlessMissing)));
