/** Appends records to the audit log, each bound to the one before it by its hash, beside other processes. */
import { performance } from "node:perf_hooks";
import { cargo } from "async";
import { LOCK_KEPT_AT_MOST_MS, LOCK_KEPT_MS } from "../../waits.js";
import { auditLogError } from "./auditLogError.js";
import { type End, findEnd } from "./end.js";
import { noteHead } from "./headFile.js";
import { type OpenLog, openLog, writeAll } from "./logFiles.js";
import { firstHash, isLost } from "./lost.js";
import {
  type AuditEntry,
  type AuditRecord,
  chained,
  GENESIS,
  type Head,
  type KnownHead,
  lineOf,
  loadCanonicalize,
  type Marks,
  sayHead,
} from "./record.js";

/** An audit log that other processes may append to as well. */
export interface AuditChain {
  /**
   * Resolves when the record is on disk for good.
   *
   * @param known a head that the stack's state names; where it is of this log, and not in it, the record says so.
   * @throws AuditLogError when it is not; the log is then as it was.
   */
  append(entry: AuditEntry, known?: KnownHead): Promise<AuditRecord>;
  /** The end of the chain as far as this process knows it; none before the first record. */
  head(): KnownHead | undefined;
}

interface Waiting {
  entry: AuditEntry;
  known?: KnownHead;
  record?: AuditRecord;
}

/**
 * The chain in a file, which is opened at the first record. What is appended while a record is on its way to the disk
 * goes there together, so that fifty steps at once cost not fifty times as much as one.
 *
 * @param notice is told what had to be put right, and what is missing.
 */
export function openChain(given: string, notice: (message: string) => void): AuditChain {
  let end: End | undefined;
  const opened = keptOpen(given);
  const doubts = doubtsOf(notice);

  const commits = cargo(async (batch: Waiting[]) => {
    const open = await opened.get().catch((error) => {
      end = undefined;
      throw error;
    });
    try {
      await commit(open, batch);
    } catch (error) {
      end = undefined;
      await opened.close();
      throw auditLogError(open.path, error);
    }
    await opened.keep();
  });

  async function commit(open: OpenLog, batch: Waiting[]): Promise<void> {
    const { path, log, head: headHandle } = open;
    const found = await findEnd(open, end, notice);
    const begins = found.head.seq === 0;
    const marks = await marksOf(open, found, batch);
    const canonicalize = await loadCanonicalize();
    let { head } = found;
    const records = batch.map(({ entry }, index) => {
      const record = chained(entry, head, canonicalize, marks[index]);
      head = { seq: record.seq, hash: record.hash };
      return record;
    });
    // Killed before the next line, it leaves records and a head that is behind them, and not none.
    if (begins && found.continues === undefined) await noteHead(headHandle, { head: GENESIS, begins: false });
    const lines = records.map((record) => lineOf(record, canonicalize)).join("");
    const length = await writeAll(log, Buffer.from(lines), found.size);
    const doubt = found.doubt ?? records.find((each) => each.head_missing ?? each.lost_head)?.seq;
    await noteHead(headHandle, { head, begins: false, ...(doubt === undefined ? {} : { doubt }) });
    const id = begins ? records[0]?.hash : (found.log ?? (await firstHash(log)));
    end = {
      head,
      size: found.size + length,
      ...(id === undefined ? {} : { log: id }),
      ...(doubt === undefined ? {} : { doubt }),
    };
    for (const [index, record] of records.entries()) Object.assign(batch[index] as Waiting, { record });
    doubts.tell(path, records, doubt);
  }

  return {
    append: async (entry, known) => {
      const waiting: Waiting = { entry, ...(known === undefined ? {} : { known }) };
      await commits.pushAsync(waiting);
      return waiting.record as AuditRecord;
    },
    head: () =>
      end === undefined || end.head.seq === 0
        ? undefined
        : { ...end.head, ...(end.log === undefined ? {} : { log: end.log }) },
  };
}

/** What the records of a batch have to say of the log itself. */
async function marksOf({ log }: OpenLog, end: End, batch: readonly Waiting[]): Promise<Marks[]> {
  const marks: Marks[] = [];
  for (const { known } of batch) {
    const isMissed = known !== undefined && (await isLost(log, end, known));
    marks.push(isMissed ? { lost_head: sayHead(known) } : {});
  }
  const [first] = marks;
  const before = end.continues ?? newest(batch.map(({ known }) => known));
  if (end.headMissing) marks[0] = { ...first, head_missing: true };
  if (end.head.seq === 0 && before !== undefined) marks[0] = { ...first, continues: sayHead(before) };
  return marks;
}

/** A log that is begun anew comes after what the state names, wherever that is. */
const newest = (heads: readonly (Head | undefined)[]): Head | undefined =>
  heads.reduce((a, b) => ((b?.seq ?? 0) > (a?.seq ?? 0) ? b : a), undefined);

/** Says once in a run what is missing, and once in every later one that something is. */
function doubtsOf(notice: (message: string) => void) {
  let isTold = false;
  return {
    tell: (path: string, records: readonly AuditRecord[], doubt: number | undefined) => {
      if (doubt === undefined || isTold) return;
      isTold = true;
      notice(
        `audit log ${path}: ${whatIsMissing(records, doubt)} "genesyscloud-eventbridge audit verify" says so from now on; "audit rotate" begins a new log.`,
      );
    },
  };
}

function whatIsMissing(records: readonly AuditRecord[], doubt: number): string {
  const lost = records.find(({ lost_head }) => lost_head !== undefined);
  if (lost !== undefined)
    return `the stack's state names its record ${lost.lost_head?.slice(0, 20)}…, which is not in it: records were removed from it.`;
  const marked = records.find(({ head_missing }) => head_missing);
  if (marked !== undefined)
    return `the file .head beside it is missing or blank, though the log has ${marked.seq - 1} records: whether some were removed at its end cannot be told.`;
  return `records may be missing from it, as its record ${doubt} says.`;
}

/** A log that stays open and locked for a moment, since more records often follow at once. */
function keptOpen(given: string) {
  let open: OpenLog | undefined;
  let since = 0;
  let timer: NodeJS.Timeout | undefined;
  let closing: Promise<void> | undefined;

  async function close(): Promise<void> {
    clearTimeout(timer);
    const before = open;
    open = undefined;
    closing = before?.close().catch(() => {});
    await closing;
  }

  return {
    close,
    get: async (): Promise<OpenLog> => {
      clearTimeout(timer);
      await closing;
      if (open !== undefined && (await open.isCurrent())) return open;
      await close();
      open = await openLog(given);
      since = performance.now();
      return open;
    },
    /** Lets go of it soon, or at once where it was kept for long. */
    keep: async () => {
      if (performance.now() - since > LOCK_KEPT_AT_MOST_MS) await close();
      else timer = setTimeout(() => void close(), LOCK_KEPT_MS);
    },
  };
}
