/**
 * Where records of creates stand on the disk of this machine. What becomes of a record says table G (`lifecycle/record.ts`);
 * after a reply to a POST, table D (`lifecycle/createTables.ts`).
 */
import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { CreateRecord } from "./createRecord.js";
import { inTime } from "./fileTrouble.js";
import { type JournalFolder, journalFolders, makeJournalFolder } from "./journalFolder.js";
import { readOwn, removeOwn, writeOwn, writeOwnAtOnce } from "./ownFiles.js";

/**
 * What this machine remembers of creates, whatever becomes of the process: the proof that something is ours although
 * the stack's state does not know of it.
 */
export interface Journal {
  /** @returns `undefined` where nothing is remembered of this host, or where it cannot be read. */
  find(urn: string): Promise<CreateRecord | undefined>;
  /** All that is remembered, of every host and in no order; what cannot be read is left out. */
  all(): Promise<CreateRecord[]>;
  /** Resolves when it is on disk for good. */
  write(entry: CreateRecord): Promise<void>;
  forget(urn: string): Promise<void>;
  /** Makes room for another entry of the same resource: `find` knows this one no more, `all` does. */
  setAside(entry: CreateRecord): Promise<void>;
  /** Notes, before it returns, that the engine has taken in what creates of this process have returned to it. */
  settle(): void;
}

/** What a file must hold to be one. Release 0.1.0 wrote flags in place of the phase, and `sourceId` for the object's id. */
const SCHEMA = z.preprocess(
  fromFirstRelease,
  z.object({
    urn: z.string(),
    host: z.string().optional(),
    name: z.string(),
    phase: z.enum(["posting", "accepted", "returned", "stored"]),
    postedAt: z.number(),
    until: z.number().optional(),
    fingerprints: z.array(z.string()),
    jobId: z.string().optional(),
    objectId: z.string().optional(),
    duplicatesUntil: z.number().optional(),
    isAside: z.boolean().optional(),
  }),
);

function fromFirstRelease(content: unknown): unknown {
  if (typeof content !== "object" || content === null || "phase" in content) return content;
  const { sourceId, returned, taken, ...rest } = content as Record<string, unknown>;
  const isAccepted = sourceId !== undefined || "jobId" in rest;
  const phase = taken ? "stored" : returned ? "returned" : isAccepted ? "accepted" : "posting";
  return { ...rest, phase, objectId: sourceId };
}

/** In bytes. An entry has some hundreds, and 70 more for each time that it was posted. */
const LARGEST_ENTRY = 2 ** 20;

/**
 * The journal of a project: a file for each resource, so that many steps at once do not get in each other's way. It lies
 * in the project's folder, or beside an audit log that lies elsewhere where that one alone can be written.
 *
 * @param host where the organisation is: what was made elsewhere is neither found nor overwritten.
 * @param warn is told, once, where it cannot be written: steps go on without.
 * @param auditLog the file that is set as the audit log.
 */
export function openJournal(
  projectFolder: string,
  host: () => string | undefined,
  warn: (message: string) => void,
  auditLog: () => string | undefined = () => undefined,
): Journal {
  const folders = () => journalFolders(projectFolder, auditLog());
  let made: Promise<JournalFolder> | undefined;
  let warned = false;
  /** What the engine is given by this process, by its file. */
  const returned = new Map<string, CreateRecord>();

  /** @param aside tells entries of one resource apart that were set aside. */
  const nameOf = (urn: string, ...aside: unknown[]): string => {
    const key = JSON.stringify([urn, host() ?? null, ...aside]);
    return `${createHash("sha256").update(key).digest("hex").slice(0, 32)}.json`;
  };
  const everywhere = (name: string) => folders().map(({ path }) => join(path, name));

  const unlessImpossible = async (change: () => Promise<unknown>) => {
    try {
      await change();
    } catch (error) {
      if (!warned) warn(sayUnwritable((error as Error).message));
      warned = true;
    }
  };

  const save = async (name: string, entry: CreateRecord): Promise<string> => {
    made ??= makeJournalFolder(folders());
    const file = join((await made).path, name);
    await writeOwn(file, textOf(entry));
    return file;
  };
  const textOf = (entry: CreateRecord) => JSON.stringify({ ...entry, host: host() });

  return {
    find: async (urn) => {
      const entry = await latest(everywhere(nameOf(urn)));
      return entry?.urn === urn && entry.host === host() ? entry : undefined;
    },
    all: async () => {
      const names = new Set<string>();
      for (const { path } of folders()) for (const name of await namesIn(path)) names.add(name);
      const entries: CreateRecord[] = [];
      for (const name of names) {
        const entry = await latest(everywhere(name));
        if (entry !== undefined) entries.push(entry);
      }
      return entries;
    },
    write: (entry) =>
      unlessImpossible(async () => {
        const file = await save(nameOf(entry.urn), entry);
        if (entry.phase === "returned") returned.set(file, entry);
        else returned.delete(file);
      }),
    forget: (urn) =>
      unlessImpossible(async () => {
        const files = everywhere(nameOf(urn));
        for (const file of files) returned.delete(file);
        await removeAll(files);
      }),
    setAside: (entry) =>
      unlessImpossible(() =>
        save(nameOf(entry.urn, entry.name, entry.postedAt), { ...entry, isAside: true }),
      ),
    settle: () => {
      for (const [file, entry] of returned) {
        try {
          writeOwnAtOnce(file, textOf({ ...entry, phase: "stored" }));
        } catch {
          // Best effort: then the next run asks the stack.
        }
      }
    },
  };
}

/** @param reason names the file or folder. */
const sayUnwritable = (reason: string): string =>
  `the journal cannot be written (${reason}): should this run be killed, the next one may not know what it had made under a name that the program chose. Where nothing can be written in the project's folder, the journal follows the audit log: set genesyscloud:auditLog to a file elsewhere`;

/** The entry that was written last, of files that may hold the same one; what cannot be read is none. */
async function latest(files: string[]): Promise<CreateRecord | undefined> {
  const found: { file: string; entry: CreateRecord }[] = [];
  for (const file of files) {
    const entry = await read(file);
    if (entry !== undefined) found.push({ file, entry });
  }
  // Nearly always there is one folder, and nothing to choose.
  if (found.length < 2) return found[0]?.entry;
  const times = await Promise.all(found.map(({ file }) => timeOf(file)));
  return found[times.indexOf(Math.max(...times))]?.entry;
}

/** When it was written last, in milliseconds; 0 where that cannot be told. */
const timeOf = (file: string): Promise<number> =>
  inTime(file, async () => (await stat(file)).mtimeMs).catch(() => 0);

async function read(file: string): Promise<CreateRecord | undefined> {
  try {
    const text = await readOwn(file, { limit: LARGEST_ENTRY });
    return text === undefined ? undefined : SCHEMA.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  const names = await inTime(folder, () => readdir(folder)).catch(() => []);
  return names.filter((each) => each.endsWith(".json"));
}

/** @throws Error when it could be taken away nowhere. */
async function removeAll(files: string[]): Promise<void> {
  const tried = await Promise.allSettled(files.map(removeOwn));
  const failed = tried.filter((each) => each.status === "rejected");
  if (failed.length === files.length) throw failed[0]?.reason;
}
