/** The notices that are not delivered yet: a file each, in the order in which they came about. */
import { createHash } from "node:crypto";
import { lstat, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { FileTrouble, inTime } from "../../fileTrouble.js";
import { LARGEST, LONGEST, MOST } from "../../limits.js";
import { readOwn, removeOwn, writeOwn } from "../../ownFiles.js";
import { makeOwnFolder } from "../../ownFolders.js";
import type { Notice } from "./notice.js";
import type { SealedAddress } from "./sealed.js";

/** A notice that waits, as it lies in its file. */
export interface StoredNotice extends Notice {
  /** Where it goes, bound to the notice; not readable without a secret of the stack. */
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
  address: z.looseObject({ recipients: z.array(z.unknown()).max(MOST.recipients) }),
  trouble: z.string().max(LONGEST.trouble).optional(),
  refusal: z.enum(["refused", "gone"]).optional(),
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
  /**
   * Resolves when the notice is on disk for good. One that waits already, from a step taken before, gives up its place
   * to it: it may go to an address that nobody asks for any more.
   */
  put(notice: StoredNotice): Promise<{ slot: Slot }>;
  /** The places of all that waits, oldest first. */
  waiting(): Promise<Slot[]>;
  /** The places of what waits of a resource, oldest first. */
  waitingOf(source: string): Promise<Slot[]>;
  /** What lies in a place; `undefined` when it was taken away meanwhile, or is no notice: that is set aside. */
  read(slot: Slot): Promise<StoredNotice | undefined>;
  /** Keeps what lies in a place from being sent, for somebody to look at, and says so. @param why a clause, such as `it is a link`. */
  setAside(slot: Slot, why: string): Promise<void>;
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
const LATEST = 10 ** TIME_DIGITS - 1;
const FILE = /^\d{13}-\d{6}-([0-9a-f]{16})-(msg_[0-9a-f]+)\.json$/;

/** Opens an outbox; its folder is made when something is put there. @param warn is told what was set aside. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a closure in the place of a class; each of its methods is short, and they share what stands at its top
export function openOutbox(folder: string, warn: (message: string) => void): Outbox {
  let known: Promise<Slot[]> | undefined;
  let made: Promise<void> | undefined;
  let count = 0;
  let latest = 0;

  /** What was there at first, and what this process has done since: a run reads the folder once. */
  function slots(): Promise<Slot[]> {
    known ??= list(folder).catch((error) => {
      // What fails now may succeed with the next step. What does not answer would be waited for at every one.
      if (error.code !== "ETIMEDOUT") known = undefined;
      throw error;
    });
    return known;
  }

  async function drop(slot: Slot): Promise<void> {
    const all = await slots();
    if (all.includes(slot)) all.splice(all.indexOf(slot), 1);
  }

  const write = (file: string, notice: StoredNotice) => writeOwn(join(folder, file), JSON.stringify(notice));

  /** Makes the folder, too: once, and again where somebody has taken it away. */
  async function writeNew(file: string, notice: StoredNotice): Promise<void> {
    const isMade = made !== undefined;
    made ??= makeOwnFolder(folder);
    try {
      await made;
      await write(file, notice);
    } catch (error) {
      made = undefined;
      if (!isMade || (error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      await writeNew(file, notice);
    }
  }

  /** Later than whatever waits, also where the clock was set back meanwhile. */
  function nextTime(all: readonly Slot[]): string {
    const last = Number(all.at(-1)?.file.slice(0, TIME_DIGITS) ?? 0);
    latest = Math.min(Math.max(Date.now(), last + 1, latest + 1), LATEST);
    return String(latest).padStart(TIME_DIGITS, "0");
  }

  async function setAside(slot: Slot, why: string): Promise<void> {
    await drop(slot);
    const path = join(folder, slot.file);
    const isThere = (await inTime(path, () => lstat(`${path}.corrupt`)).catch(unlessMissing)) !== undefined;
    const aside = isThere ? `${slot.file}.${Date.now()}.corrupt` : `${slot.file}.corrupt`;
    const trouble = await inTime(path, () => rename(path, join(folder, aside))).then(
      () => `it was set aside as ${aside}`,
      (error: Error) => `it cannot be set aside (${error.message})`,
    );
    warn(`${slot.file} in ${folder} is not sent, because ${why}: ${trouble}`);
  }

  return {
    folder,
    put: async (notice) => {
      count += 1;
      const place = String(count).padStart(COUNT_DIGITS, "0");
      const before = await slots();
      const already = before.find(({ id }) => id === notice.id);
      if (already !== undefined) {
        await writeNew(already.file, notice);
        return { slot: already };
      }
      const order = `${nextTime(before)}-${place}`;
      const source = hashOf(notice.source);
      const slot = { file: `${order}-${source}-${notice.id}.json`, id: notice.id, source };
      await writeNew(slot.file, notice);
      const all = await slots();
      all.push(slot);
      all.sort((a, b) => (a.file < b.file ? -1 : 1));
      return { slot };
    },
    waiting: async () => [...(await slots())],
    waitingOf: async (source) => (await slots()).filter((slot) => slot.source === hashOf(source)),
    read: async (slot) => {
      const text = await readOwn(join(folder, slot.file), { limit: LARGEST.notice }).catch(asTrouble);
      if (typeof text === "string") {
        const notice = parse(text);
        if (notice !== undefined && isOf(notice, slot)) return notice;
        await setAside(
          slot,
          notice === undefined ? "it is no notice" : "it is another notice than its name says",
        );
      } else if (text === undefined) await drop(slot);
      else await setAside(slot, text.trouble);
      return undefined;
    },
    setAside,
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

const isOf = (notice: StoredNotice, { id, source }: Slot): boolean =>
  notice.id === id && hashOf(notice.source) === source;

/** What is wrong with a file that is none of ours, said as a clause; a file system that does not answer is another matter. */
function asTrouble(error: Error & { code?: string }): { trouble: string } {
  if (error instanceof FileTrouble && error.code !== "ETIMEDOUT") return { trouble: error.reason };
  if (error.code === "EACCES" || error.code === "EPERM")
    return { trouble: `it cannot be read (${error.code})` };
  throw error;
}

function parse(text: string): StoredNotice | undefined {
  try {
    return SCHEMA.parse(JSON.parse(text)) as unknown as StoredNotice;
  } catch {
    return undefined;
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
