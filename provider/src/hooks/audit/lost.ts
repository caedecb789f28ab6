/** Whether records that the stack's state names have gone from a log. */
import type { FileHandle } from "node:fs/promises";
import { anyGoesThrough, logsBeside } from "./earlier.js";
import type { End } from "./end.js";
import { linesOf } from "./lines.js";
import { goesThrough } from "./lookup.js";
import { type AuditRecord, type Head, loadCanonicalize, parseHead, parseLine } from "./record.js";

/**
 * Whether the log must once have gone through a head and does so no longer. A log that begins after one that is not here
 * may have it there: that is no sign of anything.
 */
export async function isLost(path: string, log: FileHandle, end: End, head: Head): Promise<boolean> {
  if (end.size === 0) return false;
  if (head.hash === end.head.hash) return false;
  const canonicalize = await loadCanonicalize();
  if (await goesThrough(log, end.size, head, canonicalize)) return false;
  const beside = await logsBeside(path);
  if (await anyGoesThrough(head, beside)) return false;
  const { continues } = (await firstRecord(log)) ?? {};
  const before = continues === undefined ? undefined : parseHead(continues);
  return before === undefined || anyGoesThrough(before, beside);
}

async function firstRecord(log: FileHandle): Promise<AuditRecord | undefined> {
  for await (const { bytes } of linesOf(log)) return bytes && parseLine(bytes, await loadCanonicalize());
  return undefined;
}
