/** What a program asks for and nothing can hold is refused where it stands; and what is very much takes no longer for it. */
import { describe, expect, test } from "vitest";
import { parseInputs } from "../../../provider/src/eventBridgeSource/schema.js";
import { nearest } from "../../../provider/src/nearest.js";
import { unheldIn } from "../../../provider/src/unheld.js";
import { UNKNOWN } from "../../../provider/src/unknown.js";
import { ARGS } from "./support/source.js";

/** Each problem as one line. */
function problemsOf(news: Record<string, unknown>): string[] {
  const parsed = parseInputs(news);
  return "problems" in parsed ? parsed.problems.map(({ path, reason }) => `${path}: ${reason}`) : [];
}

const withValue = (value: unknown, operator = "equals") => ({
  ...ARGS,
  filters: [{ name: "f", conditions: [{ field: "x", operator, value }] }],
});

const VALUE = "filters[0].conditions[0].value";

describe("a number of a program", () => {
  // biome-ignore lint/correctness/noPrecisionLoss: a program may write this number, and must be told that it is lost
  test.each([2 ** 53, -(2 ** 53), 9007199254740993, 1e23, 1.7e308])(
    "beyond 2^53, %d, is refused",
    (value) => {
      const said = `${VALUE}: is a number beyond 9007199254740991, where one cannot be told from the next: write it as a string, where that is allowed`;
      expect(problemsOf(withValue(value))).toEqual([said]);
      expect(problemsOf(withValue(value, "greater_than"))).toEqual([said]);
    },
  );

  test.each([Number.NaN, Number.POSITIVE_INFINITY, -Infinity])("that is none, %d, is refused", (value) => {
    expect(problemsOf(withValue(value))).toEqual([
      expect.stringMatching(`^${VALUE.replace(/[[\]]/g, "\\$&")}: is no finite number`),
    ]);
  });

  test.each([2 ** 53 - 1, -(2 ** 53 - 1), 0.1 + 0.2, 5e-324])("of any other kind, %d, passes", (value) => {
    expect(problemsOf(withValue(value))).toEqual([]);
  });

  test("-0 is 0: JSON has no other", () => {
    const parsed = parseInputs(withValue(-0));
    expect(parsed).toMatchObject({ inputs: { filters: [{ conditions: [{ value: 0 }] }] } });
  });
});

test.each([
  ["name", { ...ARGS, name: "a\ud800" }],
  ["description", { ...ARGS, description: "\udc00" }],
  [VALUE, withValue("\ud83d")],
  ["targets[0].targetId", { ...ARGS, targets: [{ targetId: "\ud800" }] }],
  ["webhookUrl", { ...ARGS, webhookUrl: "https://example.com/s3cr3t\ud800" }],
])("half of a character in %s is refused, and not shown", (path, news) => {
  const problems = problemsOf(news);
  expect(problems).toEqual([`${path}: has half of a character in it, which nothing can keep`]);
});

test("what is refused for this is told once, and beside all others", () => {
  const problems = problemsOf({
    ...withValue(2 ** 60),
    name: "",
    targets: [{ targetId: "t", priority: 2 ** 60 }],
  });
  expect(problems.map((each) => each.split(": ")[0])).toEqual([
    "targets",
    "targets[0].priority",
    VALUE,
    "name",
  ]);
});

test("whole characters and unknown values pass", () => {
  expect(problemsOf({ ...withValue(UNKNOWN), name: "🙂", description: UNKNOWN })).toEqual([]);
});

test.each(["", ".", "..", "%2E.", "\ud800"])("the ids %j are none", (id) => {
  const problems = problemsOf({ eventTopicId: id, targets: [{ targetId: id }] });
  expect(problems.map((each) => each.split(": ")[0])).toEqual(["eventTopicId", "targets[0].targetId"]);
});

// Seconds on a busy machine; minutes where each is compared with each.
describe("a program that is out of all proportion is refused", { timeout: 20_000 }, () => {
  const nested = (levels: number): unknown => {
    let value: unknown = [];
    for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value };
    return value;
  };

  test.each([["filters"], ["description"], ["zzz"], ["timeouts"]])("for %s nested without end", (key) => {
    const problems = problemsOf({ ...ARGS, [key]: nested(100_000) });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${key}.*: is nested deeper than 16 levels$`));
  });

  test("and one that holds itself is one of these", () => {
    const filters: unknown[] = [];
    filters.push(filters);
    expect(problemsOf({ ...ARGS, filters })).toEqual([expect.stringContaining("is nested deeper")]);
  });

  const MORE = ": there are more problems than these";

  test.each<[string, (index: number) => unknown]>([
    ["that are all the same", () => ({ targetId: "t" })],
    ["that are no targets", () => null],
    ["with priorities that are none", (index) => ({ targetId: `${index}`, priority: 0 })],
    ["with numbers beyond all", (index) => ({ targetId: `${index}`, priority: 2 ** 60 })],
    ["with keys of their own", (index) => ({ targetId: `${index}`, [`key${index}`]: 1 })],
  ])("for 200,000 targets %s, with a hundred problems", (_, target) => {
    const problems = problemsOf({
      ...ARGS,
      targets: Array.from({ length: 200_000 }, (__, index) => target(index)),
    });
    expect(problems.length).toBeGreaterThanOrEqual(100);
    expect(problems.length).toBeLessThanOrEqual(101);
    if (problems.length > 100) expect(problems.at(-1)).toBe(MORE);
  });

  test("for 100,000 priorities of which one is missing, in one short line", () => {
    const targets = Array.from({ length: 100_000 }, (_, index) => ({
      targetId: `${index}`,
      priority: index + 2,
    }));
    const problems = problemsOf({ ...ARGS, targets });
    expect(problems).toEqual([
      expect.stringMatching(
        /^targets: the priorities must be the integers from 1 to 100000, each once: targets\[99999\]/,
      ),
    ]);
    expect(problems[0]?.length).toBeLessThan(300);
  });

  test("for as many filters, conditions and keys", () => {
    const many = Array.from({ length: 20_000 }, (_, index) => ({ name: `${index}`, conditions: [] }));
    expect(problemsOf({ ...ARGS, filters: many })[0]).toMatch(/^filters: has 20000 filters: at most 5/);
    const keys = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`key${index}`, 1]));
    expect(problemsOf({ ...ARGS, ...keys })).toHaveLength(101);
  });

  test.each([
    ["filters", (list: unknown[]) => ({ filters: list })],
    ["filters[0].conditions", (conditions: unknown[]) => ({ filters: [{ name: "f", conditions }] })],
  ])("for 10,000,000 %s, of which those behind the limit are not looked at", (path, newsOf) => {
    // Whoever looked at one of them would meet the first that is wrong.
    const behind = new Proxy(Array(10_000_000), {
      get: (list, key) => {
        if (typeof key === "string" && Number(key) >= 10) throw new Error(`looked at ${path}[${key}]`);
        return Reflect.get(list, key);
      },
    });
    const problems = problemsOf({ ...ARGS, ...newsOf(behind) });
    expect(problems[0]).toMatch(/: has 10000000 \w+s: at most \d+ are allowed$/);
    expect(problems.length).toBeLessThan(12);
  });

  test("for texts of megabytes, which no message repeats", () => {
    const long = "x".repeat(2_000_000);
    const problems = problemsOf({ ...ARGS, status: long, name: long, [long]: 1 });
    expect(problems).toHaveLength(3);
    expect(problems.join("\n").length).toBeLessThan(2_000);
  });

  test("but 100,000 targets that are well pass", () => {
    const targets = Array.from({ length: 100_000 }, (_, index) => ({
      targetId: `${index}`,
      priority: 100_000 - index,
    }));
    expect(problemsOf({ ...ARGS, targets })).toEqual([]);
  });
});

test("two texts of megabytes are not compared for a slip of the keyboard", () => {
  const long = "ab".repeat(1_000_000);
  expect(nearest(long, [`${long}c`, "x"])).toBeUndefined();
  expect(nearest("abc", [long, "abd"])).toBe("abd");
});

test("what cannot be held is told in its order", () => {
  expect(unheldIn({ a: [1e300, { b: "\ud800" }], "c d": 1e300 }).map(({ path }) => path)).toEqual([
    "a[0]",
    "a[1].b",
    '["c d"]',
  ]);
});
