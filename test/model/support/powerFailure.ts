/** A power failure for a project's folder, so that schedules can go on with what the disk has kept. */
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keyOf, look } from "./disk.cjs";

/**
 * Leaves of a folder what a power failure would: with the process that `disk.cjs` watched gone, every name and every
 * byte that was never synced is lost, and what was taken away without a sync is back.
 *
 * @param safe where the watched process has put what is safe
 * @param spared names in the folder that are none of its business
 */
export function failPower(folder: string, safe: string, spared: readonly string[]): void {
  const left = contentOf(folder, safe);
  for (const name of readdirSync(folder))
    if (!spared.includes(name)) rmSync(join(folder, name), { recursive: true });
  for (const name of spared) left.delete(name);
  putBack(folder, left);
  // After it the machine begins with what is on the disk, which is safe.
  rmSync(safe, { recursive: true });
  mkdirSync(safe);
  for (const name of left.keys()) makeSafe(join(folder, name), safe);
  look(folder, safe)();
}

type Content = Map<string, Buffer | Content>;

function contentOf(folder: string, safe: string): Content {
  const key = keyOf(lstatSync(folder, { bigint: true }));
  return safeContent(key, safe) ?? new Map();
}

/** What is safe of a folder, by its names. */
function safeContent(folderKey: string, safe: string): Content | undefined {
  const names = read(join(safe, folderKey));
  if (names === undefined) return undefined;
  return new Map(
    Object.entries(JSON.parse(names.toString()) as Record<string, string>).map(([name, key]) => [
      name,
      contentBehind(key, safe),
    ]),
  );
}

/** Of what was never synced only the name is there: a folder without names, or a file without bytes. */
function contentBehind(key: string, safe: string): Buffer | Content {
  if (key.startsWith("folder")) return safeContent(key, safe) ?? new Map();
  return read(join(safe, key)) ?? Buffer.alloc(0);
}

function putBack(folder: string, content: Content): void {
  for (const [name, each] of content) {
    const path = join(folder, name);
    if (Buffer.isBuffer(each)) writeFileSync(path, each, { mode: 0o600 });
    else {
      mkdirSync(path, { mode: 0o700 });
      putBack(path, each);
    }
  }
}

function makeSafe(path: string, safe: string): void {
  if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) makeSafe(join(path, name), safe);
  look(path, safe)();
}

function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
