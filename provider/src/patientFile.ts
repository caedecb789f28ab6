/**
 * Open files that give up waiting for a file system that does not answer: `patient` makes one, `closeInOrder` closes
 * several of which one keeps others away from the rest.
 */
import type { FileHandle } from "node:fs/promises";
import { FileTrouble, inTime } from "./fileTrouble.js";

/** What a file does that the system has to answer. Closing is another matter: it waits for all of these. */
const ANSWERED = new Set<PropertyKey>([
  ...["appendFile", "chmod", "chown", "datasync", "read", "readFile", "readv", "stat", "sync"],
  ...["truncate", "utimes", "write", "writeFile", "writev"],
]);

interface Known {
  file: FileHandle;
  /** Why nothing more is begun with it. */
  trouble?: FileTrouble;
}

const known = new WeakMap<FileHandle, Known>();

/**
 * The same file, each of its operations limited to `FILE_PATIENCE_MS`. Once it has given up on one, the next ones fail at
 * once: they would wait behind it.
 *
 * @param path names it in messages.
 */
export function patient(path: string, file: FileHandle): FileHandle {
  const it: Known = { file };
  const answered = async (operation: () => Promise<unknown>) => {
    if (it.trouble !== undefined) throw it.trouble;
    try {
      return await inTime(path, operation);
    } catch (error) {
      if (error instanceof FileTrouble) it.trouble = error;
      throw error;
    }
  };
  const made = new Proxy(file, {
    get: (_, key) => {
      const value: unknown = Reflect.get(file, key, file);
      if (typeof value !== "function") return value;
      if (key === "close") return () => closeInOrder(path, [made]);
      if (!ANSWERED.has(key)) return value.bind(file);
      return (...given: unknown[]) => answered(() => value.apply(file, given));
    },
  });
  known.set(made, it);
  return made;
}

/**
 * Closes files one after the other, each once nothing is under way in the one before: a lock on the last one keeps others
 * out until then. Where one does not answer nobody waits for that.
 */
export async function closeInOrder(path: string, files: readonly FileHandle[]): Promise<void> {
  const all = files.map((file) => known.get(file) ?? { file });
  const closeAll = async () => {
    for (const { file } of all) await file.close();
  };
  if (all.every(({ trouble }) => trouble === undefined)) return inTime(path, closeAll);
  closeAll().catch(() => {
    // What it was closed for has been said.
  });
}
