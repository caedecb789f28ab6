/** How well jobs are noticed, and at what price: runs of the real client and its rate limit, on a virtual clock. */
import { describe, expect, test, vi } from "vitest";
import { LOWEST, pauseBeforeLook } from "../../../../provider/src/genesys/polling.js";
import { useVirtualTime } from "../support/context.js";
import { durationsOf, simulate } from "../support/jobSimulation.js";

vi.mock(
  "../../../../provider/src/genesys/sdk.js",
  async () => (await import("../support/simulatedSdk.js")).simulatedSdk,
);
useVirtualTime();

const DURATIONS = {
  fixed: durationsOf.fixed(100, 2_000),
  uniform: durationsOf.uniform(100, 1_000, 5_000),
  heavyTailed: durationsOf.heavyTailed(100),
  bimodal: durationsOf.bimodal(100, 1_000, 10_000),
};
const KINDS = Object.keys(DURATIONS) as (keyof typeof DURATIONS)[];

describe("where there are calls to spend", () => {
  test.each(KINDS.flatMap((kind) => [1, 8, 32].map((atOnce) => ({ kind, atOnce }))))(
    "jobs that tell their progress are noticed within a tenth: $kind, $atOnce at once",
    async ({ kind, atOnce }) => {
      const run = { durations: DURATIONS[kind], atOnce, progress: true, dates: true };
      const { late, latest, callsAJob, stretch } = await simulate(run);
      expect(late).toBeLessThanOrEqual(0.05);
      expect(latest).toBeLessThanOrEqual(1.5);
      expect(callsAJob).toBeLessThanOrEqual(4.8);
      expect(stretch).toBeLessThanOrEqual(1.06);
    },
  );

  // The first of a run share nothing yet: the more at once, the more of all looks are theirs.
  test.each([
    { kind: "fixed", atOnce: 1, late: 0.05, looks: 2.1 },
    { kind: "fixed", atOnce: 8, late: 0.08, looks: 2.4 },
    { kind: "fixed", atOnce: 32, late: 0.1, looks: 3.3 },
    { kind: "uniform", atOnce: 1, late: 0.13, looks: 4.2 },
    { kind: "uniform", atOnce: 8, late: 0.13, looks: 4.2 },
    { kind: "uniform", atOnce: 32, late: 0.08, looks: 6.4 },
    { kind: "heavyTailed", atOnce: 1, late: 0.19, looks: 3.7 },
    { kind: "heavyTailed", atOnce: 8, late: 0.15, looks: 4.2 },
    { kind: "heavyTailed", atOnce: 32, late: 0.11, looks: 5.1 },
    { kind: "bimodal", atOnce: 1, late: 0.06, looks: 3.4 },
    { kind: "bimodal", atOnce: 8, late: 0.06, looks: 3.9 },
    { kind: "bimodal", atOnce: 32, late: 0.08, looks: 6.5 },
  ] as const)(
    "jobs that tell nothing are noticed $late of their time late, after $looks looks: $kind, $atOnce at once",
    async ({ kind, atOnce, late, looks }) => {
      const figures = await simulate({ durations: DURATIONS[kind], atOnce });
      expect(figures.late).toBeLessThanOrEqual(late);
      expect(figures.looksAJob).toBeLessThanOrEqual(looks);
    },
  );

  test.each(
    [1, 50, 200, 500, 1_000, 2_000, 4_000].flatMap((ms) => [true, false].map((tells) => ({ ms, tells }))),
  )(
    "the first job of a process, of $ms ms, is not half a second late; tells its progress: $tells",
    async ({ ms, tells }) => {
      const { latestMs } = await simulate({ durations: [ms], atOnce: 1, progress: tells, dates: tells });
      expect(latestMs).toBeLessThan(tells ? 250 : 350);
    },
  );

  test.each([
    { dates: true, lateMs: 55 },
    { dates: false, lateMs: 60 },
  ])("jobs that take no time are soon asked at once; they tell dates: $dates", async ({ dates, lateMs }) => {
    const figures = await simulate({ durations: durationsOf.fixed(100, 1), atOnce: 8, dates });
    expect(figures.looksAJob).toBe(1);
    expect(figures.lateMs).toBeLessThanOrEqual(lateMs);
  });
});

describe("where a list page shows how all jobs stand", () => {
  test.each([
    { kind: "fixed", atOnce: 4, late: 0.06, calls: 4.2 },
    { kind: "fixed", atOnce: 8, late: 0.1, calls: 4.2 },
    { kind: "fixed", atOnce: 32, late: 0.1, calls: 4.7 },
    { kind: "uniform", atOnce: 4, late: 0.09, calls: 6.6 },
    { kind: "uniform", atOnce: 8, late: 0.06, calls: 5.2 },
    { kind: "uniform", atOnce: 32, late: 0.06, calls: 5.5 },
    { kind: "heavyTailed", atOnce: 4, late: 0.1, calls: 5.5 },
    { kind: "heavyTailed", atOnce: 8, late: 0.1, calls: 4.6 },
    { kind: "heavyTailed", atOnce: 32, late: 0.1, calls: 5.8 },
    { kind: "bimodal", atOnce: 8, late: 0.06, calls: 5.3 },
    { kind: "bimodal", atOnce: 32, late: 0.06, calls: 5.7 },
  ] as const)(
    "looks are shared, $calls calls a create, and $late of its time late: $kind, $atOnce at once",
    async ({ kind, atOnce, late, calls }) => {
      const figures = await simulate({ durations: DURATIONS[kind], atOnce, list: {} });
      expect(figures.late).toBeLessThanOrEqual(late);
      expect(figures.callsAJob).toBeLessThanOrEqual(calls);
    },
  );

  test("one is waited for by looks of its own", async () => {
    const { pages } = await simulate({ durations: DURATIONS.uniform, atOnce: 1, list: {} });
    expect(pages).toBe(0);
  });

  test("jobs that take no time are not waited for by pages", async () => {
    const { pages } = await simulate({ durations: durationsOf.fixed(100, 1), atOnce: 8, list: {} });
    expect(pages).toBe(0);
  });

  test("nor are jobs that tell their progress", async () => {
    const run = { durations: DURATIONS.uniform, atOnce: 8, progress: true };
    expect(await simulate({ ...run, list: {} })).toEqual(await simulate(run));
  });

  test("of thousands of others one page tells, and each looks by itself", async () => {
    const run = { durations: DURATIONS.uniform, atOnce: 8 };
    const { pages, looksAJob } = await simulate({ ...run, list: { others: 5_000 } });
    expect(pages).toBe(1);
    expect(looksAJob).toBe((await simulate(run)).looksAJob);
  });

  test.each([
    { what: "is ahead of its jobs", list: { isAhead: true }, late: 0.14, pages: 5 },
    { what: "lags behind them by seconds", list: { lagMs: 2_000 }, late: 0.17, pages: 20 },
  ])("a list that $what is soon left alone", async ({ list, late, pages }) => {
    const figures = await simulate({ durations: DURATIONS.uniform, atOnce: 8, list });
    expect(figures.pages).toBeLessThanOrEqual(pages);
    expect(figures.late).toBeLessThanOrEqual(late);
  });

  test.each([8, 32])("so is one that is ahead where many are at once: %i", async (atOnce) => {
    const run = { durations: durationsOf.uniform(200, 1_000, 5_000), atOnce };
    const figures = await simulate({ ...run, list: { isAhead: true } });
    expect(figures.pages).toBeLessThanOrEqual(5);
    expect(figures.looksAJob).toBeLessThanOrEqual((await simulate(run)).looksAJob + 0.5);
  });

  test("jobs that suddenly take minutes are looked at as seldom as each would be by itself", async () => {
    const durations = [...durationsOf.uniform(40, 1_000, 5_000), ...durationsOf.fixed(8, 540_000)];
    const shared = await simulate({ durations, atOnce: 8, list: {} });
    const own = await simulate({ durations, atOnce: 8 });
    expect(shared.callsAJob).toBeLessThanOrEqual(own.callsAJob);
  });

  test("a job that fails is asked itself: no page shows it", async () => {
    const run = { durations: DURATIONS.uniform, atOnce: 8, list: {}, failing: 10 };
    const { late, latestMs, callsAJob } = await simulate(run);
    expect(late).toBeLessThanOrEqual(0.08);
    expect(latestMs).toBeLessThan(4_000);
    expect(callsAJob).toBeLessThanOrEqual(5.3);
  });
});

describe("where nothing is known but that all were over at their first look", () => {
  const outlook = {
    taken: [123, 123],
    tells: false,
    waited: 0,
    looks: 0,
    waiting: 8,
    ahead: 0,
    begun: 10,
    room: undefined,
  };

  test("the next is looked at in a quarter of the time, where there are calls to spend", () => {
    expect(pauseBeforeLook({ ...outlook, overBy: 246 }, LOWEST)).toBe(61.5);
    expect(pauseBeforeLook({ ...outlook, overBy: 246 }, 10)).toBe(pauseBeforeLook(outlook, 10));
  });

  test.each([60, 105, 150])("jobs of %i ms are found at work once, and hardly ever again", async (ms) => {
    const { looksAJob, lateMs } = await simulate({ durations: durationsOf.fixed(100, ms), atOnce: 8 });
    expect(looksAJob).toBeLessThanOrEqual(1.35);
    expect(lateMs).toBeLessThanOrEqual(85);
  });
});

describe("where calls are short", () => {
  const MORE = {
    fixed: durationsOf.fixed(150, 2_000),
    uniform: durationsOf.uniform(150, 1_000, 5_000),
  };

  test.each([
    { kind: "fixed", atOnce: 8, tells: true, looks: 1.05 },
    { kind: "fixed", atOnce: 64, tells: true, looks: 1.05 },
    { kind: "uniform", atOnce: 8, tells: true, looks: 1.35 },
    { kind: "uniform", atOnce: 64, tells: true, looks: 1.1 },
    { kind: "fixed", atOnce: 8, tells: false, looks: 1.35 },
    { kind: "fixed", atOnce: 64, tells: false, looks: 1.15 },
    { kind: "uniform", atOnce: 8, tells: false, looks: 1.6 },
    { kind: "uniform", atOnce: 64, tells: false, looks: 1.15 },
  ] as const)(
    "150 jobs under 100 calls a 10-s window take $looks looks each, and none starves: $kind, $atOnce at once, told $tells",
    async ({ kind, atOnce, tells, looks }) => {
      const window = { allowed: 100, windowMs: 10_000 };
      const run = { durations: MORE[kind], atOnce, progress: tells, dates: tells, ...window };
      const { refused, looksAJob, latestMs } = await simulate(run);
      expect(refused).toBe(0);
      expect(looksAJob).toBeLessThanOrEqual(looks);
      // Longer than for the next window nobody waits; that it is over is certain a second later.
      expect(latestMs).toBeLessThan(12_000);
    },
  );

  // The first wave knows nothing: a few are looked at, and the others go by what these have taken.
  test.each([
    { kind: "fixed", tells: true, looks: 1.1 },
    { kind: "fixed", tells: false, looks: 1.5 },
    { kind: "uniform", tells: true, looks: 1.2 },
    { kind: "uniform", tells: false, looks: 1.6 },
  ] as const)(
    "200 jobs under 300 calls a minute, 64 at once, take $looks looks each: $kind, told $tells",
    async ({ kind, tells, looks }) => {
      const durations =
        kind === "fixed" ? durationsOf.fixed(200, 2_000) : durationsOf.uniform(200, 1_000, 5_000);
      const run = { durations, atOnce: 64, progress: tells, dates: tells, allowed: 300 };
      const figures = await simulate(run);
      expect(figures.looksAJob).toBeLessThanOrEqual(looks);
      expect(figures.refused).toBe(0);
    },
  );

  test("a small run under 300 calls a minute is as quick as one that may spend what it likes", async () => {
    const durations = durationsOf.uniform(20, 1_000, 5_000);
    const run = { durations, atOnce: 8, progress: true, dates: true, allowed: 300 };
    const { late, callsAJob } = await simulate(run);
    expect(late).toBeLessThanOrEqual(0.1);
    expect(callsAJob).toBeLessThanOrEqual(6);
  });
});
