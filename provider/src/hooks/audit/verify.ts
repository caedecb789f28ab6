import { readFile, stat } from "node:fs/promises";
import { AuditLogError, headFile, parseHeadFile, realLog } from "./logFiles.js";
import { type AuditRecord, GENESIS, type Head, loadCanonicalize, parseLine } from "./record.js";

/** What is wrong with a log. `missing`: there is none. */
export type Damage = "edited" | "removed" | "reordered" | "inserted" | "torn" | "rewritten" | "missing";

/** The first thing that is wrong with a log. */
export interface Finding {
  damage: Damage;
  /** The line, from 1; where records are missing, the line before which they stood. */
  line: number;
  /** The place in the chain that the finding is about. */
  seq: number;
  message: string;
}

/** What a look at a whole log brought to light. */
export interface Verdict {
  /** Every record up to the first finding. */
  records: AuditRecord[];
  /** The end of the chain up to the first finding. */
  head: Head;
  finding?: Finding;
  /** Whether the file that says how far the log goes was there. */
  headKnown: boolean;
}

interface Line {
  bytes: Buffer;
  record: AuditRecord | undefined;
}

/**
 * Reads a log from its beginning and stops at the first thing that is wrong.
 *
 * @param expected heads that were seen elsewhere, in a resource's outputs or a notice: the chain must go through
 *   each of them. Only they can show that a whole log was written anew.
 */
export async function verifyLog(given: string, expected: readonly Head[] = []): Promise<Verdict> {
  const path = await realLog(given);
  const canonicalize = await loadCanonicalize();
  const headText = (await contentOf(headFile(path)))?.toString("latin1");
  const written = headText === undefined ? undefined : parseHeadFile(headText);
  const content = await contentOf(path);
  const headKnown = typeof written === "object";
  if (content === undefined) {
    const damage = headKnown ? "removed" : "missing";
    const message = headKnown
      ? `the log is gone, though ${written.seq} records were written to it`
      : "there is no such file";
    return { records: [], head: GENESIS, headKnown, finding: { damage, line: 1, seq: 1, message } };
  }
  const { lines, rest } = split(content);
  const parsed = lines.map((bytes) => ({ bytes, record: parseLine(bytes, canonicalize) }));
  const { records, finding } = walk(parsed);
  const { seq, hash } = records.at(-1) ?? GENESIS;
  const kept = headKnown ? [written, ...expected] : expected;
  return {
    records,
    head: { seq, hash },
    headKnown,
    finding:
      finding ??
      tornEnd(rest, records, canonicalize) ??
      (written === "damaged" ? changedHead(records.length) : undefined) ??
      kept.map((each) => passes(each, records)).find((each) => each !== undefined),
  };
}

/** @throws AuditLogError for what has no end, such as a device. */
async function contentOf(path: string): Promise<Buffer | undefined> {
  try {
    if (!(await stat(path)).isFile()) throw new AuditLogError(path, "it is no regular file.");
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** The whole lines without their ends, and what of an unfinished one follows. */
function split(content: Buffer): { lines: Buffer[]; rest: Buffer } {
  const lines: Buffer[] = [];
  let from = 0;
  for (let end = content.indexOf(0x0a); end !== -1; end = content.indexOf(0x0a, from)) {
    lines.push(content.subarray(from, end));
    from = end + 1;
  }
  return { lines, rest: content.subarray(from) };
}

/** Follows the chain from its beginning to the first record that does not follow from the one before. */
function walk(lines: readonly Line[]): { records: AuditRecord[]; finding?: Finding } {
  const records: AuditRecord[] = [];
  let head: Head = GENESIS;
  for (const [index, { record }] of lines.entries()) {
    const follows = record !== undefined && record.seq === head.seq + 1 && record.prev_hash === head.hash;
    if (!follows) return { records, finding: whatIsWrong(lines, index, head) };
    records.push(record);
    head = record;
  }
  return { records };
}

/** Why the line at this place does not follow from the head before it. */
function whatIsWrong(lines: readonly Line[], index: number, head: Head): Finding {
  const record = lines[index]?.record;
  const due = head.seq + 1;
  const line = index + 1;
  const at = (damage: Damage, seq: number, message: string): Finding => ({
    damage,
    line,
    seq,
    message: `line ${line}: ${message}`,
  });
  if (record === undefined) {
    const next = lines[index + 1]?.record;
    return next?.seq === due && next.prev_hash === head.hash
      ? at("inserted", due, `a line that is no record was inserted before record ${due}`)
      : at("edited", due, `record ${due} was edited: the line is not what was written`);
  }
  const { seq } = record;
  if (seq === due)
    return at(
      "edited",
      due,
      head.seq === 0
        ? `record ${due} is not the beginning of a log`
        : `record ${due} does not follow from record ${head.seq}: one of the two was put in place of another`,
    );
  if (seq < due) {
    const twin = lines.findIndex((each) => each.record?.seq === seq);
    return at("inserted", seq, `record ${seq} was inserted: line ${twin + 1} holds a record ${seq} already`);
  }
  const again = lines.findIndex((each, place) => place > index && each.record?.seq === seq);
  if (again !== -1)
    return at(
      "inserted",
      seq,
      `record ${seq} was inserted before record ${due}: line ${again + 1} holds a record ${seq}, too`,
    );
  const later = lines.findIndex((each, place) => place > index && each.record?.seq === due);
  if (later !== -1)
    return at(
      "reordered",
      due,
      `the order was changed: record ${seq} stands where record ${due} belongs, which is in line ${later + 1}`,
    );
  const missing = seq - due === 1 ? `record ${due} was` : `records ${due} to ${seq - 1} were`;
  return at("removed", due, `${missing} removed before record ${seq}`);
}

function tornEnd(
  rest: Buffer,
  records: readonly AuditRecord[],
  canonicalize: Parameters<typeof parseLine>[1],
): Finding | undefined {
  if (rest.length === 0) return undefined;
  const line = records.length + 1;
  const isWhole = parseLine(rest, canonicalize) !== undefined;
  const what = isWhole ? "the end of the last line is missing" : `${rest.length} bytes without an end`;
  const message = `line ${line}: the last line is torn: ${what}, as when a process is killed while it writes`;
  return { damage: "torn", line, seq: line, message };
}

const changedHead = (records: number): Finding => ({
  damage: "edited",
  line: records + 1,
  seq: records + 1,
  message: `line ${records + 1}: the file that says how far the log goes was changed: whether records were removed here cannot be told`,
});

/** Whether the chain goes through a head. */
function passes(head: Head, records: readonly AuditRecord[]): Finding | undefined {
  const record = records[head.seq - 1];
  if (record === undefined)
    return {
      damage: "removed",
      line: records.length + 1,
      seq: records.length + 1,
      message: `the log ends with record ${records.length}, though ${head.seq} records were written: the last ones were removed`,
    };
  if (record.hash === head.hash) return undefined;
  return {
    damage: "rewritten",
    line: head.seq,
    seq: head.seq,
    message: `line ${head.seq}: record ${head.seq} is not the one whose hash was kept outside of the log: the log was written anew`,
  };
}
