/** What has become of what was posted, once its job was asked: the sentences of table E, and what holds over all of them. */
import { describe, expect, test } from "vitest";
import { JOB_END, type JobFacts, type JobVerdict } from "../../../../provider/src/lifecycle/jobEnd.js";
import { combinations, decide } from "../../../../provider/src/lifecycle/table.js";

/** The same rules, told another way: who changes a row changes a sentence here, too. */
describe("the sentences of table E:", () => {
  const afterSuccess = ({ asker, id, look, key }: JobFacts): JobVerdict => {
    if (id === "known" || look === "it") return "USE";
    if (asker === "resume") return look === "nothing yet" && key === "another" ? "KEEP" : "POST";
    if (look === "nothing yet" || asker === "create") return "KEEP";
    return asker === "read" ? "GONE" : "GONE, warn";
  };

  /** A job that failed or vanished has mostly made nothing. */
  const afterFailure = ({ asker, look }: JobFacts): JobVerdict => {
    const isMaking = asker === "create" || asker === "resume";
    if (look === "it") return isMaking ? "USE, if it stays" : "USE";
    if (!isMaking) return "GONE";
    return asker === "create" ? "FAIL" : "POST";
  };

  const amidUnknown = ({ asker, look, wasReturned }: JobFacts): JobVerdict => {
    if (asker === "create" || asker === "read") return "KEEP";
    if (look === "it") return "USE";
    return asker === "resume" && wasReturned === "yes" ? "POST" : "KEEP";
  };

  test("what is done about what was posted", () => {
    const expected: Record<JobFacts["job"], (facts: JobFacts) => JobVerdict> = {
      none: ({ id }) => (id === "known" ? "USE" : "KEEP"),
      succeeded: afterSuccess,
      failed: afterFailure,
      vanished: afterFailure,
      running: () => "KEEP",
      "unknown status": amidUnknown,
    };
    for (const facts of combinations(JOB_END))
      expect(decide(JOB_END, facts), JSON.stringify(facts)).toBe(expected[facts.job](facts));
  });
});

describe("whatever has become of a job,", () => {
  const everything = combinations(JOB_END).map((facts) => ({ facts, next: decide(JOB_END, facts) }));
  const where = (holds: (facts: JobFacts) => boolean) => everything.filter(({ facts }) => holds(facts));

  test("what cannot be told yet is kept: a running job, an unknown status, and what lists may not show yet", () => {
    for (const { facts, next } of where(({ job }) => job === "running"))
      expect(next, JSON.stringify(facts)).toBe("KEEP");
    const unseen = where(
      (facts) => facts.job === "succeeded" && facts.id === "unknown" && facts.look === "nothing yet",
    );
    for (const { facts, next } of unseen)
      expect(next, JSON.stringify(facts)).toBe(
        facts.asker === "resume" && facts.key === "the one asked for" ? "POST" : "KEEP",
      );
    for (const { facts, next } of where(({ job, look }) => job === "unknown status" && look !== "it"))
      expect(next, JSON.stringify(facts)).toBe(
        facts.asker === "resume" && facts.wasReturned === "yes" ? "POST" : "KEEP",
      );
  });

  test("only going on with an earlier create posts again, and never while there is something to use", () => {
    for (const { facts } of everything.filter((each) => each.next === "POST")) {
      expect(facts.asker).toBe("resume");
      expect(facts.look === "it" && facts.id === "unknown").toBe(false);
    }
  });

  test("only a read and a delete take it for gone, a delete with a warning where its job has succeeded", () => {
    for (const { facts, next } of everything.filter((each) => each.next.startsWith("GONE"))) {
      expect(["read", "delete"]).toContain(facts.asker);
      expect(next === "GONE, warn").toBe(facts.asker === "delete" && facts.job === "succeeded");
    }
  });

  test("a vanished job means to everybody what a failed one does", () => {
    for (const { facts, next } of where(({ job }) => job === "vanished"))
      expect(decide(JOB_END, { ...facts, job: "failed" })).toBe(next);
  });

  test("what is there is used, and only a create that could still lose it waits whether it stays", () => {
    for (const { facts, next } of where(
      ({ look, job }) => look === "it" && (job === "failed" || job === "vanished"),
    ))
      expect(next).toBe(facts.asker === "create" || facts.asker === "resume" ? "USE, if it stays" : "USE");
    for (const { next } of where(({ job, id }) => job === "succeeded" && id === "known"))
      expect(next).toBe("USE");
  });
});
