/** How a decision table decides, and that it observes no more than the decision needs. */
import { expect, test } from "vitest";
import {
  combinations,
  decide,
  observeAndDecide,
  type Table,
} from "../../../../provider/src/lifecycle/table.js";

type Weather = { sky: "clear" | "grey"; wind: "calm" | "strong"; season: "summer" | "winter" };
const TABLE: Table<Weather, string> = {
  columns: { sky: ["clear", "grey"], wind: ["calm", "strong"], season: ["summer", "winter"] },
  rows: [
    { when: { sky: "clear", wind: "calm" }, verdict: "sail" },
    { when: { wind: "strong", season: "summer" }, verdict: "surf" },
    { when: { sky: ["clear", "grey"] }, verdict: "stay" },
  ],
};

test("the first row that matches counts", () => {
  expect(decide(TABLE, { sky: "clear", wind: "calm", season: "winter" })).toBe("sail");
  expect(decide(TABLE, { sky: "grey", wind: "strong", season: "summer" })).toBe("surf");
  expect(decide(TABLE, { sky: "grey", wind: "calm", season: "summer" })).toBe("stay");
});

test("what no row covers is an error that says so", () => {
  const table = { ...TABLE, rows: TABLE.rows.slice(0, 1) };
  const facts = { sky: "grey", wind: "calm", season: "summer" } as const;
  expect(() => decide(table, facts)).toThrow(/No row decides .*grey/);
  return expect(observeAndDecide(table, facts)).rejects.toThrow(/No row decides .*grey/);
});

test("observing one after the other decides as all of them together do, and asks for nothing twice", async () => {
  for (const facts of combinations(TABLE)) {
    const asked: string[] = [];
    const ask =
      <Column extends keyof Weather>(column: Column) =>
      async () => {
        asked.push(column);
        return facts[column];
      };
    const decided = await observeAndDecide(TABLE, {
      sky: ask("sky"),
      wind: ask("wind"),
      season: ask("season"),
    });
    expect(decided).toBe(decide(TABLE, facts));
    expect(new Set(asked).size).toBe(asked.length);
  }
});

test("what a row that is ruled out would ask for is not observed", async () => {
  const never = () => {
    throw new Error("observed");
  };
  expect(await observeAndDecide(TABLE, { sky: "clear", wind: "calm", season: never })).toBe("sail");
  expect(await observeAndDecide(TABLE, { sky: "grey", wind: "calm", season: never })).toBe("stay");
});
