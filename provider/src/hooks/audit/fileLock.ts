import { constants } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";

interface Locks {
  tryLock(fd: number, offset: number, length: number): boolean;
  waitForLock(fd: number, offset: number, length: number): Promise<void>;
  unlock(fd: number, offset: number, length: number): void;
}

/**
 * A byte far behind every content: on Windows nobody else may read what is locked. It means the whole file where
 * the system knows no other locks.
 */
const BYTE = { offset: 2 ** 40, length: 1 };

/** How long another process may hold the lock: each holds it for a few milliseconds, unless it is stopped. */
const PATIENCE_MS = 30_000;

/** Opens a file for reading and writing; one that is made is for its owner's eyes only. */
export const openOrMake = (path: string): Promise<FileHandle> =>
  open(path, constants.O_RDWR | constants.O_CREAT, 0o600);

/**
 * Runs something while no other process does. It is the system's own lock on a file, which is made if need be: when
 * its holder is killed it is free.
 *
 * @param run is given the file, open.
 * @throws Error when another process does not let go of it.
 */
export async function whileLocked<T>(path: string, run: (file: FileHandle) => Promise<T>): Promise<T> {
  const locks: Locks = require("fs-native-extensions");
  for (;;) {
    const file = await openOrMake(path);
    try {
      if (!locks.tryLock(file.fd, BYTE.offset, BYTE.length))
        await atMost(locks.waitForLock(file.fd, BYTE.offset, BYTE.length));
      // It may have been moved away meanwhile: others would then lock another one.
      if (await isStill(file, path)) return await run(file);
    } finally {
      // Closing it lets go of the lock, too.
      await file.close();
    }
  }
}

async function isStill(file: FileHandle, path: string): Promise<boolean> {
  const [locked, present] = await Promise.all([file.stat(), stat(path).catch(() => undefined)]);
  return present?.ino === locked.ino && present.dev === locked.dev;
}

async function atMost(granted: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new Error(`another process has held its lock for ${PATIENCE_MS / 1_000} s; is one suspended?`),
        ),
      PATIENCE_MS,
    );
  });
  granted.catch(() => {});
  try {
    await Promise.race([granted, patience]);
  } finally {
    clearTimeout(timer);
  }
}
