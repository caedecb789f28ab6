/** The arithmetic of the bench, and that a missed goal is told. */
import { expect, test } from "vitest";
import { median, span, spread } from "../bench/numbers.mjs";
import { SCENARIOS } from "../bench/plan.mjs";
import { figureOf, markdown, table } from "../bench/report.mjs";
import { ROWS } from "../bench/rows.mjs";

test("the median of an odd and of an even number of runs", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});

test("jobs take as long as the place that is free last", () => {
  expect(span([3, 1, 1, 1], 2)).toBe(3);
  expect(span([1, 1, 3], 2)).toBe(4);
  expect(span([2, 5], 8)).toBe(5);
});

test("durations are spread evenly from the least to the most", () => {
  const jobs = spread(997, 1_000, 5_000);
  expect([Math.min(...jobs), Math.max(...jobs), new Set(jobs).size]).toEqual([1_000, 5_000, 997]);
  expect(jobs.slice(0, 100).reduce((sum, job) => sum + job, 0) / 100).toBeCloseTo(3_000, -2);
});

test("every row is read from a scenario, and no two have the same name", () => {
  const names = ROWS.map(({ scenario, name }) => `${scenario}: ${name}`);
  expect(new Set(names).size).toBe(names.length);
  expect([...new Set(ROWS.map(({ scenario }) => scenario))].toSorted()).toEqual(
    Object.keys(SCENARIOS).toSorted(),
  );
});

test("a goal that is missed is told with what stands in its way, and one that nobody can see missed is met", () => {
  const row = { scenario: "any", name: "`up`", unit: "×", goal: 1.1, how: "once" } as const;
  const missed = figureOf({ ...row, limit: "the engine.", figure: () => 1.108 }, {});
  const met = figureOf({ ...row, name: "`refresh`", figure: () => 1.104 }, {});
  const unknown = figureOf({ ...row, name: "`destroy`", figure: () => undefined }, {});
  const written = markdown({ made: {}, figures: [missed, met, unknown] });

  expect([missed.met, met.met, unknown.met]).toEqual([false, true, null]);
  expect(written).toContain("| `up` | 1.11× | 1.10× | no |");
  expect(written).toContain("- `up`: the engine.");
  expect(written).toContain("- once: `up`; `refresh`; `destroy`");
  expect(table([unknown])).toContain("not known here");
});
