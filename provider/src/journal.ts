/**
 * Where records of creates stand on the disk of this machine. What becomes of a record says table G (`lifecycle/record.ts`);
 * after a reply to a POST, table D (`lifecycle/createTables.ts`).
 */
import type { CreateRecord } from "./createRecord.js";
import { type JournalFolder, journalFolders, makeJournalFolder } from "./journalFolder.js";
import { removeOwn, renameOwnAtOnce, writeOwn } from "./ownFiles.js";
import { filesOf, latestOf, type RecordFiles, removeAll, stemOf, stemsIn } from "./recordFiles.js";

/**
 * What this machine remembers of creates, whatever becomes of the process: the proof that something is ours although
 * the stack's state does not know of it.
 */
export interface Journal {
  /** @returns `undefined` where nothing is remembered of this host, or where it cannot be read. */
  find(urn: string): Promise<CreateRecord | undefined>;
  /**
   * As `find`, but nothing where the record is `stored`: it is not opened. What another process writes meanwhile it may miss:
   * the folder is looked into once.
   */
  findOpen(urn: string): Promise<CreateRecord | undefined>;
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
  /** What the engine is given by this process, by how its files begin. */
  const returned = new Map<string, RecordFiles>();
  let open: Promise<Set<string>> | undefined;

  /** @param aside tells entries of one resource apart that were set aside. */
  const stem = (urn: string, ...aside: unknown[]) => stemOf([urn, host() ?? null, ...aside]);
  const everywhere = (start: string): RecordFiles[] => folders().map(({ path }) => filesOf(path, start));

  const unlessImpossible = async (change: () => Promise<unknown>) => {
    try {
      await change();
    } catch (error) {
      if (!warned) warn(sayUnwritable((error as Error).message));
      warned = true;
    }
  };

  const save = async (start: string, entry: CreateRecord): Promise<RecordFiles> => {
    made ??= makeJournalFolder(folders());
    const files = filesOf((await made).path, start);
    const isStored = entry.phase === "stored";
    await writeOwn(isStored ? files.stored : files.open, JSON.stringify({ ...entry, host: host() }));
    if (isStored) await removeOwn(files.open);
    else (await open)?.add(start);
    return files;
  };

  const find = async (urn: string) => {
    const entry = await latestOf(everywhere(stem(urn)));
    return entry?.urn === urn && entry.host === host() ? entry : undefined;
  };

  return {
    find,
    findOpen: async (urn) => {
      open ??= stemsOf(folders()).then((all) => new Set(all.open));
      if (!(await open).has(stem(urn))) return undefined;
      const entry = await find(urn);
      if (entry?.phase !== "stored") return entry;
      // Written by a release whose files did not say so.
      await unlessImpossible(() => save(stem(urn), entry));
      return undefined;
    },
    all: async () => {
      const { open: some, stored } = await stemsOf(folders());
      const entries: CreateRecord[] = [];
      for (const start of new Set([...some, ...stored])) {
        const entry = await latestOf(everywhere(start));
        if (entry !== undefined) entries.push(entry);
      }
      return entries;
    },
    write: (entry) =>
      unlessImpossible(async () => {
        const start = stem(entry.urn);
        const files = await save(start, entry);
        if (entry.phase === "returned") returned.set(start, files);
        else returned.delete(start);
      }),
    forget: (urn) =>
      unlessImpossible(async () => {
        returned.delete(stem(urn));
        await removeAll(everywhere(stem(urn)));
      }),
    setAside: (entry) =>
      unlessImpossible(() => save(stem(entry.urn, entry.name, entry.postedAt), { ...entry, isAside: true })),
    settle: () => {
      for (const { open: file, stored } of returned.values()) {
        try {
          renameOwnAtOnce(file, stored);
        } catch {
          // Best effort: then the next run asks the stack.
        }
      }
    },
  };
}

/** How the files of all records begin. */
async function stemsOf(folders: readonly JournalFolder[]) {
  const each = await Promise.all(folders.map(({ path }) => stemsIn(path)));
  return { open: each.flatMap(({ open }) => open), stored: each.flatMap(({ stored }) => stored) };
}

/** @param reason names the file or folder. */
const sayUnwritable = (reason: string): string =>
  `the journal cannot be written (${reason}): should this run be killed, the next one may not know what it had made under a name that the program chose. Where nothing can be written in the project's folder, the journal follows the audit log: set genesyscloud:auditLog to a file elsewhere`;
