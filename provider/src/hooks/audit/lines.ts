/** The lines of a file of any size, read piece by piece. */
import type { FileHandle } from "node:fs/promises";

const NEWLINE = 0x0a;
const PIECE = 256 * 1024;

/** No record comes near it: a line that is longer is none, and is not held in memory. */
export const LONGEST_LINE = 16 * 1024 * 1024;

/** A line as it stands in the file. */
export interface Line {
  /** Without its end; absent where it is too long. */
  bytes?: Buffer;
  /** Where it begins in the file. */
  start: number;
  /** In bytes, without its end. */
  length: number;
  /** Whether its end is there. */
  ended: boolean;
}

/** How a file is read: from its beginning, where nothing else is said. */
export interface Reading {
  /** Where a line begins. */
  from?: number;
  /** The longest line that is held in memory, in bytes. */
  limit?: number;
  /** How much is read at once, in bytes. */
  piece?: number;
}

export async function* linesOf(
  file: FileHandle,
  { from = 0, limit = LONGEST_LINE, piece: size = PIECE }: Reading = {},
): AsyncGenerator<Line> {
  let start = from;
  let held: Buffer[] = [];
  let length = 0;
  const take = (piece: Buffer) => {
    length += piece.length;
    if (length > limit) held = [];
    else held.push(piece);
  };
  const line = (ended: boolean): Line => {
    const bytes = length > limit ? {} : { bytes: held.length === 1 ? held[0] : Buffer.concat(held) };
    const whole = { ...bytes, start, length, ended };
    start += length + 1;
    held = [];
    length = 0;
    return whole;
  };
  for (let position = from; ; ) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(size), 0, size, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    const piece = buffer.subarray(0, bytesRead);
    let at = 0;
    for (let end = piece.indexOf(NEWLINE); end !== -1; end = piece.indexOf(NEWLINE, at)) {
      take(piece.subarray(at, end));
      yield line(true);
      at = end + 1;
    }
    if (at < piece.length) take(piece.subarray(at));
  }
  if (length > 0) yield line(false);
}
