import { existsSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { FIND_OUT, findEnd } from "./end.js";
import { whileLocked } from "./fileLock.js";
import { AuditLogError, headFile, realLog, regular, timeInName, withLog } from "./logFiles.js";
import { loadCanonicalize, parseLine } from "./record.js";
import { lastLine, type Tail } from "./tail.js";

/**
 * Puts the end of a log right: a line that was only written in part is taken out, one that only lacks its end gets it
 * back.
 *
 * @returns what was done; `undefined` when there was nothing to do.
 * @throws AuditLogError when there is no such log, or when its end is not what was written there.
 */
export async function repairEnd(given: string): Promise<string | undefined> {
  const path = await realLog(given);
  if (!existsSync(path)) throw new AuditLogError(path, "there is no such file.");
  let done: string | undefined;
  // Looked at before anything is made beside it: the file may be no log at all.
  const { line } = await readEnd(path);
  if (line !== undefined && parseLine(line, await loadCanonicalize()) === undefined)
    throw new AuditLogError(path, `its last whole line is not an intact record. ${FIND_OUT}`);
  await withLog(path, (log, headHandle) =>
    findEnd(path, {
      log,
      headHandle,
      known: undefined,
      notice: (message) => {
        done = message;
      },
    }),
  );
  return done;
}

/**
 * Moves a log away together with its head, so that a new one begins with the next step.
 *
 * @returns where it is now.
 * @throws AuditLogError when there is no such log.
 */
export async function rotateLog(given: string): Promise<string> {
  const path = await realLog(given);
  if (!existsSync(path)) throw new AuditLogError(path, "there is no such file.");
  const away = `${path}.${timeInName()}`;
  await whileLocked(headFile(path), async () => {
    await rename(path, away);
    await rename(headFile(path), headFile(away));
  });
  return away;
}

async function readEnd(path: string): Promise<Tail> {
  const log = await open(path, "r");
  try {
    const { size } = await regular(path, log);
    return await lastLine(log, size);
  } finally {
    await log.close();
  }
}
