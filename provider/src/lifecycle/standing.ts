/** How an object stands that is to get somewhere, and whether that is believed: table L. Pure; `reach.ts` observes. */
import type { Table } from "./table.js";

/** What it depends on. */
export type StandingFacts = {
  /** What the answer to the change, or a read after it, shows. */
  shown: "it" | "nothing";
  /** Where it stands; `asked otherwise`: what is shown was to get somewhere else. */
  standing: "reached" | "on its way" | "asked otherwise" | "failed";
  /** Whether a failure may be one from before the change. */
  failure: "of the change" | "may be older";
  /** For how long the same has been shown. */
  lasts: "briefly" | "as long as reads lag";
};

/** `GONE`: its address is answered 404, and that is no lag any more. */
export type StandingVerdict = "REACHED" | "WAIT" | "FAIL" | "GONE";

/** Table L: an object is to get where the program wants it. Is it there? */
export const STANDING: Table<StandingFacts, StandingVerdict> = {
  columns: {
    shown: ["it", "nothing"],
    standing: ["reached", "on its way", "asked otherwise", "failed"],
    failure: ["of the change", "may be older"],
    lasts: ["briefly", "as long as reads lag"],
  },
  rows: [
    // Of what was only just made, "not found" may mean "not yet".
    { when: { shown: "nothing", lasts: "briefly" }, verdict: "WAIT" },
    { when: { shown: "nothing" }, verdict: "GONE" },
    { when: { standing: "reached" }, verdict: "REACHED" },
    { when: { standing: "on its way" }, verdict: "WAIT" },
    { when: { standing: "failed", failure: "of the change" }, verdict: "FAIL" },
    // It may be how it stood before. That is believed once reads have had their time.
    { when: { lasts: "briefly" }, verdict: "WAIT" },
    { when: {}, verdict: "FAIL" },
  ],
};
