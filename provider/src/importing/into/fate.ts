/** The table of what becomes of an entry of a file that is being completed. */
import type { Table } from "../../lifecycle/table.js";

/** What it depends on. */
export type EntryFacts = {
  /** What the preview tells of the resource. */
  program: "asks for it" | "has it in the stack" | "does not have it";
  /** Whose settings it goes by. */
  provider: "the stack's" | "one of its own";
  /** Its id: still open, said by whoever runs the command, or in the file; `whole`: with all that an import takes. */
  id: "open" | "said" | "in the file" | "whole";
  /** The objects that answer to it and that the stack does not have. */
  free: "one" | "several" | "none";
  /** Whose else an object that answers to it is. */
  others: "nobody's" | "the stack's" | "another entry's";
  /** What reading the object has come to. */
  object: "a program can have it" | "no program can have it" | "gone";
};

export type Fate =
  | "COMPLETE"
  | "KEEP"
  | "IN THE STACK"
  | "NOT ASKED FOR"
  | "OTHER PROVIDER"
  | "SEVERAL"
  | "HELD"
  | "SHARED"
  | "UNFIT"
  | "MISSING";

/** Nothing is guessed: where more than one object could be meant, or one is meant twice, none is chosen. */
export const ENTRY: Table<EntryFacts, Fate> = {
  columns: {
    program: ["asks for it", "has it in the stack", "does not have it"],
    provider: ["the stack's", "one of its own"],
    id: ["open", "said", "in the file", "whole"],
    free: ["one", "several", "none"],
    others: ["nobody's", "the stack's", "another entry's"],
    object: ["a program can have it", "no program can have it", "gone"],
  },
  rows: [
    { when: { program: "has it in the stack" }, verdict: "IN THE STACK" },
    // The next update would delete it.
    { when: { program: "does not have it" }, verdict: "NOT ASKED FOR" },
    { when: { provider: "one of its own" }, verdict: "OTHER PROVIDER" },
    { when: { free: "several" }, verdict: "SEVERAL" },
    { when: { free: "one", others: "another entry's" }, verdict: "SHARED" },
    { when: { free: "one", object: "gone" }, verdict: "MISSING" },
    { when: { free: "one", object: "no program can have it" }, verdict: "UNFIT" },
    { when: { free: "one", id: "whole" }, verdict: "KEEP" },
    { when: { free: "one" }, verdict: "COMPLETE" },
    { when: { others: "the stack's" }, verdict: "HELD" },
    { when: {}, verdict: "MISSING" },
  ],
};

/** What an import can do without: it is in the stack, the program does not have it, or the next update makes it. */
export const CAN_BE_LEFT_OUT: readonly Fate[] = ["IN THE STACK", "NOT ASKED FOR", "MISSING"];

/** What somebody can settle by saying an id. */
export const CAN_BE_SAID: readonly Fate[] = ["SEVERAL", "SHARED", "HELD", "MISSING"];

/** What is ready for an import. */
export const DONE: readonly Fate[] = ["COMPLETE", "KEEP"];
