/** Reads the last line of a file without reading all of it. */
import type { FileHandle } from "node:fs/promises";
import { LONGEST_LINE } from "./lines.js";

const NEWLINE = 0x0a;
/** How much is read at first; a record is about 500 bytes. */
const FIRST_CHUNK = 64 * 1024;

/** The end of a file of lines. */
export interface Tail {
  /** The last whole line, without its end; absent when there is none. */
  line?: Buffer;
  /** What follows it: a line that was not finished. */
  rest?: Buffer;
}

/**
 * Finds the last whole line of a file, reading no more of it than needed.
 *
 * @param limit how much is read at the most, in bytes.
 * @returns `undefined` when that was not enough.
 */
export async function lastLine(
  file: FileHandle,
  size: number,
  limit = 2 * LONGEST_LINE,
): Promise<Tail | undefined> {
  for (let length = Math.min(FIRST_CHUNK, size); ; length = Math.min(length * 4, size)) {
    if (length > limit) return undefined;
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    const end = buffer.lastIndexOf(NEWLINE);
    const before = end <= 0 ? -1 : buffer.lastIndexOf(NEWLINE, end - 1);
    if (before === -1 && length < size) continue;
    if (end === -1) return length === 0 ? {} : { rest: buffer };
    const rest = buffer.subarray(end + 1);
    return { line: buffer.subarray(before + 1, end), ...(rest.length === 0 ? {} : { rest }) };
  }
}
