/** Whether records that the stack's state names have gone from a log. */
import type { FileHandle } from "node:fs/promises";
import type { End } from "./end.js";
import { linesOf } from "./lines.js";
import { goesThrough } from "./lookup.js";
import { type KnownHead, loadCanonicalize, parseLine } from "./record.js";

/**
 * Whether a log must once have gone through a head and does so no longer. What was written to another log, as on another
 * machine, or to one that was moved away, is no sign of anything.
 */
export async function isLost(log: FileHandle, end: End, known: KnownHead): Promise<boolean> {
  if (end.size === 0 || known.log === undefined || known.hash === end.head.hash) return false;
  if (known.log !== (end.log ?? (await firstHash(log)))) return false;
  return !(await goesThrough(log, end.size, known, await loadCanonicalize()));
}

/** What tells a log from every other: the hash of its first record. @returns `undefined` where none is intact. */
export async function firstHash(log: FileHandle): Promise<string | undefined> {
  for await (const { bytes } of linesOf(log))
    return bytes && parseLine(bytes, await loadCanonicalize())?.hash;
  return undefined;
}
