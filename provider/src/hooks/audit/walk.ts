/** One log, read from its beginning to its end. */
import type { FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import { openOwn, readOwn } from "../../ownFiles.js";
import { inQuotes } from "../../printable.js";
import { LEAVE_AS_IT_IS, MARK, withoutReturn } from "./alien.js";
import { type Break, seeBehind, whatIsWrong } from "./diagnose.js";
import type { Finding } from "./finding.js";
import { HEAD_LIMIT, headFile, parseHeadFile, type Written } from "./headFile.js";
import { type Line, linesOf } from "./lines.js";
import {
  type AuditRecord,
  type Canonicalize,
  GENESIS,
  type Head,
  loadCanonicalize,
  parseLine,
  sayHead,
} from "./record.js";
import { isBegunRecord } from "./torn.js";

/** What is in one log. */
export interface Walk {
  /** Those that were asked for, up to the first finding. */
  records: AuditRecord[];
  count: number;
  head: Head;
  finding?: Finding;
  /** Whether records may stand behind the finding, which do not follow from those before it. */
  hidesRecords: boolean;
  warnings: string[];
  headKnown: boolean;
  /** Which of the expected heads it goes through. */
  passed: Set<Head>;
  /** The head of the log before it. */
  continues?: string;
}

/** So many records that tell of a missing file are named. */
const MOST_NAMED = 5;

/** What is known while the lines go by. */
interface Progress extends Walk {
  broken?: Break;
  /** What was turned by a tool, and where first. */
  converted?: { line: number; mark: boolean; returns: boolean };
  rest?: Line;
  /** The first records before which the file that says how far the log goes was missing. */
  headless: number[];
  /** The first record that tells of another that was lost. */
  losing?: AuditRecord;
}

/** @param expected heads that the log is looked through for. @param wanted which records are to be returned. */
export async function walk(
  path: string,
  expected: readonly Head[],
  wanted: (record: AuditRecord) => boolean,
): Promise<Walk> {
  const canonicalize = await loadCanonicalize();
  // Read before the log: what is appended meanwhile is then no sign of anything.
  const text = await readOwn(headFile(path), { limit: HEAD_LIMIT, anyOwner: true });
  const parsed = text === undefined ? undefined : parseHeadFile(text);
  const written = typeof parsed === "object" ? parsed : undefined;
  const log = await openOwn(path, { anyOwner: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  const progress: Progress = {
    records: [],
    count: 0,
    head: GENESIS,
    hidesRecords: false,
    warnings: [],
    headKnown: written !== undefined,
    passed: new Set(),
    headless: [],
  };
  if (log === undefined) return withoutLog(progress, written);
  try {
    await follow(log, progress, { canonicalize, wanted, looked: [...expected, ...headIn(written)] });
  } finally {
    await log.close();
  }
  return conclude(path, progress, parsed, canonicalize);
}

const headIn = (written: Written | undefined): Head[] => (written === undefined ? [] : [written.head]);

/** Nothing is there: it was never written, is still to begin, or has gone. */
function withoutLog(progress: Progress, written: Written | undefined): Walk {
  if (written?.begins) return { ...progress, continues: sayHead(written.head) };
  const isGone = written !== undefined && written.head.seq > 0;
  const message = isGone
    ? `the log is gone, though ${written.head.seq} records were written to it`
    : "there is no such file";
  return { ...progress, finding: { damage: isGone ? "removed" : "missing", line: 1, seq: 1, message } };
}

interface Following {
  canonicalize: Canonicalize;
  wanted: (record: AuditRecord) => boolean;
  looked: readonly Head[];
}

async function follow(log: FileHandle, progress: Progress, following: Following): Promise<void> {
  let number = 0;
  for await (const line of linesOf(log)) {
    if (!line.ended) {
      progress.rest = line;
      return;
    }
    number += 1;
    const record = recordIn(line, number, progress, following.canonicalize);
    if (progress.broken !== undefined) seeBehind(progress.broken, number, record);
    else if (record?.seq === progress.head.seq + 1 && record.prev_hash === progress.head.hash)
      take(record, progress, following);
    else progress.broken = { line: number, record, head: progress.head };
  }
}

/** What a line holds. What a tool has put around a record does not make it another one. */
function recordIn(
  { bytes }: Line,
  number: number,
  progress: Progress,
  canonicalize: Canonicalize,
): AuditRecord | undefined {
  if (bytes === undefined) return undefined;
  const mark = number === 1 && bytes.subarray(0, MARK.length).equals(MARK);
  const unmarked = mark ? bytes.subarray(MARK.length) : bytes;
  const turned = withoutReturn(unmarked);
  const record = parseLine(turned ?? unmarked, canonicalize);
  if (record !== undefined && progress.broken === undefined && (mark || turned !== undefined)) {
    progress.converted ??= { line: number, mark: false, returns: false };
    progress.converted.mark ||= mark;
    progress.converted.returns ||= turned !== undefined;
  }
  return record;
}

function take(record: AuditRecord, progress: Progress, { wanted, looked }: Following): void {
  progress.count += 1;
  progress.head = { seq: record.seq, hash: record.hash };
  if (record.seq === 1 && record.continues !== undefined) progress.continues = record.continues;
  for (const head of looked)
    if (head.seq === record.seq && head.hash === record.hash) progress.passed.add(head);
  if (record.head_missing && progress.headless.length < MOST_NAMED) progress.headless.push(record.seq);
  if (record.lost_head !== undefined) progress.losing ??= record;
  if (wanted(record)) progress.records.push(record);
}

function conclude(
  path: string,
  progress: Progress,
  written: Written | undefined | "damaged",
  canonicalize: Canonicalize,
): Walk {
  const { broken, headless, losing, converted, rest, ...walked } = progress;
  const finding =
    (broken && whatIsWrong(broken)) ??
    (rest && tornEnd(rest, progress.count, canonicalize)) ??
    (converted && turnedBy(path, converted)) ??
    missingAtTheEnd(progress, written) ??
    (losing && lostRecord(losing));
  const warnings = headless.map(
    (seq) =>
      `the .head file was missing or blank when record ${seq} was written: whether records were removed before it cannot be told`,
  );
  if (written === undefined && progress.count > 0)
    warnings.push(
      `${basename(headFile(path))}, which says how far the log goes, is not there: records missing at its end would not be noticed`,
    );
  if (progress.count === 0 && typeof written === "object" && written.begins)
    walked.continues = sayHead(written.head);
  return { ...walked, warnings, finding, hidesRecords: broken !== undefined };
}

/** What has no end. It is torn where it can be a part of a record; behind records, whatever it is was torn by a crash. */
function tornEnd({ bytes, length }: Line, count: number, canonicalize: Canonicalize): Finding {
  const line = count + 1;
  const at = (damage: Finding["damage"], what: string): Finding => ({
    damage,
    line,
    seq: line,
    message: `line ${line}: ${what}`,
  });
  if (bytes === undefined) return at("edited", `${length} bytes without an end are more than any record has`);
  const isWhole = parseLine(bytes, canonicalize) !== undefined;
  if (count === 0 && !isWhole && !isBegunRecord(bytes))
    return at("edited", "this is no audit log: it does not begin as a record does");
  const what = isWhole ? "the end of the last line is missing" : `${length} bytes without an end`;
  return at("torn", `the last line is torn: ${what}, as when a process is killed while it writes`);
}

function turnedBy(path: string, { line, mark, returns }: NonNullable<Progress["converted"]>): Finding {
  const what = [
    ...(mark ? ["a byte order mark was put before it, as some editors do"] : []),
    ...(returns ? ["line ends were turned to CRLF, as git does on Windows"] : []),
  ].join(", and ");
  const message = `line ${line}: ${what}; no record was changed by that. ${LEAVE_AS_IT_IS(basename(path))}`;
  return { damage: "converted", line, seq: line, message };
}

function missingAtTheEnd(
  { count, passed, continues }: Progress,
  written: Written | undefined | "damaged",
): Finding | undefined {
  const line = count + 1;
  const at = (damage: Finding["damage"], message: string): Finding => ({ damage, line, seq: line, message });
  if (written === undefined) return undefined;
  if (written === "damaged")
    return at(
      "edited",
      `line ${line}: the file that says how far the log goes was changed: whether records were removed here cannot be told`,
    );
  // A log is moved away after its head has said so, and the first record is written before its head is.
  const isBegun = written.begins && (count === 0 || continues === sayHead(written.head));
  if (isBegun || written.head.seq === 0 || passed.has(written.head)) return undefined;
  if (written.head.seq > count)
    return at(
      "removed",
      `the log ends with record ${count}, though ${written.head.seq} records were written: the last ones were removed`,
    );
  return {
    damage: "rewritten",
    line: written.head.seq,
    seq: written.head.seq,
    message: `line ${written.head.seq}: record ${written.head.seq} is not the one whose hash was kept outside of the log: the log was written anew`,
  };
}

function lostRecord({ seq, lost_head, name }: AuditRecord): Finding {
  const message = `record ${lost_head} was written for ${inQuotes(name)}, as the stack's state told when record ${seq} was written, and is not in the log any more: records were removed`;
  return { damage: "removed", line: seq, seq, message };
}
