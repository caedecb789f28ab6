/** Whether something can be written, found out without making anything. */
import { constants, type Stats } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { inTime } from "../fileTrouble.js";
import { inOneLine } from "./finding.js";

/** Why a file, or a folder, can be neither written nor made, if so. */
export async function unwritable(path: string): Promise<string | undefined> {
  try {
    return await inTime(path, () => reasonAgainst(path));
  } catch (error) {
    return inOneLine(error);
  }
}

async function reasonAgainst(path: string): Promise<string | undefined> {
  let place = path;
  let there = await what(place);
  while (there === undefined && dirname(place) !== place) {
    place = dirname(place);
    there = await what(place);
  }
  if (place !== path && !there?.isDirectory()) return `${place} is no folder`;
  await access(place, constants.W_OK);
  return undefined;
}

const what = (path: string): Promise<Stats | undefined> => stat(path).catch(() => undefined);
