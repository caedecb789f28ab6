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

/** The files that a record may be in; where both are there, the first counts. */
export interface RecordFiles {
  /** In any phase, as releases before wrote all of them. */
  open: string;
  /** In the phase `stored`, whatever stands in it. */
  stored: string;
}

const OPEN = ".json";
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
  open: join(folder, `${stem}${OPEN}`),
  stored: join(folder, `${stem}${STORED}`),
});

/** How the files of a folder's records begin; none where it cannot be read. */
export async function stemsIn(folder: string): Promise<{ open: string[]; stored: string[] }> {
  const names = await inTime(folder, () => readdir(folder)).catch(() => []);
  const ending = (end: string) => names.filter((name) => name.endsWith(end));
  return {
    stored: ending(STORED).map((name) => name.slice(0, -STORED.length)),
    open: ending(OPEN)
      .filter((name) => !name.endsWith(STORED))
      .map((name) => name.slice(0, -OPEN.length)),
  };
}

/** The record that was written last, of folders that may hold the same one; what cannot be read is none. */
export async function latestOf(places: readonly RecordFiles[]): Promise<CreateRecord | undefined> {
  const found: { file: string; record: CreateRecord }[] = [];
  for (const place of places) {
    const one = await recordAt(place);
    if (one !== undefined) found.push(one);
  }
  // Nearly always there is one folder, and nothing to choose.
  if (found.length < 2) return found[0]?.record;
  const times = await Promise.all(found.map(({ file }) => timeOf(file)));
  return found[times.indexOf(Math.max(...times))]?.record;
}

async function recordAt({ open, stored }: RecordFiles) {
  const record = await read(open);
  if (record !== undefined) return { file: open, record };
  const kept = await read(stored);
  return kept && { file: stored, record: { ...kept, phase: "stored" as const } };
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
    places.map(async ({ open, stored }) => {
      // What the open one stands for is newer: it must not be the older one that is left.
      await removeOwn(stored);
      await removeOwn(open);
    }),
  );
  const failed = tried.filter((each) => each.status === "rejected");
  if (failed.length === places.length) throw failed[0]?.reason;
}
