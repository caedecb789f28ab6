/**
 * Folders that are made, and stay made: `makeFolder` for any, `makeOwnFolder` for one that only this package writes to,
 * `syncFolder` for what was put into one.
 */
import { randomUUID } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { lstat, mkdir, open, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { cargo, type QueueObject } from "async";
import { FileTrouble, inTime } from "./fileTrouble.js";

/** What others than the owner may write to. */
const OTHERS_WRITE = 0o022;

/**
 * Makes a folder, and what is missing above it, for its owner's eyes only. Resolves when it is there for good: neither a
 * killed process nor a power failure takes it away again. A folder that is there already may be anybody's.
 *
 * Node's own recursive mkdir never ends where the parent is there and still no folder can be made, as under /proc.
 */
export async function makeFolder(path: string): Promise<void> {
  await inTime(path, async () => {
    const missing: string[] = [];
    let place = resolve(path);
    while (!(await make(place))) {
      missing.push(place);
      if (dirname(place) === place) throw neverThere(place);
      place = dirname(place);
    }
    for (const each of missing.reverse()) if (!(await make(each))) throw neverThere(each);
  });
}

/** @returns whether it is there now; `false` when something above it is missing. */
async function make(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return false;
    // What a system says of a folder that is there differs.
    const there = await stat(path).catch(() => undefined);
    if (there?.isDirectory()) return true;
    throw code === "EEXIST" ? noFolder(path) : error;
  }
  await sync(dirname(path));
  return true;
}

const neverThere = (path: string) =>
  new FileTrouble(path, "ENOENT", "no folder can be made here", "Name another place");

const noFolder = (path: string) =>
  new FileTrouble(path, "ENOTDIR", "it is no folder", "Move it away, or name another place");

/**
 * Makes a folder that only this package writes to, and what is missing above it. One that is there must be ours: no
 * link, and nobody else's. Others who could write to it cannot any more.
 *
 * @throws FileTrouble when it is a link, no folder, or another user's.
 */
export async function makeOwnFolder(path: string): Promise<void> {
  await makeFolder(path);
  await inTime(path, async () => {
    const found = await lstat(path);
    if (found.isSymbolicLink())
      throw new FileTrouble(
        path,
        "ELOOP",
        "it is a link, and links are not followed here",
        "Put a folder in its place",
      );
    await refuseForeign(path, found);
    if ((found.mode & OTHERS_WRITE) !== 0) await tighten(path);
  });
}

async function tighten(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    await keepOthersOut(folder, await folder.stat());
  } finally {
    await folder.close();
  }
}

/**
 * Takes the right to write from everybody but the owner. Best effort: not every file system knows such rights.
 *
 * @param found what the open file, or folder, says of itself.
 */
export async function keepOthersOut(
  file: { chmod(mode: number): Promise<void> },
  { mode }: Pick<Stats, "mode">,
): Promise<void> {
  if ((mode & OTHERS_WRITE) !== 0) await file.chmod(mode & 0o777 & ~OTHERS_WRITE).catch(() => {});
}

/**
 * @param found what there is to know of it.
 * @throws FileTrouble when it is another user's.
 */
export async function refuseForeign(path: string, found: Pick<Stats, "uid">): Promise<void> {
  const own = process.geteuid?.();
  if (own === undefined || found.uid === own) return;
  // Some file systems give all that is made in them to one user: NFS to nobody, an access point of EFS to its own.
  if (found.uid === (await whoGetsWhatWeMakeIn(dirname(path)))) return;
  throw new FileTrouble(
    path,
    "EPERM",
    `it belongs to another user (uid ${found.uid}, and this process is of uid ${own})`,
    "Run as that user; or move it away, or make it yours (chown) if you trust what is in it",
  );
}

async function whoGetsWhatWeMakeIn(folder: string): Promise<number | undefined> {
  const path = join(folder, `.${randomUUID()}.tmp`);
  try {
    const file = await open(path, "wx", 0o600);
    try {
      return (await file.stat()).uid;
    } finally {
      await file.close();
      await rm(path, { force: true });
    }
  } catch {
    return undefined;
  }
}

/**
 * What was just made, or renamed, is only there for good when its folder is on disk, too. Who asks while the folder is on
 * its way to the disk shares the next time with all who do.
 */
export function syncFolder(path: string): Promise<void> {
  const known = syncs.get(path);
  if (known !== undefined) return known.pushAsync(path);
  const waiting = cargo<string>(async () => inTime(path, () => sync(path)));
  syncs.set(path, waiting);
  return waiting.pushAsync(path);
}

/** Who waits for a folder, of the few that a process writes to. */
const syncs = new Map<string, QueueObject<string>>();

async function sync(path: string): Promise<void> {
  // Windows cannot open a folder, and needs no such thing.
  if (process.platform === "win32") return;
  const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
