/**
 * What an import puts into a project while it is under way: the file for the CLI, which bears addresses of webhooks in
 * clear, and what it changes in the program. It is written down first, so that what a killed import leaves can be named.
 */
import { randomUUID } from "node:crypto";
import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { inTime } from "../fileTrouble.js";
import { journalFolders, makeJournalFolder } from "../journalFolder.js";
import { readOwn, writeOwn } from "../ownFiles.js";
import { makeOwnFolder } from "../ownFolders.js";
import type { Place } from "./place.js";

/** What is written down of an import. */
export interface Begun {
  /** The import file, where it is not one that somebody asked for. */
  file?: string;
  /** What becomes of the program. */
  program?: { file: string; importedBy?: { entry: string; line: string } };
  /** The stack that was named for it; absent: the one that was selected. */
  stack?: string;
}

const SCHEMA: z.ZodType<Begun> = z.object({
  file: z.string().optional(),
  program: z
    .object({
      file: z.string(),
      importedBy: z.object({ entry: z.string(), line: z.string() }).optional(),
    })
    .optional(),
  stack: z.string().optional(),
});

/** An import that is under way. */
export interface Trace {
  /** Where the import file may lie until the import is over. */
  file: string;
  /** The program is as it is to be: all that is left is the file. */
  keepFile(): Promise<void>;
  /** All is as it is to be: nothing is left, the file included. */
  end(): Promise<void>;
}

const FOLDER = /^import-[0-9a-f-]{36}$/;
const BEGUN = "begun.json";
/** In bytes: some paths and a line of a program. */
const LARGEST_BEGUN = 2 ** 16;

/**
 * Writes down what is about to be put where.
 *
 * @param isFileOurs whether the import file lies with the trace, for as long as the import takes.
 * @throws Error when it can be written nowhere.
 */
export async function beginTrace(
  projectFolder: string,
  auditLog: string | undefined,
  { isFileOurs, place, stack }: { isFileOurs: boolean; place: Place | undefined; stack?: string },
): Promise<Trace> {
  const places = journalFolders(projectFolder, auditLog).map(({ kept }) => ({ kept, path: kept }));
  const { kept } = await makeJournalFolder(places);
  const folder = join(kept, `import-${randomUUID()}`);
  await makeOwnFolder(folder);
  const file = join(folder, "import.json");
  const write = (begun: Begun) => writeOwn(join(folder, BEGUN), JSON.stringify(begun));
  const ours = isFileOurs ? { file, stack } : { stack };
  const program = place && { file: place.file, importedBy: place.importedBy };
  await write({ ...ours, program });
  return {
    file,
    keepFile: () => write(ours),
    end: () => inTime(folder, () => rm(folder, { recursive: true, force: true })),
  };
}

/** What an import that was cut short has left, with the folder that tells of it. */
export interface CutShort extends Begun {
  folder: string;
}

/** What imports have left that came to no end; those that are under way are among them. */
export async function findCutShort(projectFolder: string, auditLog: string | undefined): Promise<CutShort[]> {
  const found: CutShort[] = [];
  for (const { kept } of journalFolders(projectFolder, auditLog)) {
    const names = await inTime(kept, () => readdir(kept)).catch(() => []);
    for (const name of names.filter((each) => FOLDER.test(each))) {
      const folder = join(kept, name);
      const left = await whatIsLeft(folder);
      if (left.file !== undefined || left.program !== undefined) found.push({ folder, ...left });
    }
  }
  return found;
}

/** Of what was written down, what is still there. */
async function whatIsLeft(folder: string): Promise<Begun> {
  const { file = join(folder, "import.json"), program, stack } = await readBegun(join(folder, BEGUN));
  return {
    ...((await isThere(file)) ? { file } : {}),
    ...(program !== undefined && (await isThere(program.file)) ? { program } : {}),
    stack,
  };
}

async function readBegun(path: string): Promise<Begun> {
  try {
    return SCHEMA.parse(JSON.parse((await readOwn(path, { limit: LARGEST_BEGUN })) ?? "{}"));
  } catch {
    return {};
  }
}

const isThere = (path: string): Promise<boolean> =>
  inTime(path, () =>
    lstat(path).then(
      () => true,
      () => false,
    ),
  );
