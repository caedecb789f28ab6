/** Finds a record in a log of any size without reading all of it: its records are in the order of their numbers. */
import type { FileHandle } from "node:fs/promises";
import { type Line, linesOf } from "./lines.js";
import { type Canonicalize, type Head, parseLine } from "./record.js";

/** A part of a log that is rather read than halved again. */
const SMALL = 64 * 1024;
/** How much is read to find where a line begins. */
const LOOK = 4 * 1024;

/** Whether an intact log goes through a head. @param size how much of the file is the log, in bytes. */
export async function goesThrough(
  log: FileHandle,
  size: number,
  head: Head,
  canonicalize: Canonicalize,
): Promise<boolean> {
  let from = 0;
  let to = size;
  while (to - from > SMALL) {
    const middle = Math.floor((from + to) / 2);
    const line = await firstLineBehind(log, middle);
    const seq = line === undefined || line.start >= to ? undefined : seqIn(line);
    if (seq !== undefined && line !== undefined && seq <= head.seq) from = line.start;
    else to = middle;
  }
  for await (const line of linesOf(log, { from })) {
    if (line.start >= to) return false;
    if (seqIn(line) === head.seq)
      return line.bytes !== undefined && parseLine(line.bytes, canonicalize)?.hash === head.hash;
  }
  return false;
}

async function firstLineBehind(log: FileHandle, place: number): Promise<Line | undefined> {
  let count = 0;
  for await (const line of linesOf(log, { from: place, piece: LOOK })) {
    count += 1;
    // The first one is the end of a line that begins before.
    if (count === 2) return line;
  }
  return undefined;
}

function seqIn({ bytes }: Line): number | undefined {
  // Whatever key comes next: the one that bears the id has its name from the kind.
  const [, seq] = /,"seq":(\d+),"\w+":/.exec(bytes?.toString("latin1") ?? "") ?? [];
  return seq === undefined ? undefined : Number(seq);
}
