/** A log as it was written, where a tool has put a byte order mark before it or turned its line ends. */
import { openOwn } from "../../ownFiles.js";
import { MARK, withoutReturn } from "./alien.js";
import { linesOf } from "./lines.js";
import { GENESIS, type Head, loadCanonicalize, parseLine } from "./record.js";

/**
 * Reads a log, and takes out what its hashes prove not to have been written.
 *
 * @param put is given what was written, piece by piece, and the end that is still to be looked at.
 * @returns what was taken out, in words: nothing where the log is as it was written, `undefined` where something else is
 *   wrong with it than its end.
 */
export async function asWritten(
  path: string,
  put: (bytes: Buffer) => Promise<void> = async () => {},
): Promise<string[] | undefined> {
  const log = await openOwn(path, { anyOwner: true });
  const canonicalize = await loadCanonicalize();
  const parse = (bytes: Buffer) => parseLine(bytes, canonicalize);
  let head: Head = GENESIS;
  let marked = false;
  let returns = 0;
  try {
    for await (const { bytes, start, ended } of linesOf(log)) {
      let line = bytes ?? Buffer.alloc(0);
      if (start === 0 && line.subarray(0, MARK.length).equals(MARK)) {
        line = line.subarray(MARK.length);
        marked = true;
      }
      if (!ended) {
        await put(line);
        break;
      }
      const turned = withoutReturn(line);
      const record = parse(turned ?? line);
      if (record === undefined || !follows(record, head)) return undefined;
      if (turned !== undefined) returns += 1;
      head = record;
      await put(Buffer.concat([turned ?? line, Buffer.from("\n")]));
    }
  } finally {
    await log.close();
  }
  return taken(marked, returns);
}

/** What was taken out, in words. */
function taken(marked: boolean, returns: number): string[] {
  return [
    ...(marked ? ["the byte order mark before its first record was"] : []),
    ...(returns > 0 ? [`the carriage returns at the ends of ${returns} lines were`] : []),
  ];
}

const follows = (record: { seq: number; prev_hash: string }, head: Head): boolean =>
  record.seq === head.seq + 1 && record.prev_hash === head.hash;
