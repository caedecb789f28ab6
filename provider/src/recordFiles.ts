/**
 * The files of a journal: what they are called, and what is in them. A record of what the stack's state has is called so: most
 * are, and a run need not open them to know that they tell it nothing.
 */
import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { CreateRecord } from "./createRecord.js";
import { inTime } from "./fileTrouble.js";
import { readOwn, removeOwn } from "./ownFiles.js";

/** The files that a record may be in; where both are there, the plain one counts: it was written last. */
export interface RecordFiles {
  /** In any phase. A stored one is so until it has got its name, and so were all of a release before. */
  plain: string;
  /** Stored: what stands in it as `returned` the engine has taken in since. */
  stored: string;
}

/** A record, and where it was read. */
export interface RecordRead {
  record: CreateRecord;
  file: string;
  files: RecordFiles;
}

const PLAIN = ".json";
const STORED = ".stored.json";

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
    letGo: z.string().optional(),
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

/** In bytes. A record has some hundreds, and 70 more for each time that it was posted. */
const LARGEST_RECORD = 2 ** 20;

/** How the files of a record begin. @param key what tells it from every other */
export const stemOf = (key: readonly unknown[]): string =>
  createHash("sha256").update(JSON.stringify(key)).digest("hex").slice(0, 32);

/** Where a record may be in a folder. */
export const filesOf = (folder: string, stem: string): RecordFiles => ({
  plain: join(folder, `${stem}${PLAIN}`),
  stored: join(folder, `${stem}${STORED}`),
});

/** How the files of a folder's records begin; none where there is no folder. @throws Error where it cannot be read. */
export async function stemsIn(folder: string): Promise<{ plain: string[]; stored: string[] }> {
  const names = await inTime(folder, () => readdir(folder)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const ending = (end: string) => names.filter((name) => name.endsWith(end));
  return {
    stored: ending(STORED).map((name) => name.slice(0, -STORED.length)),
    plain: ending(PLAIN)
      .filter((name) => !name.endsWith(STORED))
      .map((name) => name.slice(0, -PLAIN.length)),
  };
}

/** The record that was written last, of folders that may hold the same one; what cannot be read is none. */
export async function latestOf(places: readonly RecordFiles[]): Promise<RecordRead | undefined> {
  const found: RecordRead[] = [];
  for (const files of places) {
    const one = await readAt(files);
    if (one !== undefined) found.push(one);
  }
  // Nearly always there is one folder, and nothing to choose.
  if (found.length < 2) return found[0];
  const times = await Promise.all(found.map(({ file }) => timeOf(file)));
  return found[times.indexOf(Math.max(...times))];
}

async function readAt(files: RecordFiles): Promise<RecordRead | undefined> {
  const { plain, stored } = files;
  const record = await read(plain);
  if (record !== undefined) return { record, file: plain, files };
  const named = await read(stored);
  if (named === undefined) return undefined;
  // The name alone says so where a process has ended. It says nothing of what another one has begun at that very moment.
  const phase = named.phase === "returned" ? "stored" : named.phase;
  return { record: { ...named, phase }, file: stored, files };
}

/** When it was written last, in milliseconds; 0 where that cannot be told. */
const timeOf = (file: string): Promise<number> =>
  inTime(file, async () => (await stat(file)).mtimeMs).catch(() => 0);

async function read(file: string): Promise<CreateRecord | undefined> {
  try {
    const text = await readOwn(file, { limit: LARGEST_RECORD });
    return text === undefined ? undefined : SCHEMA.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Takes a record away. @throws Error when that could be done nowhere. */
export async function removeAll(places: readonly RecordFiles[]): Promise<void> {
  const tried = await Promise.allSettled(
    places.map(async ({ plain, stored }) => {
      // The plain one is newer: the older must not be left alone.
      await removeOwn(stored);
      await removeOwn(plain);
    }),
  );
  const failed = tried.filter((each) => each.status === "rejected");
  if (failed.length === places.length) throw failed[0]?.reason;
}
