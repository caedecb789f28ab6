/** Whether something can be the beginning of a record: only that was torn off while a record was written. */

import { isIdField } from "../words.js";

/** The keys of every record, beside that of its object's id; those of the second list may be absent. */
const COMMON = [
  ...["continues", "error", "event_type", "final_status", "hash", "head_missing", "intent_seq", "job_id"],
  ...["latency_seconds", "lost_head", "name", "prev_hash", "retry_count", "seq", "timestamp"],
  ...["urn", "validation_success"],
];
const MAY_BE_ABSENT = new Set(["continues", "error", "head_missing", "intent_seq", "lost_head"]);

const SIMPLE = /-?\d[\d.eE+-]*|null|true|false/y;
const BEGUN = /^(-?\d*[\d.eE+-]*|n|nu|nul|t|tr|tru|f|fa|fal|fals)$/;

/** In a string no quote stands bare: what looks like a key is one. */
const KEY = /[{,]"([a-z0-9_]+)":/g;

/** How the key of an id may begin, up to the colon. */
const BEGUN_ID_KEY = /^("[a-z0-9]*(_(i(d"?)?)?)?)?$/;

/** @returns `false` also for what is whole: nothing was torn off from it. */
export function isBegunRecord(bytes: Buffer): boolean {
  // What counts is ASCII; other letters stand within strings.
  const text = bytes.toString("latin1");
  const idField = idFieldIn(text);
  return beginsAsRecord(text, idField === undefined ? COMMON : [...COMMON, idField].toSorted());
}

/** The key under which the id of an object stands, of whatever kind; `undefined` where there is none, or not yet. */
function idFieldIn(text: string): string | undefined {
  for (const [, key = ""] of text.matchAll(KEY)) if (isIdField(key)) return key;
  return undefined;
}

/** @param keys in the order of canonical JSON; where that of the id is not among them, it may be what was torn. */
function beginsAsRecord(text: string, keys: readonly string[]): boolean {
  if (!text.startsWith("{")) return false;
  let at = 1;
  for (let next = 0; ; ) {
    const due = keysFrom(keys, next);
    const key = due.find((each) => text.startsWith(`"${each}":`, at));
    if (key === undefined) {
      const mayBeId = keys === COMMON && beginsAsIdKey(text.slice(at), keys[next - 1], due.at(-1));
      return mayBeId || due.some((each) => `"${each}":`.startsWith(text.slice(at, at + 40)));
    }
    next = keys.indexOf(key) + 1;
    at += key.length + 3;
    const end = endOfValue(text, at, key);
    if (end === "unfinished") return true;
    if (end === undefined) return false;
    if (end === text.length) return true;
    if (text[end] !== ",") return false;
    at = end + 1;
  }
}

/** Whether it can be the beginning of an id's key that stands between these two. */
function beginsAsIdKey(rest: string, before = "", behind = "\uffff"): boolean {
  const begun = rest.slice(1);
  const mayFollow = begun > before || before.startsWith(begun);
  return BEGUN_ID_KEY.test(rest) && mayFollow && (begun < behind || behind.startsWith(begun));
}

/** The keys that may stand next. */
function keysFrom(keys: readonly string[], next: number): string[] {
  const required = keys.findIndex((key, index) => index >= next && !MAY_BE_ABSENT.has(key));
  return keys.slice(next, required === -1 ? undefined : required + 1);
}

/** Where a value ends; `undefined` where there is none. */
function endOfValue(text: string, at: number, key: string): number | "unfinished" | undefined {
  if (key === "error") return endOfError(text, at);
  if (text[at] === '"') return endOfString(text, at);
  SIMPLE.lastIndex = at;
  const length = SIMPLE.exec(text)?.[0].length;
  if (length !== undefined) return at + length;
  return BEGUN.test(text.slice(at, at + 40)) ? "unfinished" : undefined;
}

function endOfString(text: string, at: number): number | "unfinished" {
  for (let place = at + 1; place < text.length; place++) {
    if (text[place] === '"') return place + 1;
    if (text[place] === "\\") place += 1;
  }
  return "unfinished";
}

const ERROR = '{"code":"';

function endOfError(text: string, at: number): number | "unfinished" | undefined {
  const begun = text.slice(at, at + ERROR.length);
  if (!ERROR.startsWith(begun)) return undefined;
  for (let place = at + 1; place < text.length; place++) {
    if (text[place] === "}") return place + 1;
    if (text[place] !== '"') continue;
    const end = endOfString(text, place);
    if (end === "unfinished") return end;
    place = end - 1;
  }
  return "unfinished";
}
