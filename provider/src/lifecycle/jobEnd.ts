/** What has become of what was posted, and what to do about it: table E. Pure; `ending.ts` observes. */
import type { Table } from "./table.js";

/** What it depends on. */
export type JobFacts = {
  /** Who asks: a create that has just posted, one that goes on with an earlier one, a read, or a delete. */
  asker: "create" | "resume" | "read" | "delete";
  /** The job that was to make it; `none` where the API makes objects at once. */
  job: "none" | "succeeded" | "failed" | "vanished" | "running" | "unknown status";
  /** The object's id, from the answer to the POST or from its job. */
  id: "known" | "unknown";
  /** What a look for it has shown; `nothing yet`: lists may not have caught up. */
  look: "it" | "nothing" | "nothing yet";
  /** A create has returned it to the engine, and the stack does not have it. */
  wasReturned: "yes" | "no";
  /** The key that was posted, beside the one that is asked for now. */
  key: "the one asked for" | "another";
};

/** `KEEP`: nothing can be told now, and what is known of it stays in the state. */
export type JobVerdict = "USE" | "USE, if it stays" | "POST" | "FAIL" | "GONE" | "GONE, warn" | "KEEP";

/** Table E: what was posted, once its job has been asked. */
export const JOB_END: Table<JobFacts, JobVerdict> = {
  columns: {
    asker: ["create", "resume", "read", "delete"],
    job: ["none", "succeeded", "failed", "vanished", "running", "unknown status"],
    id: ["known", "unknown"],
    look: ["it", "nothing", "nothing yet"],
    wasReturned: ["yes", "no"],
    key: ["the one asked for", "another"],
  },
  rows: [
    { when: { job: ["none", "succeeded"], id: "known" }, verdict: "USE" },
    { when: { job: "none" }, verdict: "KEEP" },
    { when: { job: "succeeded", look: "it" }, verdict: "USE" },
    // Under another key a POST would not meet what no list shows yet, and its record would be lost.
    {
      when: { job: "succeeded", asker: "resume", look: "nothing yet", key: "another" },
      verdict: "KEEP",
    },
    // Somebody has removed it, or given it another key. A unique key makes it safe to post again.
    { when: { job: "succeeded", asker: "resume" }, verdict: "POST" },
    { when: { job: "succeeded", look: "nothing", asker: "read" }, verdict: "GONE" },
    { when: { job: "succeeded", look: "nothing", asker: "delete" }, verdict: "GONE, warn" },
    { when: { job: "succeeded" }, verdict: "KEEP" },
    // It may be on its way out: a platform cleans up after jobs that fail.
    {
      when: { job: ["failed", "vanished"], look: "it", asker: ["create", "resume"] },
      verdict: "USE, if it stays",
    },
    { when: { job: ["failed", "vanished"], look: "it" }, verdict: "USE" },
    { when: { job: ["failed", "vanished"], asker: "create" }, verdict: "FAIL" },
    { when: { job: ["failed", "vanished"], asker: "resume" }, verdict: "POST" },
    { when: { job: ["failed", "vanished"] }, verdict: "GONE" },
    { when: { job: "running" }, verdict: "KEEP" },
    // What an unknown status means is for a later run to find out, as long as there is one.
    { when: { job: "unknown status", asker: ["create", "read"] }, verdict: "KEEP" },
    { when: { job: "unknown status", look: "it" }, verdict: "USE" },
    { when: { job: "unknown status", asker: "resume", wasReturned: "yes" }, verdict: "POST" },
    { when: {}, verdict: "KEEP" },
  ],
};
