import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";
import { makeFolderDurably, writeDurably } from "./durable.js";
import type { CreateRecord } from "./lifecycle/record.js";

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

const parse = (text: string): CreateRecord => SCHEMA.parse(JSON.parse(text));

/** The folder of the journal, in a project's. */
const FOLDER = ".genesyscloud-eventbridge";

/**
 * The journal of a project: a file for each resource, so that many steps at once do not get in each other's way.
 *
 * @param host where the organisation is: what was made elsewhere is neither found nor overwritten.
 * @param warn is told, once, where it cannot be written: steps go on without.
 */
export function openJournal(
  projectFolder: string,
  host: () => string | undefined,
  warn: (message: string) => void,
): Journal {
  const folder = join(projectFolder, FOLDER, "journal");
  /** @param aside tells entries of one resource apart that were set aside. */
  const fileOf = (urn: string, ...aside: unknown[]) => {
    const key = JSON.stringify([urn, host() ?? null, ...aside]);
    return join(folder, `${createHash("sha256").update(key).digest("hex").slice(0, 32)}.json`);
  };
  let made: Promise<unknown> | undefined;
  let warned = false;
  const returned = new Set<string>();

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

  const save = async (file: string, entry: CreateRecord) => {
    made ??= makeFolder(join(projectFolder, FOLDER), folder);
    await made;
    await writeDurably(file, JSON.stringify({ ...entry, host: host() }));
  };

  const read = async (file: string): Promise<CreateRecord | undefined> => {
    try {
      return parse(await readFile(file, "utf8"));
    } catch {
      return undefined;
    }
  };

  return {
    find: async (urn) => {
      const entry = await read(fileOf(urn));
      return entry?.urn === urn && entry.host === host() ? entry : undefined;
    },
    all: async () => {
      const names = await readdir(folder).catch(() => []);
      const entries: CreateRecord[] = [];
      for (const name of names.filter((each) => each.endsWith(".json"))) {
        const entry = await read(join(folder, name));
        if (entry !== undefined) entries.push(entry);
      }
      return entries;
    },
    write: (entry) =>
      unlessImpossible(async () => {
        await save(fileOf(entry.urn), entry);
        if (entry.phase === "returned") returned.add(entry.urn);
        else returned.delete(entry.urn);
      }),
    forget: (urn) => unlessImpossible(() => rm(fileOf(urn), { force: true })),
    setAside: (entry) =>
      unlessImpossible(() =>
        save(fileOf(entry.urn, entry.name, entry.postedAt), { ...entry, isAside: true }),
      ),
    settle: () => {
      for (const urn of returned) {
        try {
          const entry = parse(readFileSync(fileOf(urn), "utf8"));
          if (entry.phase === "returned")
            writeFileAtomic.sync(fileOf(urn), JSON.stringify({ ...entry, phase: "stored" }), {
              mode: 0o600,
              fsync: false,
            });
        } catch {
          // Best effort: then the next run asks the stack.
        }
      }
    },
  };
}

/** It is of this machine only, so that it must not get into a repository. */
async function makeFolder(parent: string, folder: string): Promise<void> {
  await makeFolderDurably(folder);
  await writeFile(join(parent, ".gitignore"), "*\n");
}
