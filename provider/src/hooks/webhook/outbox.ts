import { createHash } from "node:crypto";
import { lstat, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { FileTrouble, inTime } from "../../fileTrouble.js";
import { readOwn, removeOwn, writeOwn } from "../../ownFiles.js";
import { makeOwnFolder } from "../../ownFolders.js";
import type { Notice } from "./notice.js";
import type { SealedAddress } from "./sealed.js";

/** A notice that waits, as it lies in its file. */
export interface StoredNotice extends Notice {
  /** Where it goes; not readable without a secret of the stack. */
  address: SealedAddress;
  /** Why it was not delivered the last time. */
  trouble?: string;
  /**
   * The receiver does not want it as it is, or wants no more notices at all: it is sent only on demand, and the latter
   * only by force.
   */
  refusal?: "refused" | "gone";
}

/** What a file must hold to be one. */
const SCHEMA = z.looseObject({
  id: z.string(),
  source: z.string(),
  name: z.string(),
  operation: z.string(),
  timestamp: z.string(),
  contentType: z.string(),
  body: z.string(),
  address: z.looseObject({ recipients: z.array(z.unknown()) }),
});

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
  /** What lies in a place; `undefined` when it was taken away meanwhile, or is no notice: that is set aside. */
  read(slot: Slot): Promise<StoredNotice | undefined>;
  /** Replaces what lies in a place, unless it was taken away meanwhile. */
  update(slot: Slot, notice: StoredNotice): Promise<void>;
  /** Takes a notice out that was delivered. */
  remove(slot: Slot): Promise<void>;
}

/** Where the outbox of an audit log is: beside it. */
export const outboxFolder = (auditLog: string): string => `${auditLog.replace(/\.jsonl?$/, "")}.outbox`;

/** Digits that keep the files of a folder in the order in which they were put there. */
const TIME_DIGITS = 13;
const COUNT_DIGITS = 6;
/** A notice has some kilobytes: a name, an encrypted address for each secret, and its body. */
const LARGEST_NOTICE = 2 ** 20;
const FILE = /^\d{13}-\d{6}-([0-9a-f]{16})-(msg_[0-9a-f]+)\.json$/;

/** Opens an outbox; its folder is made when something is put there. @param warn is told what was set aside. */
export function openOutbox(folder: string, warn: (message: string) => void): Outbox {
  let known: Promise<Slot[]> | undefined;
  let count = 0;

  /** What was there at first, and what this process has done since: a run reads the folder once. */
  function slots(): Promise<Slot[]> {
    known ??= list(folder);
    return known;
  }

  async function drop(slot: Slot): Promise<void> {
    const all = await slots();
    if (all.includes(slot)) all.splice(all.indexOf(slot), 1);
  }

  const write = (file: string, notice: StoredNotice) => writeOwn(join(folder, file), JSON.stringify(notice));

  return {
    folder,
    put: async (notice) => {
      count += 1;
      const time = String(Date.now()).padStart(TIME_DIGITS, "0");
      const order = `${time}-${String(count).padStart(COUNT_DIGITS, "0")}`;
      const already = (await slots()).find(({ id }) => id === notice.id);
      if (already !== undefined) return already;
      await makeOwnFolder(folder);
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
    read: async (slot) => {
      const path = join(folder, slot.file);
      const found = await readNotice(path);
      if (typeof found === "object") return found;
      await drop(slot);
      if (found !== undefined) {
        await inTime(path, () => rename(path, `${path}.corrupt`));
        warn(`${slot.file} in ${folder} ${found}: it was set aside as ${slot.file}.corrupt`);
      }
      return undefined;
    },
    update: async ({ file }, notice) => {
      // What another process has delivered meanwhile must not come back.
      const path = join(folder, file);
      if ((await inTime(path, () => lstat(path)).catch(unlessMissing)) !== undefined)
        await write(file, notice);
    },
    remove: async (slot) => {
      await removeOwn(join(folder, slot.file));
      await drop(slot);
    },
  };
}

/** @returns `undefined` when nothing is there, or why what is there is no notice. */
async function readNotice(path: string): Promise<StoredNotice | string | undefined> {
  try {
    const text = await readOwn(path, { limit: LARGEST_NOTICE });
    return text === undefined ? undefined : (SCHEMA.parse(JSON.parse(text)) as unknown as StoredNotice);
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof SyntaxError) return "is no notice";
    if (error instanceof FileTrouble && error.code !== "ETIMEDOUT")
      return `is no notice of ours (${error.reason})`;
    throw error;
  }
}

/** `undefined` for what is not there. */
function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}

async function list(folder: string): Promise<Slot[]> {
  const names = (await inTime(folder, () => readdir(folder)).catch(unlessMissing)) ?? [];
  return names.sort().flatMap((file) => {
    const [, source, id] = FILE.exec(file) ?? [];
    return source === undefined || id === undefined ? [] : [{ file, id, source }];
  });
}

const hashOf = (source: string): string => createHash("sha256").update(source).digest("hex").slice(0, 16);
