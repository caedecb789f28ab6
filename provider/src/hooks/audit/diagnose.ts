/** Why a line of a log does not follow from the record before it. */

import type { Damage, Finding } from "./finding.js";
import type { AuditRecord, Head } from "./record.js";

/** The first line that does not follow, and what stands behind it. */
export interface Break {
  /** From 1. */
  line: number;
  /** What the line holds; `undefined` when it is no record. */
  record: AuditRecord | undefined;
  /** The last record that follows. */
  head: Head;
  /** The record in the next line. */
  next?: AuditRecord;
  /** The line, behind this one, of another record of the same number. */
  again?: number;
  /** The line, behind this one, of the record that belongs here. */
  due?: number;
}

/** Looks at a line behind the break. */
export function seeBehind(broken: Break, line: number, record: AuditRecord | undefined): void {
  if (line === broken.line + 1) broken.next = record;
  if (record === undefined) return;
  if (record.seq === broken.record?.seq) broken.again ??= line;
  if (record.seq === broken.head.seq + 1) broken.due ??= line;
}

export function whatIsWrong({ line, record, head, next, again, due: later }: Break): Finding {
  const due = head.seq + 1;
  const at = (damage: Damage, seq: number, message: string): Finding => ({
    damage,
    line,
    seq,
    message: `line ${line}: ${message}`,
  });
  if (record === undefined)
    return next?.seq === due && next.prev_hash === head.hash
      ? at("inserted", due, `a line that is no record was inserted before record ${due}`)
      : at("edited", due, `record ${due} was edited: the line is not what was written`);
  const { seq } = record;
  if (seq === due)
    return at(
      "edited",
      due,
      head.seq === 0
        ? `record ${due} is not the beginning of a log`
        : `record ${due} does not follow from record ${head.seq}: one of the two was put in place of another`,
    );
  // Up to here each line holds the record of its own number.
  if (seq < due)
    return at("inserted", seq, `record ${seq} was inserted: line ${seq} holds a record ${seq} already`);
  if (again !== undefined)
    return at(
      "inserted",
      seq,
      `record ${seq} was inserted before record ${due}: line ${again} holds a record ${seq}, too`,
    );
  if (later !== undefined)
    return at(
      "reordered",
      due,
      `the order was changed: record ${seq} stands where record ${due} belongs, which is in line ${later}`,
    );
  const missing = seq - due === 1 ? `record ${due} was` : `records ${due} to ${seq - 1} were`;
  return at("removed", due, `${missing} removed before record ${seq}`);
}
