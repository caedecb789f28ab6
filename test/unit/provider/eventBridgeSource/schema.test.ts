/** What a program may write of a source, and what it is told where it is wrong. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../../provider/src/eventBridgeSource/args.js";
import { parseInputs } from "../../../../provider/src/eventBridgeSource/schema.js";
import { UNKNOWN } from "../../../../provider/src/unknown.js";
import { ARGS } from "../support/source.js";

const condition = { field: "priority", operator: "equals", value: "high" };
const filter = { name: "vip", conditions: [condition] };

/** Everything a program can set. */
const FULL = {
  eventTopicId: "topic-1",
  targets: [
    { targetId: "target-1", priority: 2 },
    { targetId: "target-2", priority: 1 },
  ],
  filters: [
    { ...filter, action: "route" },
    { name: "big", conditions: [{ field: "n", operator: "greater_than", value: 3 }], action: "route" },
  ],
  name: "orders",
  description: "",
  sourceType: "eventbridge",
  status: "inactive",
  webhookUrl: "https://hooks.example.com/x",
  onConflict: "adopt",
  timeouts: { create: "90s", update: "10m", delete: "1h" },
};

function inputsOf(news: object): object {
  const parsed = parseInputs(news as Record<string, unknown>);
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems, null, 2));
  return parsed.inputs;
}

/** Problems as a user reads them. */
function problemsOf(news: object): string[] {
  const parsed = parseInputs(news as Record<string, unknown>);
  return "problems" in parsed ? parsed.problems.map(({ path, reason }) => `${path}: ${reason}`) : [];
}

const withFilters = (filters: unknown) => ({ ...ARGS, filters });
const withConditions = (...conditions: unknown[]) => withFilters([{ name: "vip", conditions }]);
const withTargets = (...targets: unknown[]) => ({ ...ARGS, targets });

describe("what passes", () => {
  test("the least that a program can write gets every default", () => {
    expect(inputsOf(ARGS)).toStrictEqual({
      ...ARGS,
      filters: [],
      description: "Managed by Pulumi",
      sourceType: "eventbridge",
      status: "active",
    });
  });

  test("the most that it can write stays as it is", () => expect(inputsOf(FULL)).toStrictEqual(FULL));

  test("a filter without an action routes", () =>
    expect(inputsOf(withFilters([filter]))).toMatchObject({ filters: [{ ...filter, action: "route" }] }));

  test("a target with the priority that its position gives it, beside one without", () => {
    const { targets } = withTargets({ targetId: "a", priority: 1 }, { targetId: "b" });
    expect(inputsOf({ ...ARGS, targets })).toMatchObject({ targets });
  });

  test("null means the same as leaving out, at every depth", () => {
    const news = {
      ...ARGS,
      name: null,
      description: null,
      filters: [{ ...filter, action: null }],
      targets: [{ targetId: "target-1", priority: null }],
      timeouts: { create: null },
      webhookUrl: null,
      onConflict: null,
      sourceType: null,
      status: null,
    };
    expect(inputsOf(news)).toStrictEqual(inputsOf({ ...withFilters([filter]), timeouts: {} }));
    expect(inputsOf({ ...ARGS, filters: null })).toStrictEqual(inputsOf(ARGS));
  });

  test.each<[string, object]>([
    [
      "every operator",
      withConditions(...["equals", "contains"].map((operator) => ({ ...condition, operator }))),
    ],
    [
      "values of every type",
      withConditions(...["", 0, -1.5, false].map((value) => ({ ...condition, value }))),
    ],
    [
      "5 filters of 10 conditions",
      withFilters(
        Array.from({ length: 5 }, (_, index) => ({
          name: `${index}`,
          conditions: Array(10).fill(condition),
        })),
      ),
    ],
    ["a name of 256 characters", { ...ARGS, name: "x".repeat(256) }],
    ["a name of one character", { ...ARGS, name: "x" }],
    ["an action of its own", withFilters([{ ...filter, action: "drop" }])],
    ["every status", { ...ARGS, status: "draft" }],
    ["an http webhook", { ...ARGS, webhookUrl: "http://127.0.0.1:8080/x?y=z" }],
    ["one time-out", { ...ARGS, timeouts: { delete: "24h" } }],
  ])("%s", (_, news) => expect(problemsOf(news)).toEqual([]));
});

describe("every mistake is reported at its path, with what is allowed", () => {
  const tooMany = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ ...filter, name: `${index}` }));
  const OPERATOR_WORDS = 'must be "equals", "contains" or "greater_than"';

  test.each<[object, string | RegExp]>([
    [{ targets: ARGS.targets }, "eventTopicId: is required: the id of a topic"],
    [{ ...ARGS, eventTopicId: null }, "eventTopicId: is required: the id of a topic"],
    [{ ...ARGS, eventTopicId: "" }, "eventTopicId: must be the id of a topic, not an empty string"],
    [{ ...ARGS, eventTopicId: 7 }, "eventTopicId: must be the id of a topic, not a number"],
    [{ ...ARGS, eventTopicId: {} }, "eventTopicId: must be the id of a topic, not an object"],

    [{ eventTopicId: "t" }, "targets: is required: a list of targets"],
    [{ ...ARGS, targets: "target-1" }, "targets: must be a list of targets, not a string"],
    [withTargets(), "targets: is empty: at least 1 target is needed"],
    [
      withTargets("target-1"),
      /^targets\[0\]: must be a target: an object of targetId and priority, not a string$/,
    ],
    [withTargets(null), /^targets\[0\]: is required: a target/],
    [withTargets({}), "targets[0].targetId: is required: the id of a target"],
    [withTargets({ targetId: "" }), "targets[0].targetId: must be the id of a target, not an empty string"],
    [withTargets({ targetId: "a", priority: 0 }), "targets[0].priority: must be an integer from 1"],
    [withTargets({ targetId: "a", priority: 1.5 }), "targets[0].priority: must be an integer from 1"],
    [
      withTargets({ targetId: "a", priority: "1" }),
      "targets[0].priority: must be an integer from 1, not a string",
    ],
    [
      withTargets({ targetId: "a" }, { targetId: "b" }, { targetId: "a" }),
      "targets[2].targetId: repeats targets[0].targetId: targets must be distinct",
    ],
    [
      withTargets({ targetId: "a", priority: 2 }, { targetId: "b" }),
      "targets: 1 of 2 targets have a priority: give every target one, or none (then the position counts)",
    ],
    [
      withTargets({ targetId: "a", priority: 1 }, { targetId: "b", priority: 3 }),
      "targets: the priorities must be the integers from 1 to 2, each once: targets[1].priority is larger",
    ],
    [
      withTargets({ targetId: "a", priority: 1 }, { targetId: "b", priority: 1 }),
      "targets: the priorities must be the integers from 1 to 2, each once: targets[1].priority repeats targets[0].priority",
    ],
    [
      withTargets({ targetId: "a", prioritiy: 1 }),
      'targets[0].prioritiy: is not an argument (did you mean "priority"?): allowed are targetId, priority',
    ],

    [withFilters({}), "filters: must be a list of filters, not an object"],
    [withFilters(tooMany(6)), "filters: has 6 filters: at most 5 are allowed"],
    [
      withFilters([7]),
      "filters[0]: must be a filter: an object of name, conditions and action, not a number",
    ],
    [withFilters([{ conditions: [condition] }]), "filters[0].name: is required: the filter's name"],
    [
      withFilters([{ ...filter, name: "" }]),
      "filters[0].name: must be the filter's name, not an empty string",
    ],
    [
      withFilters([filter, filter]),
      "filters[1].name: repeats filters[0].name: filter names must be distinct",
    ],
    [
      withFilters([{ ...filter, action: "" }]),
      /^filters\[0\]\.action: must be an action such as "route", not an empty/,
    ],
    [
      withFilters([{ ...filter, condition: [] }]),
      'filters[0].condition: is not an argument (did you mean "conditions"?): allowed are name, conditions, action',
    ],
    [withFilters([{ name: "vip" }]), "filters[0].conditions: is required: a list of conditions"],
    [withConditions(), "filters[0].conditions: is empty: at least 1 condition is needed"],
    [
      withConditions(...Array(11).fill(condition)),
      "filters[0].conditions: has 11 conditions: at most 10 are allowed",
    ],
    [
      withConditions("x"),
      "filters[0].conditions[0]: must be a condition: an object of field, operator and value, not a string",
    ],
    [
      withConditions({ ...condition, field: "" }),
      "filters[0].conditions[0].field: must be the name of the event's field, not an empty string",
    ],
    [
      withConditions(condition, condition, { ...condition, operator: "equal" }),
      `filters[0].conditions[2].operator: ${OPERATOR_WORDS} (did you mean "equals"?)`,
    ],
    [
      withConditions({ ...condition, operator: "matches" }),
      `filters[0].conditions[0].operator: ${OPERATOR_WORDS}`,
    ],
    [
      withConditions({ ...condition, operator: 7 }),
      `filters[0].conditions[0].operator: ${OPERATOR_WORDS}, not a number`,
    ],
    [
      withConditions({ field: "a", value: 1 }),
      'filters[0].conditions[0].operator: is required: "equals", "contains" or "greater_than"',
    ],
    [
      withConditions({ field: "a", operator: "equals" }),
      "filters[0].conditions[0].value: is required: a string, a number or a boolean",
    ],
    [
      withConditions({ ...condition, value: ["high"] }),
      "filters[0].conditions[0].value: must be a string, a number or a boolean, not a list",
    ],
    [
      withConditions({ ...condition, operator: "greater_than", value: "3" }),
      'filters[0].conditions[0].value: must be a number for the operator "greater_than", not a string',
    ],
    [
      withConditions({ ...condition, operator: "greater_than", value: true }),
      'filters[0].conditions[0].value: must be a number for the operator "greater_than", not a boolean',
    ],
    [
      withConditions({ ...condition, feild: 1 }),
      'filters[0].conditions[0].feild: is not an argument (did you mean "field"?): allowed are field, operator, value',
    ],

    [{ ...ARGS, name: "" }, "name: must be a string of 1 to 256 characters, not an empty string"],
    [
      { ...ARGS, name: "x".repeat(257) },
      "name: has 257 characters: it must be a string of 1 to 256 characters",
    ],
    [{ ...ARGS, name: 7 }, "name: must be a string of 1 to 256 characters, not a number"],
    [{ ...ARGS, description: 7 }, "description: must be a string, not a number"],
    [{ ...ARGS, sourceType: "eventbrigde" }, /^sourceType: must be "eventbridge" \(/],
    [
      { ...ARGS, status: "Active" },
      'status: must be "active", "inactive" or "draft" (did you mean "active"?)',
    ],
    [{ ...ARGS, onConflict: "takeover" }, 'onConflict: must be "fail" or "adopt"'],
    [{ ...ARGS, timeouts: "10m" }, "timeouts: must be an object of create, update and delete, not a string"],
    [
      { ...ARGS, timeouts: { create: 600 } },
      'timeouts.create: must be a duration such as "90s", "10m" or "1h30m", not a number',
    ],
    [
      { ...ARGS, timeouts: { delete: "10 minutes" } },
      'timeouts.delete: must be a duration such as "90s", "10m" or "1h30m", 24 hours at most',
    ],
    [
      { ...ARGS, timeouts: { creat: "1m" } },
      'timeouts.creat: is not an argument (did you mean "create"?): allowed are create, update, delete',
    ],
    [
      { ...ARGS, eventTopic: "t" },
      /^eventTopic: is not an argument \(did you mean "eventTopicId"\?\): allowed are eventTopicId, targets, filters, /,
    ],
    [{ ...ARGS, "strange key!": 1 }, /^\["strange key!"\]: is not an argument: allowed are /],
  ])("%j", (news, message) => {
    expect(problemsOf(news)).toEqual([
      typeof message === "string" ? message : expect.stringMatching(message),
    ]);
  });
});

test("all problems are reported at once, in the order of the documentation", () => {
  const problems = problemsOf({
    zzz: 1,
    timeouts: { create: "soon" },
    onConflict: "x",
    status: "x",
    name: "",
    filters: [
      { ...filter, name: "0" },
      { name: "0", conditions: [condition, { field: "", operator: "x", value: null }] },
      { name: 7, conditions: [{ ...condition, operator: "greater_than" }] },
      ...Array.from({ length: 10 }, (_, index) => ({ ...filter, name: `${index + 1}` })),
    ],
    targets: [{ targetId: "a" }, { targetId: "a", priority: 5 }],
  });
  expect(problems.map((each) => each.split(": ")[0])).toEqual([
    "eventTopicId",
    "targets",
    "targets[1].targetId",
    "filters",
    "filters[1].conditions[1].field",
    "filters[1].conditions[1].operator",
    "filters[1].conditions[1].value",
    "filters[1].name",
    "filters[2].conditions[0].value",
    "filters[2].name",
    "name",
    "status",
    "onConflict",
    "timeouts.create",
    "zzz",
  ]);
});

describe("webhookUrl, a secret", () => {
  test.each<unknown>([
    "s3cr3t",
    "ftp://s3cr3t.example",
    "",
    "//s3cr3t",
    53_723,
    { s3cr3t: 1 },
    ["s3cr3t"],
    true,
  ])("%j is refused without being repeated", (webhookUrl) =>
    expect(problemsOf({ ...ARGS, webhookUrl })).toEqual([
      "webhookUrl: must be an http or https address of at most 2048 characters (its value is secret and not shown)",
    ]),
  );

  test.each(["\n", "\r\n", " \t", "\u00a0", "\ufeff", "\u200b"])(
    "loses %j around it, as it is pasted or read from a file",
    (sign) => {
      const webhookUrl = "https://hooks.example.com/x";
      expect(parseInputs({ ...ARGS, webhookUrl: `${sign}${webhookUrl}${sign}` })).toEqual(
        parseInputs({ ...ARGS, webhookUrl }),
      );
    },
  );

  test.each([
    ["https://s3cr3t.example/a\nb", "a line break"],
    ["https://s3cr3t.example/a b", "a blank"],
    ["https://s3cr3t\u200b.example/", "a character that is not seen (U+200B)"],
    ["https://s3cr3t.example/\u001b", "a control character (U+001B)"],
  ])("%j is refused for what is inside, which a reader of URLs would drop or alter", (webhookUrl, inside) =>
    expect(problemsOf({ ...ARGS, webhookUrl })).toEqual([
      `webhookUrl: has ${inside} inside, where a blank is written %20: it must be an http or https address of at most 2048 characters (its value is secret and not shown)`,
    ]),
  );

  test("is not repeated, whatever else is wrong", () =>
    fc.assert(
      fc.property(fc.string(), fc.dictionary(fc.string(), fc.jsonValue()), (noise, more) => {
        const news = { ...more, webhookUrl: `s3cr3t${noise}` };
        expect(problemsOf(news).join("\n")).not.toContain("s3cr3t");
      }),
    ));
});

/** Every place in a value, as a path of keys. */
const places = (value: unknown): (string | number)[][] =>
  typeof value !== "object" || value === null
    ? []
    : Object.keys(value).flatMap((key) => [
        [key],
        ...places((value as Record<string, unknown>)[key]).map((rest) => [key, ...rest]),
      ]);

const replaced = (value: unknown, path: (string | number)[], by: unknown = UNKNOWN): unknown => {
  if (path.length === 0) return by;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>;
  const [key, ...rest] = path as [string, ...string[]];
  copy[key] = replaced(copy[key], rest, by);
  return copy;
};

describe("no message repeats a value, of which any may be secret in the program:", () => {
  test.each(places(FULL).map((path) => [path.join("."), path] as const))("not the one at %s", (_, path) => {
    const number = path.at(-1) === "priority" ? 48_151_623 : -48_151_623.5;
    for (const value of ["4815162.3-planted", number, ["planted"], { 0: "planted" }]) {
      const news = replaced(FULL, [...path], value) as Record<string, unknown>;
      const twice = ["targets", "filters"].flatMap((key) =>
        [news[key]].flatMap((list) =>
          Array.isArray(list) ? [{ ...news, [key]: [...list, ...list] }] : [news],
        ),
      );
      for (const each of [news, ...twice]) expect(problemsOf(each).join("\n")).not.toMatch(/planted|4815162/);
    }
  });
});

describe("unknown values", () => {
  test.each(places(FULL).map((path) => [path.join("."), path] as const))(
    "pass at %s, and stay",
    (_, path) => {
      const news = replaced(FULL, [...path]) as object;
      expect(inputsOf(news)).toStrictEqual(news);
    },
  );

  test("pass at any number of places at once", () => {
    const all = places(FULL);
    fc.assert(
      fc.property(fc.subarray(all), (paths) => {
        let news: unknown = FULL;
        // From the outside in: a place inside of an unknown is no place any more.
        const unknown: string[] = [];
        for (const path of paths.toSorted((a, b) => a.length - b.length)) {
          const name = path.join(".");
          if (unknown.some((outer) => name.startsWith(`${outer}.`))) continue;
          unknown.push(name);
          news = replaced(news, path);
        }
        expect(problemsOf(news as object)).toEqual([]);
      }),
    );
  });

  test("do not hide the mistakes around them", () => {
    expect(
      problemsOf({
        eventTopicId: UNKNOWN,
        targets: [UNKNOWN, { targetId: "" }],
        filters: [{ name: UNKNOWN, conditions: [{ field: UNKNOWN, operator: "equal", value: UNKNOWN }] }],
        regoin: UNKNOWN,
      }).map((each) => each.split(": ")[0]),
    ).toEqual(["targets[1].targetId", "filters[0].conditions[0].operator", "regoin"]);
  });

  test("are neither repetitions nor wrong values of one another", () => {
    const unknownTwice = withTargets({ targetId: UNKNOWN }, { targetId: UNKNOWN });
    expect(problemsOf(unknownTwice)).toEqual([]);
    expect(problemsOf(withConditions({ field: "n", operator: "greater_than", value: UNKNOWN }))).toEqual([]);
    expect(problemsOf(withFilters([1, 2].map(() => ({ ...filter, name: UNKNOWN }))))).toEqual([]);
  });
});

test("whatever a program writes, the answer is inputs or problems, never an exception", () => {
  const key = fc.oneof(
    fc.string(),
    fc.constantFrom("__proto__", "constructor", "targets", "filters", "name"),
  );
  const anyJson = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.string(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.constant(UNKNOWN),
      fc.array(tie("value"), { maxLength: 12 }),
      fc.dictionary(key, tie("value")),
    ),
  })).value;
  const mistaken = fc.record(
    {
      eventTopicId: anyJson,
      targets: fc.oneof(anyJson, fc.array(fc.record({ targetId: anyJson, priority: anyJson }))),
      filters: fc.oneof(
        anyJson,
        fc.array(fc.record({ name: anyJson, conditions: fc.array(anyJson), action: anyJson })),
      ),
      webhookUrl: anyJson,
      timeouts: anyJson,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(fc.dictionary(key, anyJson), mistaken), (news) => {
      const parsed = parseInputs(news as Record<string, unknown>);
      if ("problems" in parsed) {
        expect(parsed.problems.length).toBeGreaterThan(0);
        for (const { path, reason } of parsed.problems)
          expect([typeof path, typeof reason, reason === ""]).toEqual(["string", "string", false]);
      }
    }),
    { numRuns: 500 },
  );
});

test("the limits are those of the specification", () =>
  expect(LIMITS).toEqual({ filters: 5, conditions: 10, nameLength: 256 }));
