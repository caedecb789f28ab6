/** Verifies a whole audit log, and names the first place that is not as it was written. */
import { basename } from "node:path";
import { AuditLogError, auditLogError } from "./auditLogError.js";
import { anyGoesThrough, logsBeside, logThatEndsWith } from "./earlier.js";
import type { Finding } from "./finding.js";
import { realLog } from "./logFiles.js";
import { type AuditRecord, type Head, parseHead } from "./record.js";
import { type Walk, walk } from "./walk.js";

/** What a look at a whole log brought to light. */
export interface Verdict {
  /** Those that were asked for, up to the first finding. */
  records: AuditRecord[];
  /** How many records there are up to the first finding. */
  count: number;
  /** The end of the chain up to the first finding. */
  head: Head;
  finding?: Finding;
  /** Whether records of this log may stand behind the finding: they are not among the records. */
  hidesRecords: boolean;
  /** Why something may be missing all the same; nothing proves it. */
  warnings: string[];
  /** The logs before this one that are here, the newest first. */
  earlier: string[];
  /** Whether the file that says how far the log goes was there. */
  headKnown: boolean;
}

/** So many logs are followed back. */
const MOST_EARLIER = 1_000;

/**
 * Reads a log from its beginning and stops at the first thing that is wrong. It is read in pieces: only what is asked
 * for is kept in memory. Logs that were moved away and lie beside it are followed.
 *
 * @param expected heads that were seen elsewhere, in a resource's outputs or a notice: the chain must go through
 *   each of them. Only they can show that a whole log was written anew.
 * @param wanted which records are to be returned.
 */
export async function verifyLog(
  given: string,
  expected: readonly Head[] = [],
  wanted: (record: AuditRecord) => boolean = () => true,
): Promise<Verdict> {
  const path = await realLog(given);
  try {
    const own = await walk(path, expected, wanted);
    const before = await followBack(path, own, expected);
    const unseen = expected.filter((head) => !own.passed.has(head) && !before.passed.has(head));
    const finding = own.finding ?? before.finding ?? (await firstNotFound(path, own, unseen, before.missing));
    return {
      ...own,
      finding,
      earlier: before.files,
      warnings: [
        ...own.warnings,
        ...(before.missing === undefined ? [] : [notHere(before.missing)]),
        ...before.warnings,
      ],
    };
  } catch (error) {
    throw error instanceof AuditLogError ? error : auditLogError(path, error, "read");
  }
}

interface Before {
  files: string[];
  passed: Set<Head>;
  finding?: Finding;
  warnings: string[];
  /** The head of a log that is not here. */
  missing?: Head;
}

/** Goes from log to log, each named by the first record of the one behind it. */
async function followBack(path: string, own: Walk, expected: readonly Head[]): Promise<Before> {
  const before: Before = { files: [], passed: new Set(), warnings: [] };
  let named = own.continues;
  const logs = named === undefined ? [] : await logsBeside(path);
  while (named !== undefined && before.files.length < MOST_EARLIER) {
    const head = parseHead(named);
    const file = head && (await logThatEndsWith(head, logs));
    if (file === undefined) {
      if (head !== undefined) before.missing = head;
      return before;
    }
    logs.splice(logs.indexOf(file), 1);
    before.files.push(file);
    const { finding, warnings, passed, continues } = await walk(file, expected, () => false);
    const inFile = (message: string) => `${basename(file)}: ${message}`;
    for (const each of passed) before.passed.add(each);
    before.warnings.push(...warnings.map(inFile));
    if (finding !== undefined)
      return { ...before, finding: { ...finding, message: inFile(finding.message) } };
    named = continues;
  }
  return before;
}

const notHere = ({ seq, hash }: Head): string =>
  `an earlier log of ${seq} records (its head is ${seq}:${hash}) is not there: if it is kept elsewhere, verify it there`;

/** A head that is in none of the logs that lead here may be in one that lies beside them. */
async function firstNotFound(
  path: string,
  own: Walk,
  heads: readonly Head[],
  missing: Head | undefined,
): Promise<Finding | undefined> {
  if (heads.length === 0 || (own.count === 0 && own.finding !== undefined)) return undefined;
  const beside = await logsBeside(path);
  for (const head of heads) {
    if (await anyGoesThrough(head, beside)) continue;
    const finding = notPassed(head, own);
    if (missing === undefined) return finding;
    const message = `record ${head.seq}:${head.hash} is not in this log; it may be in the earlier log of ${missing.seq} records, which is not there`;
    return { ...finding, damage: "removed", message };
  }
  return undefined;
}

function notPassed(head: Head, { count }: Walk): Finding {
  if (head.seq > count)
    return {
      damage: "removed",
      line: count + 1,
      seq: count + 1,
      message: `the log ends with record ${count}, though ${head.seq} records were written: the last ones were removed`,
    };
  return {
    damage: "rewritten",
    line: head.seq,
    seq: head.seq,
    message: `line ${head.seq}: record ${head.seq} is not the one whose hash was kept outside of the log: the log was written anew`,
  };
}
