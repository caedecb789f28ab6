/**
 * The file beside a log that says how far the log goes, so that records missing at its end are noticed:
 * `12:9f86d0…`; or `continues 12:9f86d0…` where a log was rotated away and the next record begins a new one. A second
 * line, `doubt 3`, names the first record that tells of something missing.
 */
import type { FileHandle } from "node:fs/promises";
import { GENESIS, type Head, parseHead, sayHead } from "./record.js";

/** What the file says. */
export interface Written {
  /** The last record of the log; of the log before it, where this one is still to begin. */
  head: Head;
  /** Whether the next record begins a new log. */
  begins: boolean;
  /** The first record that tells of something missing. */
  doubt?: number;
}

/** Longer than anything that is written there. */
export const HEAD_LIMIT = 256;

export const headFile = (path: string): string => `${path}.head`;

/**
 * What the text of a head file says: nothing where there is none, or where a power failure left it blank. A byte order
 * mark and other line ends, which a tool may have put there, change nothing.
 *
 * @returns `"damaged"` for what was never written there.
 */
export function parseHeadFile(text: string): Written | undefined | "damaged" {
  const [first = "", second = ""] = text.replace(/^(\ufeff|\u00ef\u00bb\u00bf)/, "").split(/\r?\n/, 2);
  if (/^\0*$/.test(first)) return undefined;
  const begins = first.startsWith("continues ");
  const named = begins ? first.slice("continues ".length) : first;
  const head = named === sayHead(GENESIS) ? GENESIS : parseHead(named);
  if (head === undefined) return "damaged";
  const [, doubt] = /^doubt ([1-9]\d{0,14})$/.exec(second) ?? [];
  return { head, begins, ...(doubt === undefined ? {} : { doubt: Number(doubt) }) };
}

const textOf = ({ head, begins, doubt }: Written): string =>
  `${begins ? "continues " : ""}${sayHead(head)}\n${doubt === undefined ? "" : `doubt ${doubt}\n`}`;

/** @throws the system's errors. */
export async function putHead(file: FileHandle, written: Written): Promise<void> {
  const text = Buffer.from(textOf(written));
  await file.write(text, 0, text.length, 0);
  await file.truncate(text.length);
}

/** Best effort: the log itself is what counts, and a head that lags behind is no sign of anything. */
export const noteHead = (file: FileHandle, written: Written): Promise<void> =>
  putHead(file, written).catch(() => {});

export async function readHead(file: FileHandle): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_LIMIT), 0, HEAD_LIMIT, 0);
  return buffer.toString("latin1", 0, bytesRead);
}
