/** When looks are shared, how often, and for how long pages are gone by. How well it does, `polling.test.ts` simulates. */
import { describe, expect, test } from "vitest";
import { LOWEST } from "../../../../provider/src/genesys/polling.js";
import { sharedEvery, Trust, untilShared } from "../../../../provider/src/genesys/sharedLook.js";

const spread = (from: number, to: number) =>
  Array.from({ length: 20 }, (_, index) => from + ((to - from) * index) / 19);
const every = (taken: number[], waiting: number, calls: number) =>
  sharedEvery({ taken, waited: 0, waiting, calls }, LOWEST);

describe("looks are shared", () => {
  test.each([
    { taken: spread(1_000, 5_000), waiting: 8, ms: 250 },
    { taken: spread(5_000, 8_000), waiting: 8, ms: 500 },
    { taken: spread(20_000, 60_000), waiting: 8, ms: 4_000 },
    { taken: spread(300_000, 600_000), waiting: 8, ms: 32_000 },
  ])("by eight every $ms ms, as what they wait for takes", ({ taken, waiting, ms }) => {
    expect(every(taken, waiting, 1)).toBe(ms);
  });

  test("not before three have shown how long they take", () => {
    expect(every([1_000, 5_000], 8, 1)).toBeUndefined();
    expect(every([1_000, 3_000, 5_000], 8, 1)).toBe(250);
  });

  test("not of what is over within a second", () => {
    expect(every(spread(100, 1_500), 8, 1)).toBeUndefined();
  });

  test("as long as that takes fewer calls: the more wait the more pages the list may have", () => {
    const most = (waiting: number) =>
      Array.from({ length: 60 }, (_, index) => index + 1).filter(
        (calls) => every(spread(1_000, 5_000), waiting, calls) !== undefined,
      ).length;
    const pages = [1, 8, 16, 32, 64].map(most);
    expect(pages).toEqual(pages.toSorted((one, other) => one - other));
    expect(pages[0]).toBe(0);
    expect(pages[1]).toBeGreaterThan(0);
    expect(pages[4]).toBeGreaterThan(8);
  });
});

test("the moments are the same for all, and those of a longer time are among those of a shorter one", () => {
  expect([1_000, 1_001, 1_249.5].map((now) => now + untilShared(now, 250))).toEqual([1_250, 1_250, 1_250]);
  const moment = 1_001 + untilShared(1_001, 1_000);
  expect(moment % 250).toBe(0);
});

test("the longer one is waited for, the less often", () => {
  const everyAfter = (waited: number) =>
    sharedEvery({ taken: spread(1_000, 5_000), waited, waiting: 8, calls: 1 }, LOWEST);
  expect([0, 6_000, 60_000].map(everyAfter)).toEqual([250, 500, 4_000]);
});

describe("pages are gone by", () => {
  const trustAfter = (...looks: { at: number; right: boolean; times?: number }[]) => {
    const trust = new Trust();
    for (const { at, right, times = 1 } of looks)
      for (let time = 0; time < times; time++) trust.learn(right, at + time / 10);
    return trust.isEarned;
  };
  const each = (right: boolean, moments: number, from = 0) =>
    Array.from({ length: moments }, (_, index) => ({ at: (from + index) * 250, right }));

  test.each([
    { right: 0, wrong: 2, isEarned: true },
    { right: 0, wrong: 3, isEarned: false },
    { right: 3, wrong: 5, isEarned: true },
    { right: 3, wrong: 6, isEarned: false },
    // Only the last twenty count.
    { right: 500, wrong: 11, isEarned: true },
    { right: 500, wrong: 12, isEarned: false },
  ])("after $right right moments and $wrong wrong ones: $isEarned", ({ right, wrong, isEarned }) => {
    expect(trustAfter(...each(true, right), ...each(false, wrong, right))).toBe(isEarned);
  });

  test("a moment counts once: many jobs may all be over just after the page", () => {
    expect(trustAfter({ at: 1_000, right: false, times: 4 })).toBe(true);
  });

  test("and as most of its looks say: of many jobs some are over by chance", () => {
    const moments = [0, 250, 500].flatMap((at) => [
      { at, right: true },
      { at, right: false, times: 4 },
    ]);
    expect(trustAfter(...moments)).toBe(false);
  });
});
