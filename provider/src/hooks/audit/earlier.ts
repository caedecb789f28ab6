/** The logs that were moved away, and lie beside the one that goes on. */
import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { inTime } from "../../fileTrouble.js";
import { openOwn } from "../../ownFiles.js";
import { goesThrough } from "./lookup.js";
import { type Head, loadCanonicalize, parseLine } from "./record.js";
import { lastLine } from "./tail.js";

/** So many are looked at, the newest first. */
const MOST = 1_000;

/** Every file beside a log that bears its name and something behind it, newest first. */
export async function logsBeside(path: string): Promise<string[]> {
  const name = basename(path);
  const names = await inTime(path, () => readdir(dirname(path)).catch(() => []));
  return names
    .filter((each) => each.startsWith(`${name}.`) && !/\.(head|lock|tmp)$|\.torn-/.test(each))
    .sort()
    .reverse()
    .slice(0, MOST)
    .map((each) => join(dirname(path), each));
}

/** The one of them that ends with a head. */
export async function logThatEndsWith(head: Head, logs: readonly string[]): Promise<string | undefined> {
  const canonicalize = await loadCanonicalize();
  for (const path of logs) {
    const isIt = await looking(path, async (log, size) => {
      const { line } = (await lastLine(log, size)) ?? {};
      return line !== undefined && parseLine(line, canonicalize)?.hash === head.hash;
    });
    if (isIt) return path;
  }
  return undefined;
}

/** Whether one of them goes through a head. */
export async function anyGoesThrough(head: Head, logs: readonly string[]): Promise<boolean> {
  const canonicalize = await loadCanonicalize();
  for (const path of logs)
    if (await looking(path, (log, size) => goesThrough(log, size, head, canonicalize))) return true;
  return false;
}

type Opened = Awaited<ReturnType<typeof openOwn>>;

/** What cannot be read is not the one that is looked for. */
async function looking(
  path: string,
  look: (log: Opened, size: number) => Promise<boolean>,
): Promise<boolean> {
  const log = await openOwn(path, { anyOwner: true }).catch(() => undefined);
  if (log === undefined) return false;
  try {
    return await look(log, (await log.stat()).size);
  } catch {
    return false;
  } finally {
    await log.close();
  }
}
