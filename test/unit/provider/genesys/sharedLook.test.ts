/** When looks are shared, how often, and for how long pages are gone by. How well it does, `polling.test.ts` simulates. */
import { describe, expect, test } from "vitest";
import { LOWEST } from "../../../../provider/src/genesys/polling.js";
import { sharedEvery, Trust, untilShared } from "../../../../provider/src/genesys/sharedLook.js";

const spread = (from: number, to: number) =>
  Array.from({ length: 20 }, (_, index) => from + ((to - from) * index) / 19);
const every = (taken: number[], waiting: number, calls: number) =>
  sharedEvery({ taken, waiting, calls }, LOWEST);

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

describe("pages are gone by", () => {
  /** Each verdict at a moment of its own. */
  const after = (...right: boolean[]) => {
    const trust = new Trust();
    for (const [index, each] of right.entries()) trust.learn(each, index * 250);
    return trust.isEarned;
  };

  test.each([
    { right: [], isEarned: true },
    { right: [false, false], isEarned: true },
    { right: [false, false, false], isEarned: false },
    { right: [false, false, false, true], isEarned: true },
    { right: [true, true, false, false, false, false], isEarned: true },
    { right: [true, true, false, false, false, false, false], isEarned: false },
  ])("until they were wrong more often than right, and twice more: $right", ({ right, isEarned }) => {
    expect(after(...right)).toBe(isEarned);
  });

  test("whatever many jobs say of one moment: they may all be over just after the page", () => {
    const trust = new Trust();
    for (const jitter of [0, 0.1, 0.2, 0.3]) trust.learn(false, 1_000 + jitter);
    expect(trust.isEarned).toBe(true);
  });
});
