/** A record of the audit log, in the log's own words. */
import { createHash } from "node:crypto";
import type { Failure } from "../lifecycle.js";
import type { IdField } from "../words.js";

/** What happened, in the log's words; the first three fields a chain adds are its own. */
export interface AuditEntry {
  /** Such as `eventbridge_source_registration`; with `_intent` behind it before the API is changed. */
  event_type: string;
  /** The object's id, under its kind's own name for it, such as `source_id`; `null` as long as it is not known, as before a create. */
  [id: IdField]: string | null;
  name: string;
  urn: string | null;
  job_id: string | null;
  /** The status that the API reported, `deleted`, `unfinished` or `failed`; `null` in an intent. */
  final_status: string | null;
  /** Whether the step went through; `null` in an intent. */
  validation_success: boolean | null;
  /** Seconds that the step took, to the millisecond; `null` in an intent. */
  latency_seconds: number | null;
  /** Requests that the step had to repeat; `null` in an intent. */
  retry_count: number | null;
  /** ISO 8601, UTC. */
  timestamp: string;
  /** In an outcome: the `seq` of its intent. */
  intent_seq?: number;
  /** After a failure. */
  error?: Failure;
}

/** What a record says of the log itself. */
export interface Marks {
  /** In the first record of a log: the head of the log before, which was moved away. */
  continues?: string;
  /** The log had records, and the file that says how far it goes was not there, or blank. */
  head_missing?: true;
  /** A head that the stack's state names as one of this log, and that the log does not go through. */
  lost_head?: string;
}

/** A line of the log. */
export interface AuditRecord extends AuditEntry, Marks {
  /** The position in the chain, from 1. */
  seq: number;
  /** The hash of the record before; 64 zeros in the first. */
  prev_hash: string;
  /** SHA-256, in hex, of this record without this field, in canonical JSON (RFC 8785). */
  hash: string;
}

/** The last record of a chain, which stands for the whole of it. */
export type Head = Pick<AuditRecord, "seq" | "hash">;

/** A head as the stack's state names it, and the log that it was written to. */
export interface KnownHead extends Head {
  /** The hash of that log's first record; absent where the state does not tell. */
  log?: string;
}

/** The head of a chain that has no record yet. */
export const GENESIS: Head = { seq: 0, hash: "0".repeat(64) };

/** `12:9f86d0…`, as it is kept outside of the log. */
export const sayHead = ({ seq, hash }: Head): string => `${seq}:${hash}`;

/** The head that such a text names. @returns `undefined` for any other text. */
export function parseHead(text: string): Head | undefined {
  const [, seq, hash] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(text) ?? [];
  return seq === undefined || hash === undefined ? undefined : { seq: Number(seq), hash };
}

export type Canonicalize = (value: unknown) => string | undefined;

let loaded: Promise<Canonicalize> | undefined;

/** The library comes as an ES module only, which CommonJS cannot load at once. */
export function loadCanonicalize(): Promise<Canonicalize> {
  loaded ??= import("canonicalize").then((module) => module.default as Canonicalize);
  return loaded;
}

/** The record that follows a head. */
export function chained(
  entry: AuditEntry,
  head: Head,
  canonicalize: Canonicalize,
  marks: Marks = {},
): AuditRecord {
  const record = { ...wellFormed(entry), ...marks, seq: head.seq + 1, prev_hash: head.hash };
  return { ...record, hash: hashOf(record, canonicalize) };
}

/** The line of a record, its end included: canonical, so that not a byte of it can change unseen. */
export const lineOf = (record: AuditRecord, canonicalize: Canonicalize): string =>
  `${canonicalize(record)}\n`;

/**
 * The record that a line holds.
 *
 * @param line without its end.
 * @returns `undefined` when it is not, to the byte, a line that was written as a record.
 */
export function parseLine(line: Buffer, canonicalize: Canonicalize): AuditRecord | undefined {
  try {
    const record: AuditRecord = JSON.parse(line.toString("utf8"));
    const { hash, ...rest } = record;
    const isRecord = Number.isSafeInteger(rest.seq) && typeof rest.prev_hash === "string";
    const isCanonical = isRecord && line.equals(Buffer.from(canonicalize(record) ?? ""));
    return isCanonical && hashOf(rest, canonicalize) === hash ? record : undefined;
  } catch {
    // No JSON, or none that can be written again, such as one that is nested a hundred thousand times.
    return undefined;
  }
}

const hashOf = (record: object, canonicalize: Canonicalize): string =>
  createHash("sha256")
    .update(canonicalize(record) ?? "")
    .digest("hex");

/** Half of a surrogate pair, which a name can hold, is nothing that UTF-8 or canonical JSON can write. */
function wellFormed(entry: AuditEntry): AuditEntry {
  return JSON.parse(JSON.stringify(entry), (_, value) =>
    typeof value === "string" ? value.toWellFormed() : value,
  );
}
