/** A job followed to its end, and the ends at which nobody knows what became of it. */
import { describe, expect, test, vi } from "vitest";
import { JobError, waitForJob } from "../../../../provider/src/genesys/jobs.js";
import type { StepBudget } from "../../../../provider/src/genesys/retry.js";
import { budgetOf, errorOf, fakeContext, inTime, useVirtualTime } from "../support/context.js";
import { type FakeOrganisation, failure } from "../support/fakeOrganisation.js";

useVirtualTime();

/** When a job of which nothing is known is looked at first. */
const FIRST_LOOK_MS = 217;

/** Follows a job that shows these bodies in turn; a number is an error of that status. */
function follow(shows: (object | number | Error)[], budget: StepBudget = budgetOf(600_000)) {
  const { organisation, context, lines } = fakeContext();
  const begun = Date.now();
  const askedAt: number[] = [];
  organisation.on(
    /^GET \/jobs\/job-1$/,
    () => {
      askedAt.push(Date.now() - begun);
      const body = shows.length > 1 ? shows.shift() : shows[0];
      if (typeof body === "number") throw failure(body);
      if (body instanceof Error) throw body;
      return { status: 200, body: body as object };
    },
    Number.POSITIVE_INFINITY,
  );
  const job = waitForJob(organisation as FakeOrganisation, "job-1", budget, {
    show: context.log("urn").status,
    elapsed: context.elapsed,
  });
  return { job, askedAt, lines };
}

test.each(["completed", "active"])("a job that is %s is over", async (status) => {
  const { job, askedAt } = follow([
    { status: "queued" },
    { status: "running" },
    { status, source_id: "src-1" },
  ]);
  expect(await inTime(job)).toMatchObject({ status, objectId: "src-1" });
  expect(askedAt).toHaveLength(3);
});

test("a source id of null is none", async () => {
  expect((await inTime(follow([{ status: "completed", source_id: null }]).job)).objectId).toBeUndefined();
});

test.each([
  [{ status: "failed", error: { code: "quota", message: "Too many" } }, "Job job-1 failed: quota: Too many."],
  [{ status: "failed", error: { message: "Too many" } }, "Job job-1 failed: Too many."],
  [{ status: "failed", error: null }, "Job job-1 failed, and the platform gave no reason."],
  [{ status: "failed" }, "Job job-1 failed, and the platform gave no reason."],
  [{ status: "cancelled" }, "Job job-1 was cancelled."],
  [{ status: "cancelled", error: { code: "by.admin" } }, "Job job-1 was cancelled: by.admin."],
])("%j fails with its reason", async (body, message) => {
  const error = await errorOf(follow([body]).job);
  expect(error).toBeInstanceOf(JobError);
  expect(error).toMatchObject({ message, trouble: "failed", jobId: "job-1" });
});

test("a job's words are masked, made printable and cut", async () => {
  const long = `\u001b]8;;${"x".repeat(9_000_000)}`;
  const hide = (text: string) => text.replace("planted", "[secret]");
  const budget = { ...budgetOf(60_000), hide };
  const failed = follow(
    [{ status: "failed", error: { code: `planted${long}`, message: `planted\n${long}` } }],
    budget,
  );
  const { message } = await errorOf(failed.job);
  expect(message).toMatch(
    /^Job job-1 failed: \[secret\]\\u\{1b\}\]8;;x+… \(cut\): \[secret\]\\u\{a\}.*… \(cut\)\.$/,
  );
  expect(message.length).toBeLessThan(800);
  const unknown = await errorOf(follow([{ status: `planted${long}` }], budget).job);
  expect(unknown.message).toMatch(/^Job job-1 is in the unknown status "\[secret\]/);
  expect(unknown.message.length).toBeLessThan(400);
});

test.each(["paused", "draft", "constructor", "", undefined, null, 7])(
  "the status %j fails at once, by name",
  async (status) => {
    const { job, askedAt } = follow([{ status }]);
    const error = await errorOf(job);
    expect(error).toMatchObject({ trouble: "unknown status" });
    expect(error.message).toBe(
      `Job job-1 is in the unknown status ${JSON.stringify(status)}; known are queued, running, completed, active, failed, cancelled.`,
    );
    expect(askedAt).toHaveLength(1);
  },
);

test("progress is told on the resource's row, and replaced each time", async () => {
  const { job, lines } = follow([
    { status: "queued" },
    { status: "running", progress: 41.7 },
    { status: "running", progress: null },
    { status: "active" },
  ]);
  await inTime(job);
  const line = (words: string) => expect.stringMatching(new RegExp(`^status urn: job job-1 ${words}$`));
  expect(lines).toEqual([
    line("queued, next look in [\\d.]+ m?s"),
    line("running \\(42 %\\), next look in [\\d.]+ m?s"),
    line("running, next look in [\\d.]+ m?s"),
    line("active after [\\d.]+ m?s"),
  ]);
});

describe("time-out", () => {
  test("comes at the deadline and tells the last status", async () => {
    const begun = Date.now();
    const error = await errorOf(follow([{ status: "running", progress: 10 }], budgetOf(60_000)).job);
    expect(error).toMatchObject({ trouble: "timeout", jobId: "job-1" });
    expect(error.message).toMatch(
      /^Job job-1 was not over after 1 min: its last status was running \(10 %\), asked \d+ times\.$/,
    );
    expect(Date.now() - begun).toBe(60_000);
  });

  test("of a job that was never seen says so", async () => {
    const { job } = follow([503], budgetOf(5_000));
    expect((await errorOf(job)).message).toMatch(/^Job job-1 was not over after 5 s: it was not seen yet/);
  });

  test("a stop of the provider ends the waiting", async () => {
    const stop = new AbortController();
    const begun = Date.now();
    setTimeout(() => stop.abort(), 3_300);
    const error = await errorOf(follow([{ status: "running" }], budgetOf(600_000, stop.signal)).job);
    expect(error.trouble).toBe("timeout");
    expect(Date.now() - begun).toBe(3_300);
  });
});

describe("trouble while polling", () => {
  test.each([0, 429, 500, 502, 503, 504])("%d is overcome", async (status) => {
    const { job } = follow([{ status: "running" }, status, status, { status: "completed" }]);
    expect(await inTime(job)).toMatchObject({ status: "completed" });
  });

  test.each([400, 401, 403])("%d is not", async (status) => {
    expect((await errorOf(follow([{ status: "running" }, status]).job)).status).toBe(status);
  });

  test("a certificate that was refused is not", async () => {
    const untrusted = failure(0, { code: "network.certificate" });
    expect(await errorOf(follow([{ status: "running" }, untrusted]).job)).toBe(untrusted);
  });

  test("an answer that is no JSON is not", async () => {
    const malformed = failure(200, { code: "answer.malformed" });
    expect(await errorOf(follow([malformed]).job)).toBe(malformed);
  });

  test("a Retry-After that outlasts the client's own repetitions is waited out here", async () => {
    const { job, askedAt } = follow([failure(429, { retryAfterMs: 42_000 }), { status: "completed" }]);
    await inTime(job);
    expect(askedAt).toEqual([FIRST_LOOK_MS, FIRST_LOOK_MS + 42_000]);
  });

  test("one that reaches past the deadline ends the waiting without another request", async () => {
    const begun = Date.now();
    const { job, askedAt } = follow([failure(429, { retryAfterMs: 3_600_000 })], budgetOf(60_000));
    expect(await errorOf(job)).toMatchObject({
      trouble: "timeout",
      message:
        "Job job-1 was not over after 217 ms, and Genesys Cloud asks to wait 1 h before the next look: it was not seen yet, asked 1 times.",
    });
    expect(askedAt).toEqual([FIRST_LOOK_MS]);
    expect(Date.now() - begun).toBe(FIRST_LOOK_MS);
  });
});

describe("a job that the platform does not know", () => {
  test("may still appear in the first ten seconds", async () => {
    const { job } = follow([404, 404, 404, { status: "active" }]);
    expect(await inTime(job)).toMatchObject({ status: "active" });
  });

  test("is missing after them", async () => {
    const begun = Date.now();
    const error = await errorOf(follow([404]).job);
    expect(error).toMatchObject({ trouble: "missing", jobId: "job-1" });
    expect(error.message).toBe("Job job-1 is not known to Genesys Cloud (any more).");
    const waited = Date.now() - begun;
    expect(waited).toBeGreaterThanOrEqual(10_000);
    expect(waited).toBeLessThan(16_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test.each([
  { glanced: "made", compared: [false, true] },
  { glanced: "not yet", compared: [false] },
  // Nothing that counts was shown: that is no fault of the list.
  { glanced: "unknown", compared: [] },
] as const)("a page that shows $glanced is set beside the job: $compared", async ({ glanced, compared }) => {
  const { organisation, context } = fakeContext();
  const bodies = [{ status: "running" }, { status: "completed" }];
  organisation.on(/^GET \/jobs\/job-1$/, () => ({ status: 200, body: bodies.shift() as object }), 2);
  const seen: boolean[] = [];
  const shared = { isLeftToOthers: false, isShort: false, isShared: true, isDue: true };
  const nothing = { seen: () => {}, over: () => {}, leave: () => {} };
  const watch = { ...shared, ...nothing, pause: () => 250, compared: (it: boolean) => void seen.push(it) };
  Object.assign(organisation, { pace: { watch: () => watch } });
  const glance = { calls: () => 1, look: async () => glanced };
  const following = { show: () => {}, elapsed: context.elapsed, glance };
  await inTime(waitForJob(organisation as FakeOrganisation, "job-1", budgetOf(60_000), following));
  expect(seen).toEqual(compared);
});
