import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { cargo } from "async";
import { makeFolder } from "../../ownFolders.js";
import { type End, findEnd } from "./end.js";
import { AuditLogError, realLog, withLog, writeAll, writeHead } from "./logFiles.js";
import { type AuditEntry, type AuditRecord, chained, type Head, lineOf, loadCanonicalize } from "./record.js";

/** An audit log that other processes may append to as well. */
export interface AuditChain {
  /**
   * Resolves when the record is on disk for good.
   *
   * @throws AuditLogError when it is not; the log is then as it was.
   */
  append(entry: AuditEntry): Promise<AuditRecord>;
  /** The end of the chain as far as this process knows it; none before the first record. */
  head(): Head | undefined;
}

interface Waiting {
  entry: AuditEntry;
  record?: AuditRecord;
}

/**
 * The chain in a file, which is opened at the first record. What is appended while a record is on its way to the disk
 * goes there together, so that fifty steps at once cost not fifty times as much as one.
 *
 * @param notice is told what had to be put right.
 */
export function openChain(given: string, notice: (message: string) => void): AuditChain {
  let end: End | undefined;

  const commits = cargo(async (batch: Waiting[]) => {
    let path = given;
    try {
      await makeFolder(dirname(given));
      path = await realLog(given);
      await withLog(path, (log, headHandle) => commit(path, batch, log, headHandle));
    } catch (error) {
      end = undefined;
      throw error instanceof AuditLogError ? error : new AuditLogError(path, said(error), { cause: error });
    }
  });

  async function commit(
    path: string,
    batch: Waiting[],
    log: FileHandle,
    headHandle: FileHandle,
  ): Promise<void> {
    const canonicalize = await loadCanonicalize();
    end = await findEnd(path, { log, headHandle, known: end, notice });
    let head = end.head;
    const records = batch.map(({ entry }) => {
      const record = chained(entry, head, canonicalize);
      head = { seq: record.seq, hash: record.hash };
      return record;
    });
    const lines = records.map((record) => lineOf(record, canonicalize)).join("");
    const length = await writeAll(log, Buffer.from(lines), end.size);
    await writeHead(headHandle, head);
    end = { head, size: end.size + length };
    for (const [index, record] of records.entries()) Object.assign(batch[index] as Waiting, { record });
  }

  return {
    append: async (entry) => {
      const waiting: Waiting = { entry };
      await commits.pushAsync(waiting);
      return waiting.record as AuditRecord;
    },
    head: () => (end === undefined || end.head.seq === 0 ? undefined : end.head),
  };
}

/** `ENOSPC: no space left on device`, without the call that said so. */
const said = (error: unknown): string =>
  `it cannot be written (${(error instanceof Error ? error.message : String(error)).replace(/, \w+( '.*')?$/s, "")}).`;
