import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolderDurably, writeDurably } from "./durable.js";

/** What is known of the object that a create has made, or was about to make. */
export interface JournalEntry {
  /** The resource's URN: there is one entry for each. */
  urn: string;
  name: string;
  /** When it was about to be posted first, in milliseconds since the epoch. */
  postedAt: number;
  /** Hashes of what was posted since then, secrets left out, to know it again where the answer was lost. */
  fingerprints: string[];
  /** The job that makes it, from the answer on. */
  jobId?: string;
  /** Its id in the organisation, as soon as it is known. */
  sourceId?: string;
  /** The create has told the engine of it: whether the engine took it into the state is not known here. */
  returned?: boolean;
}

/**
 * What this machine remembers of creates, whatever becomes of the process: the proof that something is ours although
 * the stack's state does not know of it.
 */
export interface Journal {
  /** @returns `undefined` where nothing is remembered, or where it cannot be read. */
  find(urn: string): Promise<JournalEntry | undefined>;
  /** Resolves when it is on disk for good. */
  write(entry: JournalEntry): Promise<void>;
  forget(urn: string): Promise<void>;
}

/** The folder of the journal, in a project's. */
const FOLDER = ".genesyscloud-eventbridge";

/**
 * The journal of a project: a file for each resource, so that many steps at once do not get in each other's way.
 *
 * @param warn is told, once, where it cannot be written: steps go on without.
 */
export function openJournal(projectFolder: string, warn: (message: string) => void): Journal {
  const folder = join(projectFolder, FOLDER, "journal");
  const fileOf = (urn: string) =>
    join(folder, `${createHash("sha256").update(urn).digest("hex").slice(0, 32)}.json`);
  let made: Promise<unknown> | undefined;
  let warned = false;

  const unlessImpossible = async (change: () => Promise<unknown>) => {
    try {
      await change();
    } catch (error) {
      if (!warned)
        warn(
          `the journal in ${folder} cannot be written (${(error as Error).message}): should this run be killed, the next one may not know what it had made under a name that the program chose`,
        );
      warned = true;
    }
  };

  return {
    find: async (urn) => {
      try {
        const entry: JournalEntry = JSON.parse(await readFile(fileOf(urn), "utf8"));
        return entry.urn === urn ? entry : undefined;
      } catch {
        return undefined;
      }
    },
    write: (entry) =>
      unlessImpossible(async () => {
        made ??= makeFolder(join(projectFolder, FOLDER), folder);
        await made;
        await writeDurably(fileOf(entry.urn), JSON.stringify(entry));
      }),
    forget: (urn) => unlessImpossible(() => rm(fileOf(urn), { force: true })),
  };
}

/** It is of this machine only, so that it must not get into a repository. */
async function makeFolder(parent: string, folder: string): Promise<void> {
  await makeFolderDurably(folder);
  await writeFile(join(parent, ".gitignore"), "*\n");
}
