/**
 * Whose an object is, and whether it is the one that a create has posted: tables A and B. What is taken for ours may be
 * changed or deleted, so both say yes only to what nothing else explains.
 */
import type { Table } from "./table.js";

/** `unknown`: it cannot be told, because the stack's state cannot be had. */
export type Tri = "yes" | "no" | "unknown";

/** A yes, a no, or neither. */
export const tri = (answer: boolean | undefined): Tri =>
  answer === undefined ? "unknown" : answer ? "yes" : "no";

/** How far a create has come, by its record; `none` where there is no record. */
export type RecordedPhase = "none" | "posting" | "accepted" | "returned" | "stored";

/** Whose object it is that bears the key of one to be created. */
export type Owner = "the stack's" | "let go" | "ours" | "uncertain" | "another's";

/** What ownership depends on. */
export type OwnershipFacts = {
  /** Whether the stack's state has the object, as this resource or as another. */
  inStack: Tri;
  /** The phase of the record that is about this very object. */
  record: RecordedPhase;
  /** An automatic name follows from the URN: nobody else gives it. */
  name: "automatic" | "chosen";
};

/** Table A: whose is the object that bears the key? */
export const OWNERSHIP: Table<OwnershipFacts, Owner> = {
  columns: {
    inStack: ["yes", "no", "unknown"],
    record: ["none", "posting", "accepted", "returned", "stored"],
    name: ["automatic", "chosen"],
  },
  rows: [
    { when: { inStack: "yes" }, verdict: "the stack's" },
    // The stack had it, and has it no more: somebody took it out on purpose.
    { when: { record: "stored" }, verdict: "let go" },
    // What no create has returned to the engine can be in the stack only where somebody has imported it.
    { when: { record: ["posting", "accepted"] }, verdict: "ours" },
    { when: { inStack: "no", record: "returned" }, verdict: "ours" },
    { when: { inStack: "unknown", record: "returned" }, verdict: "uncertain" },
    { when: { inStack: "no", name: "automatic" }, verdict: "ours" },
    { when: { inStack: "unknown", name: "automatic" }, verdict: "uncertain" },
    { when: {}, verdict: "another's" },
  ],
};

/** What recognising an object depends on. */
export type IdentityFacts = {
  /** What is known of the POST: its job's end, or that nothing more is known. */
  evidence: "job succeeded" | "unanswered, failed or vanished";
  /** The id that the record has. */
  id: "unknown" | "equal" | "different";
  /** The token under which it was posted; `none` where a kind needs none. */
  token: "none" | "equal" | "different";
  /** The key that the record has. */
  key: "equal" | "different";
  /** When the object was made, by the organisation's clock; `in the window` also where it does not say. */
  made: "in the window" | "within a minute of it" | "outside";
  /** Whether it is, field by field, what was posted. */
  content: "equal" | "different";
};

/** Table B: is it what was posted? */
export const IDENTITY: Table<IdentityFacts, "yes" | "no"> = {
  columns: {
    evidence: ["job succeeded", "unanswered, failed or vanished"],
    id: ["unknown", "equal", "different"],
    token: ["none", "equal", "different"],
    key: ["equal", "different"],
    made: ["in the window", "within a minute of it", "outside"],
    content: ["equal", "different"],
  },
  rows: [
    { when: { id: "equal" }, verdict: "yes" },
    { when: { id: "different" }, verdict: "no" },
    // Nobody else gives it, so that neither clocks nor contents count.
    { when: { token: "equal" }, verdict: "yes" },
    { when: { token: "different" }, verdict: "no" },
    { when: { key: "different" }, verdict: "no" },
    { when: { made: "outside" }, verdict: "no" },
    { when: { evidence: "job succeeded", made: "in the window" }, verdict: "yes" },
    // The clocks of jobs, gateways and objects may be apart.
    { when: { evidence: "job succeeded", content: "equal" }, verdict: "yes" },
    {
      when: { evidence: "unanswered, failed or vanished", made: "in the window", content: "equal" },
      verdict: "yes",
    },
    { when: {}, verdict: "no" },
  ],
};
