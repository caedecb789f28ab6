/**
 * How a create goes on: table C, when it begins, and table D, after every reply to a POST. Pure: `begin.ts` observes table C,
 * `reply.ts` observes table D and acts on it.
 */
import type { Owner, RecordedPhase, Tri } from "./ownership.js";
import type { Table } from "./table.js";

/** What the beginning of a create depends on. */
export type BeginningFacts = {
  /** The phase of the resource's record. */
  record: RecordedPhase;
  /** The key that it has, beside the one that is asked for now. */
  key: "the one asked for" | "another";
  /** Whether it tells of the very object that this create replaces. */
  isReplaced: "yes" | "no";
  /** What a look for what was posted under another key has shown. */
  look: "it" | "nothing";
  /** Whether the stack's state has what the record tells of. */
  inStack: Tri;
  /** Whether what was posted under another key may still come about. */
  mayArrive: "yes" | "no";
};

/** What a create does first. */
export type Beginning = "POST" | "RESUME" | "SET ASIDE, POST";

/** Table C: a create begins. Is there something to go on with? */
export const BEGINNING: Table<BeginningFacts, Beginning> = {
  columns: {
    record: ["none", "posting", "accepted", "returned", "stored"],
    key: ["the one asked for", "another"],
    isReplaced: ["yes", "no"],
    look: ["it", "nothing"],
    inStack: ["yes", "no", "unknown"],
    mayArrive: ["yes", "no"],
  },
  rows: [
    { when: { record: ["none", "stored"] }, verdict: "POST" },
    // The reply to the POST tells what became of it: table D.
    { when: { record: "posting", key: "the one asked for" }, verdict: "POST" },
    { when: { record: "posting", look: "it", inStack: ["no", "unknown"] }, verdict: "RESUME" },
    { when: { record: "posting", mayArrive: "yes" }, verdict: "SET ASIDE, POST" },
    { when: { record: "posting" }, verdict: "POST" },
    { when: { record: "accepted", inStack: "yes" }, verdict: "POST" },
    { when: { record: "accepted" }, verdict: "RESUME" },
    // The stack has it: the record tells of what is being replaced.
    { when: { record: "returned", isReplaced: "yes" }, verdict: "POST" },
    { when: { record: "returned", inStack: "no" }, verdict: "RESUME" },
    { when: {}, verdict: "POST" },
  ],
};

/** What a create depends on after each reply. */
export type ReplyFacts = {
  /**
   * `unsent`: the look that adopting takes before anything is posted. `unsure`: the look where an earlier run may have posted,
   * and a POST of this kind tells nothing of it. `lost`: the POST may have been carried out.
   */
  reply: "unsent" | "unsure" | "refused" | "taken" | "lost";
  /** Whether an answer was lost and what bears the key is what that POST sent, by table B. */
  arrived: "yes" | "no";
  /** Whether no field that an update cannot change differs from what is asked for. */
  fits: "yes" | "no";
  /** The argument `onConflict`. */
  policy: "fail" | "adopt";
  /** Whose object bears the key, by table A. */
  whose: Owner | "nobody's";
  /** Whether the create replaces an object of the same key, and the stack's state cannot be had. */
  isReplaced: "yes" | "no";
  /** After a lost answer: whether tries and time are left. Where the key is taken: whether it may be ours, and time is left. */
  again: "yes" | "no";
  /** Whether this create has lost an answer. */
  answerLost: "yes" | "no";
};

/** What a create does next. */
export type Next =
  | "USE"
  | "USE, made by an earlier run"
  | "ADOPT"
  | "POST"
  | "DELETE, POST"
  | "WAIT, POST"
  | "FAIL: refused"
  | "FAIL: no answer"
  | "FAIL: in the stack"
  | "FAIL: cannot be adopted"
  | "FAIL: conflict"
  | "FAIL: conflict, uncertain"
  | "FAIL: conflict, not readable";

/** What a create does next, and what becomes of its record: `restored` to what it was before this create, or kept. */
export interface ReplyVerdict {
  readonly next: Next;
  readonly record: "kept" | "restored" | "accepted";
}

const kept = (next: Next): ReplyVerdict => ({ next, record: "kept" });
const restored = (next: Next): ReplyVerdict => ({ next, record: "restored" });

/** Whose the object may be that bears the key, and is not in the stack. */
const OUTSIDE = ["let go", "ours", "uncertain", "another's"] as const;

/** Table D: the reply to a POST, and what bears the key. */
export const REPLY: Table<ReplyFacts, ReplyVerdict> = {
  columns: {
    reply: ["unsent", "unsure", "refused", "taken", "lost"],
    arrived: ["yes", "no"],
    fits: ["yes", "no"],
    policy: ["fail", "adopt"],
    whose: ["nobody's", "the stack's", ...OUTSIDE],
    isReplaced: ["yes", "no"],
    again: ["yes", "no"],
    answerLost: ["yes", "no"],
  },
  rows: [
    // What an attempt may have made must be known to the next run.
    { when: { reply: "refused", answerLost: "yes" }, verdict: kept("FAIL: refused") },
    { when: { reply: "refused" }, verdict: restored("FAIL: refused") },
    {
      when: { arrived: "yes", whose: OUTSIDE },
      verdict: { next: "USE", record: "accepted" },
    },
    { when: { fits: "no", whose: "ours" }, verdict: kept("DELETE, POST") },
    {
      when: { reply: ["unsure", "taken", "lost"], whose: "ours" },
      verdict: { next: "USE, made by an earlier run", record: "accepted" },
    },
    { when: { arrived: "yes", whose: "the stack's" }, verdict: kept("FAIL: in the stack") },
    { when: { whose: "the stack's" }, verdict: restored("FAIL: in the stack") },
    {
      when: { policy: "adopt", whose: OUTSIDE, isReplaced: "yes" },
      verdict: restored("FAIL: in the stack"),
    },
    {
      when: { fits: "yes", policy: "adopt", whose: OUTSIDE },
      verdict: restored("ADOPT"),
    },
    {
      when: { policy: "adopt", whose: OUTSIDE },
      verdict: restored("FAIL: cannot be adopted"),
    },
    { when: { whose: "uncertain" }, verdict: restored("FAIL: conflict, uncertain") },
    { when: { whose: ["let go", "ours", "another's"] }, verdict: restored("FAIL: conflict") },
    { when: { reply: ["unsent", "unsure"] }, verdict: kept("POST") },
    { when: { reply: "lost", again: "yes" }, verdict: kept("WAIT, POST") },
    { when: { reply: "lost" }, verdict: kept("FAIL: no answer") },
    { when: { again: "yes" }, verdict: kept("WAIT, POST") },
    { when: { answerLost: "yes" }, verdict: kept("FAIL: conflict, not readable") },
    { when: {}, verdict: restored("FAIL: conflict, not readable") },
  ],
};
