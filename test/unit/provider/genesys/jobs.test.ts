/** A job followed to its end, and the ends at which nobody knows what became of it. */
import { describe, expect, test, vi } from "vitest";
import { type JobEnd, waitForJob } from "../../../../provider/src/genesys/jobs.js";
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
  const ended = waitForJob(organisation as FakeOrganisation, "job-1", budget, {
    show: context.log("urn").status,
    elapsed: context.elapsed,
  });
  return { ended, askedAt, lines };
}

async function whyOf(ended: Promise<JobEnd>): Promise<string> {
  const it = await inTime(ended);
  if (it.end === "succeeded") throw new Error("it has succeeded");
  return it.why;
}

test.each(["completed", "active"])("a job that is %s is over", async (status) => {
  const { ended, askedAt } = follow([
    { status: "queued" },
    { status: "running" },
    { status, source_id: "src-1" },
  ]);
  expect(await inTime(ended)).toMatchObject({ end: "succeeded", job: { status, objectId: "src-1" } });
  expect(askedAt).toHaveLength(3);
});

test("a source id of null is none", async () => {
  const { job } = await inTime(follow([{ status: "completed", source_id: null }]).ended);
  expect(job?.status).toBe("completed");
  expect(job?.objectId).toBeUndefined();
});

test.each([
  [{ status: "failed", error: { code: "quota", message: "Too many" } }, "Job job-1 failed: quota: Too many."],
  [{ status: "failed", error: { message: "Too many" } }, "Job job-1 failed: Too many."],
  [{ status: "failed", error: null }, "Job job-1 failed, and the platform gave no reason."],
  [{ status: "failed" }, "Job job-1 failed, and the platform gave no reason."],
  [{ status: "cancelled" }, "Job job-1 was cancelled."],
  [{ status: "cancelled", error: { code: "by.admin" } }, "Job job-1 was cancelled: by.admin."],
])("%j fails with its reason", async (body, message) => {
  const { status } = body;
  const failed = { end: "failed", why: message, jobId: "job-1", job: { status }, wasAtWork: false };
  expect(await inTime(follow([body]).ended)).toMatchObject(failed);
});

test("a job's words are masked, made printable and cut", async () => {
  const long = `\u001b]8;;${"x".repeat(9_000_000)}`;
  const hide = (text: string) => text.replace("planted", "[secret]");
  const budget = { ...budgetOf(60_000), hide };
  const failed = follow(
    [{ status: "failed", error: { code: `planted${long}`, message: `planted\n${long}` } }],
    budget,
  );
  const why = await whyOf(failed.ended);
  expect(why).toMatch(
    /^Job job-1 failed: \[secret\]\\u\{1b\}\]8;;x+… \(cut\): \[secret\]\\u\{a\}.*… \(cut\)\.$/,
  );
  expect(why.length).toBeLessThan(800);
  const unknown = await whyOf(follow([{ status: `planted${long}` }], budget).ended);
  expect(unknown).toMatch(/^Job job-1 is in the unknown status "\[secret\]/);
  expect(unknown.length).toBeLessThan(400);
});

test.each(["paused", "draft", "constructor", "", undefined, null, 7])(
  "the status %j fails at once, by name",
  async (status) => {
    const { ended, askedAt } = follow([{ status }]);
    const why = `Job job-1 is in the unknown status ${JSON.stringify(status)}; known are queued, running, completed, active, failed, cancelled.`;
    const unknown = { end: "unknown status", jobId: "job-1", why, wasAtWork: false };
    expect(await inTime(ended)).toEqual(unknown);
    expect(askedAt).toHaveLength(1);
  },
);

test("progress is told on the resource's row, and replaced each time", async () => {
  const { ended, lines } = follow([
    { status: "queued" },
    { status: "running", progress: 41.7 },
    { status: "running", progress: null },
    { status: "active" },
  ]);
  await inTime(ended);
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
    const ended = await inTime(follow([{ status: "running", progress: 10 }], budgetOf(60_000)).ended);
    const job = { status: "running", progress: 10 };
    expect(ended).toMatchObject({ end: "running", jobId: "job-1", job, wasAtWork: true });
    expect("why" in ended && ended.why).toMatch(
      /^Job job-1 was not over after 1 min: its last status was running \(10 %\), asked \d+ times\.$/,
    );
    expect(Date.now() - begun).toBe(60_000);
  });

  test("of a job that was never seen says so", async () => {
    const ended = await inTime(follow([503], budgetOf(5_000)).ended);
    const why = expect.stringMatching(/^Job job-1 was not over after 5 s: it was not seen yet/);
    expect(ended).toMatchObject({ end: "running", why, wasAtWork: false });
  });

  test("a stop of the provider ends the waiting", async () => {
    const stop = new AbortController();
    const begun = Date.now();
    setTimeout(() => stop.abort(), 3_300);
    const { end } = await inTime(follow([{ status: "running" }], budgetOf(600_000, stop.signal)).ended);
    expect(end).toBe("running");
    expect(Date.now() - begun).toBe(3_300);
  });
});

describe("trouble while polling", () => {
  test.each([0, 429, 500, 502, 503, 504])("%d is overcome", async (status) => {
    const { ended } = follow([{ status: "running" }, status, status, { status: "completed" }]);
    expect(await inTime(ended)).toMatchObject({ end: "succeeded", job: { status: "completed" } });
  });

  test.each([400, 401, 403])("%d is not", async (status) => {
    expect((await errorOf(follow([{ status: "running" }, status]).ended)).status).toBe(status);
  });

  test("a certificate that was refused is not", async () => {
    const untrusted = failure(0, { code: "network.certificate" });
    expect(await errorOf(follow([{ status: "running" }, untrusted]).ended)).toBe(untrusted);
  });

  test("an answer that is no JSON is not", async () => {
    const malformed = failure(200, { code: "answer.malformed" });
    expect(await errorOf(follow([malformed]).ended)).toBe(malformed);
  });

  test("a Retry-After that outlasts the client's own repetitions is waited out here", async () => {
    const { ended, askedAt } = follow([failure(429, { retryAfterMs: 42_000 }), { status: "completed" }]);
    await inTime(ended);
    expect(askedAt).toEqual([FIRST_LOOK_MS, FIRST_LOOK_MS + 42_000]);
  });

  test("one that reaches past the deadline ends the waiting without another request", async () => {
    const begun = Date.now();
    const { ended, askedAt } = follow([failure(429, { retryAfterMs: 3_600_000 })], budgetOf(60_000));
    expect(await inTime(ended)).toMatchObject({
      end: "running",
      why: "Job job-1 was not over after 217 ms, and Genesys Cloud asks to wait 1 h before the next look: it was not seen yet, asked 1 times.",
    });
    expect(askedAt).toEqual([FIRST_LOOK_MS]);
    expect(Date.now() - begun).toBe(FIRST_LOOK_MS);
  });
});

describe("a job that the platform does not know", () => {
  test("may still appear in the first ten seconds", async () => {
    const { ended } = follow([404, 404, 404, { status: "active" }]);
    expect(await inTime(ended)).toMatchObject({ end: "succeeded", job: { status: "active" } });
  });

  test("has vanished after them", async () => {
    const begun = Date.now();
    const why = "Job job-1 is not known to Genesys Cloud (any more).";
    const vanished = { end: "vanished", jobId: "job-1", why, wasAtWork: false };
    expect(await inTime(follow([404]).ended)).toEqual(vanished);
    const waited = Date.now() - begun;
    expect(waited).toBeGreaterThanOrEqual(10_000);
    expect(waited).toBeLessThan(16_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test.each([
  { shows: { status: "failed" }, end: "failed" },
  { shows: 404, end: "vanished" },
])("a job that was seen at work and has $end then is told as such", async ({ shows, end }) => {
  const running = Array.from({ length: 9 }, () => ({ status: "running" }));
  expect(await inTime(follow([...running, shows]).ended)).toMatchObject({ end, wasAtWork: true });
});

test.each([
  { glanced: "made", last: "completed", compared: [false, true] },
  { glanced: "not yet", last: "completed", compared: [false] },
  // Nothing that counts was shown: that is no fault of the list.
  { glanced: "unknown", last: "completed", compared: [] },
  // Whether a job in a status that nobody knows has made it cannot be told.
  { glanced: "made", last: "paused", compared: [false] },
] as const)("a page shows $glanced, the job is $last: $compared", async ({ glanced, last, compared }) => {
  const { organisation, context } = fakeContext();
  const bodies = [{ status: "running" }, { status: last }];
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

test("what a poll was asked to wait is waited once, though a glance goes ahead of the next poll", async () => {
  const { organisation, context } = fakeContext();
  const bodies = [failure(500, { retryAfterMs: 30_000 }), { status: "completed" }];
  organisation.on(
    /^GET \/jobs\/job-1$/,
    () => {
      const body = bodies.shift();
      if (body instanceof Error) throw body;
      return { status: 200, body: body as object };
    },
    2,
  );
  const least: number[] = [];
  const short = { isLeftToOthers: false, isShort: true, isShared: false, isDue: true };
  const nothing = { seen: () => {}, over: () => {}, leave: () => {}, compared: () => {} };
  const pause = (ms: number) => least.push(ms);
  Object.assign(organisation, { pace: { watch: () => ({ ...short, ...nothing, pause }) } });
  const glances = ["unknown", "not yet"] as const;
  const glance = { calls: () => 1, look: async () => glances[least.length - 1] ?? "unknown" };
  const following = { show: () => {}, elapsed: context.elapsed, glance };
  await inTime(waitForJob(organisation as FakeOrganisation, "job-1", budgetOf(60_000), following));
  expect(least).toEqual([0, 30_000, 0]);
});
