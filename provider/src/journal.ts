/**
 * Where records of creates stand on the disk of this machine. What becomes of a record says table G (`lifecycle/record.ts`);
 * after a reply to a POST, table D (`lifecycle/createTables.ts`).
 */
import type { CreateRecord } from "./createRecord.js";
import { type JournalFolder, journalFolders, makeJournalFolder } from "./journalFolder.js";
import { renameOwn, renameOwnAtOnce, writeOwn } from "./ownFiles.js";
import { filesOf, latestOf, type RecordFiles, removeAll, stemOf, stemsIn } from "./recordFiles.js";

/**
 * What this machine remembers of creates, whatever becomes of the process: the proof that something is ours although
 * the stack's state does not know of it.
 */
export interface Journal {
  /** @returns `undefined` where nothing is remembered of this host, or where it cannot be read. */
  find(urn: string): Promise<CreateRecord | undefined>;
  /**
   * As `find`, but nothing where the record is `stored`, which its name tells. What another process writes meanwhile it may
   * miss: the folder is looked into once.
   */
  findUnlessStored(urn: string): Promise<CreateRecord | undefined>;
  /** All that is remembered, of every host and in no order; what cannot be read is left out. */
  all(): Promise<CreateRecord[]>;
  /** Resolves when it is on disk for good. */
  write(record: CreateRecord): Promise<void>;
  /** As `write`, of what a step is about to return to the engine: `settle` then notes that the engine has it. */
  writeReturning(record: CreateRecord): Promise<void>;
  forget(urn: string): Promise<void>;
  /** Makes room for another record of the same resource: `find` knows this one no more, `all` does. */
  setAside(record: CreateRecord): Promise<void>;
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
  const plain = createPlainStems(folders);

  /** @param aside tells records of one resource apart that were set aside. */
  const stemFor = (urn: string, ...aside: unknown[]) => stemOf([urn, host() ?? null, ...aside]);
  const everywhere = (stem: string): RecordFiles[] => folders().map(({ path }) => filesOf(path, stem));

  const unlessImpossible = async (change: () => Promise<unknown>) => {
    try {
      await change();
    } catch (error) {
      if (!warned) warn(sayUnwritable((error as Error).message));
      warned = true;
    }
  };

  const save = async (stem: string, record: CreateRecord): Promise<RecordFiles> => {
    made ??= makeJournalFolder(folders()).catch((error) => {
      // What fails now may succeed with the next step. What does not answer would be waited for at every one.
      if (error.code !== "ETIMEDOUT") made = undefined;
      throw error;
    });
    const files = filesOf((await made).path, stem);
    // Whatever a power failure leaves of the name, what stands in the file is for good.
    await writeOwn(files.plain, JSON.stringify({ ...record, host: host() }));
    returned.delete(stem);
    await (record.phase === "stored" ? nameStored(stem, files) : plain.add(stem));
    return files;
  };

  /** Best effort: where it has no such name it is read. */
  const nameStored = (stem: string, files: RecordFiles) =>
    renameOwn(files.plain, files.stored).then(
      () => plain.delete(stem),
      () => {},
    );

  const readOf = async (urn: string) => {
    const found = await latestOf(everywhere(stemFor(urn)));
    return found?.record.urn === urn && found.record.host === host() ? found : undefined;
  };

  return {
    find: async (urn) => (await readOf(urn))?.record,
    findUnlessStored: async (urn) => {
      const stem = stemFor(urn);
      if (!(await plain.has(stem))) return undefined;
      const found = await readOf(urn);
      if (found?.record.phase !== "stored") return found?.record;
      if (found.file === found.files.plain) await nameStored(stem, found.files);
      return undefined;
    },
    all: async () => {
      const { plain: some, stored } = await stemsOf(folders());
      const records: CreateRecord[] = [];
      for (const stem of new Set([...some, ...stored])) {
        const found = await latestOf(everywhere(stem));
        if (found !== undefined) records.push(found.record);
      }
      return records;
    },
    write: (record) => unlessImpossible(() => save(stemFor(record.urn), record)),
    writeReturning: (record) =>
      unlessImpossible(async () => {
        const stem = stemFor(record.urn);
        returned.set(stem, await save(stem, record));
      }),
    forget: (urn) =>
      unlessImpossible(async () => {
        const stem = stemFor(urn);
        returned.delete(stem);
        await removeAll(everywhere(stem));
      }),
    setAside: (record) =>
      unlessImpossible(() =>
        save(stemFor(record.urn, record.name, record.postedAt), { ...record, isAside: true }),
      ),
    settle: () => nameStoredAtOnce(returned.values()),
  };
}

/** Best effort: of what gets no such name the next run asks the stack. */
function nameStoredAtOnce(all: Iterable<RecordFiles>): void {
  for (const { plain, stored } of all) {
    try {
      renameOwnAtOnce(plain, stored);
    } catch {
      // Nobody can be told any more.
    }
  }
}

/** How the files of records begin that are not named stored: as the first look has shown, and by what this process has done since. */
function createPlainStems(folders: () => readonly JournalFolder[]) {
  let stems: Promise<Set<string> | undefined> | undefined;
  const listed = async () => {
    const { plain, isWhole } = await stemsOf(folders());
    return isWhole ? new Set(plain) : undefined;
  };
  return {
    /** Where a folder cannot be read it may be any. */
    has: async (stem: string): Promise<boolean> => {
      stems ??= listed();
      return (await stems)?.has(stem) ?? true;
    },
    add: async (stem: string): Promise<void> => void (await stems)?.add(stem),
    delete: async (stem: string): Promise<void> => void (await stems)?.delete(stem),
  };
}

/** How the files of all records begin, and whether every folder could be read. */
async function stemsOf(folders: readonly JournalFolder[]) {
  const each = await Promise.all(folders.map(({ path }) => stemsIn(path).catch(() => undefined)));
  const read = each.filter((one) => one !== undefined);
  return {
    plain: read.flatMap(({ plain }) => plain),
    stored: read.flatMap(({ stored }) => stored),
    isWhole: read.length === each.length,
  };
}

/** @param reason names the file or folder. */
const sayUnwritable = (reason: string): string =>
  `the journal cannot be written (${reason}): should this run be killed, the next one may not know what it had made under a name that the program chose. Where nothing can be written in the project's folder, the journal follows the audit log: set genesyscloud:auditLog to a file elsewhere`;
