import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import type { Notice } from "./notice.js";
import type { SealedAddress } from "./sealed.js";

/** A notice that waits, as it lies in its file. */
export interface StoredNotice extends Notice {
  /** Where it goes; not readable without a secret of the stack. */
  address: SealedAddress;
  /** Why it was not delivered the last time. */
  trouble?: string;
  /** The receiver wants no more of it: it stays for the record and is sent only on demand. */
  gone?: boolean;
}

/** A place in the outbox. */
export interface Slot {
  file: string;
  id: string;
  /** A hash of the notice's `source`. */
  source: string;
}

/**
 * Notices that were not delivered yet, each a file of its own in one folder: what a killed process leaves there is
 * whole or not there at all, and several processes never write to the same file.
 */
export interface Outbox {
  readonly folder: string;
  /** Resolves when the notice is on disk for good. One that waits already, from a step taken before, stays as it is. */
  put(notice: StoredNotice): Promise<Slot>;
  /** The places of all that waits, oldest first. */
  waiting(): Promise<Slot[]>;
  /** The places of what waits of a source, oldest first. */
  waitingOf(source: string): Promise<Slot[]>;
  /** What lies in a place; `undefined` when it was taken away meanwhile. */
  read(slot: Slot): Promise<StoredNotice | undefined>;
  /** Replaces what lies in a place. */
  update(slot: Slot, notice: StoredNotice): Promise<void>;
  /** Takes a notice out that was delivered. */
  remove(slot: Slot): Promise<void>;
}

/** Where the outbox of an audit log is: beside it. */
export const outboxFolder = (auditLog: string): string => `${auditLog.replace(/\.jsonl?$/, "")}.outbox`;

/** Digits that keep the files of a folder in the order in which they were put there. */
const TIME_DIGITS = 13;
const COUNT_DIGITS = 6;
const FILE = /^\d{13}-\d{6}-([0-9a-f]{16})-(msg_[0-9a-f]+)\.json$/;

/** Opens an outbox; its folder is made when something is put there. */
export function openOutbox(folder: string): Outbox {
  let known: Slot[] | undefined;
  let count = 0;

  /** What was there at first, and what this process has done since: a run reads the folder once. */
  async function slots(): Promise<Slot[]> {
    known ??= await list(folder);
    return known;
  }

  const write = (file: string, notice: StoredNotice) =>
    writeFileAtomic(join(folder, file), JSON.stringify(notice), { mode: 0o600 });

  return {
    folder,
    put: async (notice) => {
      count += 1;
      const time = String(Date.now()).padStart(TIME_DIGITS, "0");
      const order = `${time}-${String(count).padStart(COUNT_DIGITS, "0")}`;
      const already = (await slots()).find(({ id }) => id === notice.id);
      if (already !== undefined) return already;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const source = hashOf(notice.source);
      const slot = { file: `${order}-${source}-${notice.id}.json`, id: notice.id, source };
      await write(slot.file, notice);
      const all = await slots();
      all.push(slot);
      all.sort((a, b) => (a.file < b.file ? -1 : 1));
      return slot;
    },
    waiting: async () => [...(await slots())],
    waitingOf: async (source) => (await slots()).filter((slot) => slot.source === hashOf(source)),
    read: async ({ file }) => {
      try {
        return JSON.parse(await readFile(join(folder, file), "utf8"));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
      }
    },
    update: ({ file }, notice) => write(file, notice),
    remove: async (slot) => {
      await rm(join(folder, slot.file), { force: true });
      const all = await slots();
      if (all.includes(slot)) all.splice(all.indexOf(slot), 1);
    },
  };
}

async function list(folder: string): Promise<Slot[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return names.sort().flatMap((file) => {
    const [, source, id] = FILE.exec(file) ?? [];
    return source === undefined || id === undefined ? [] : [{ file, id, source }];
  });
}

const hashOf = (source: string): string => createHash("sha256").update(source).digest("hex").slice(0, 16);
