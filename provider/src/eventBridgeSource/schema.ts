import { z } from "zod";
import { DURATION_FORM, parseDuration } from "../duration.js";
import { didYouMean } from "../nearest.js";
import { tidied } from "../pasted.js";
import { isUnknown } from "../pulumi/unknown.js";
import type { Problem } from "../resourceHandler.js";
import { isWebAddress, notAWebAddress } from "../webAddress.js";
import { CONFLICT_RULES, DEFAULTS, DESIRED_STATUSES, LIMITS, OPERATORS, SOURCE_TYPE } from "./args.js";
import type { SourceInputs } from "./model.js";

/** A schema that lets an unknown value pass, at any depth. */
function known<Schema extends z.ZodType>(schema: Schema) {
  return z.unknown().transform((value, context): z.output<Schema> => {
    if (isUnknown(value)) return value as z.output<Schema>;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    for (const issue of result.error.issues)
      context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue);
    return z.NEVER;
  });
}

const show = (value: unknown): string => JSON.stringify(value) ?? String(value);
const missing = (value: unknown): boolean => value === undefined || value === null;

/** `"equals", "contains" or "greater_than"` */
function oneOfWords(words: readonly string[]): string {
  const quoted = words.map((word) => `"${word}"`);
  return quoted.length === 1 ? `${quoted[0]}` : `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
}

const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.enum(words, {
    error: ({ input }) => {
      if (missing(input)) return `is required: ${oneOfWords(words)}`;
      const hint = typeof input === "string" ? didYouMean(input, words) : "";
      return `${show(input)} is not allowed: it must be ${oneOfWords(words)}${hint}`;
    },
  });

const mustBe = (what: string) => ({
  error: ({ input }: { input: unknown }) =>
    missing(input) ? `is required: ${what}` : `must be ${what}, not ${kindOf(input)}`,
});

function kindOf(value: unknown): string {
  if (value === "") return "an empty string";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return typeof value === "string" ? "a string" : String(value);
}

const text = (what: string) => z.string(mustBe(what)).min(1, mustBe(what));

const list = <Item extends z.ZodType>(item: Item, what: string) => z.array(known(item), mustBe(what));

/** An object whose unknown keys are errors that name the nearest known key. */
const object = <Shape extends z.ZodRawShape>(shape: Shape, what: string) =>
  z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys") return mustBe(what).error({ input: issue.input });
      return undefined;
    },
  });

const condition = object(
  {
    field: known(text("the name of the event's field")),
    operator: known(oneOf(OPERATORS)),
    value: known(z.union([z.string(), z.number(), z.boolean()], mustBe("a string, a number or a boolean"))),
  },
  "a condition: an object of field, operator and value",
);

const filter = object(
  {
    name: known(text("the filter's name")),
    conditions: known(list(condition, "a list of conditions")),
    action: known(text('an action such as "route"')).default(DEFAULTS.action),
  },
  "a filter: an object of name, conditions and action",
);

const target = object(
  {
    targetId: known(text("the id of a target")),
    priority: known(z.int(mustBe("an integer from 1")).min(1, mustBe("an integer from 1"))).optional(),
  },
  "a target: an object of targetId and priority",
);

const duration = z.string(mustBe(DURATION_FORM)).refine((value) => parseDuration(value) !== undefined, {
  error: ({ input }) => `${show(input)} is not allowed: it must be ${DURATION_FORM}, 24 hours at most`,
});

const NAME = `a string of 1 to ${LIMITS.nameLength} characters`;

const WEB_ADDRESS = { error: ({ input }: { input?: unknown }) => notAWebAddress(input) };

const shape = {
  eventTopicId: known(text("the id of a topic")),
  targets: known(list(target, "a list of targets")),
  filters: known(list(filter, "a list of filters")).default([]),
  name: known(
    z
      .string(mustBe(NAME))
      .min(1, mustBe(NAME))
      .max(LIMITS.nameLength, {
        error: ({ input }) => `has ${(input as string).length} characters: it must be ${NAME}`,
      }),
  ).optional(),
  description: known(z.string(mustBe("a string"))).default(DEFAULTS.description),
  sourceType: known(oneOf([SOURCE_TYPE])).default(DEFAULTS.sourceType),
  status: known(oneOf(DESIRED_STATUSES)).default(DEFAULTS.status),
  // The value is a secret: the message must not repeat it, whatever it is.
  webhookUrl: known(
    z
      .string(WEB_ADDRESS)
      .transform((text) => tidied(text).text)
      .refine(isWebAddress, WEB_ADDRESS),
  ).optional(),
  onConflict: known(oneOf(CONFLICT_RULES)).optional(),
  timeouts: known(
    object(
      {
        create: known(duration).optional(),
        update: known(duration).optional(),
        delete: known(duration).optional(),
      },
      "an object of create, update and delete",
    ),
  ).optional(),
};

const KEYS_AT: { at: RegExp; keys: readonly string[] }[] = [
  { at: /^$/, keys: Object.keys(shape) },
  { at: /^filters\[\d+\]$/, keys: Object.keys(filter.shape) },
  { at: /^filters\[\d+\]\.conditions\[\d+\]$/, keys: Object.keys(condition.shape) },
  { at: /^targets\[\d+\]$/, keys: Object.keys(target.shape) },
  { at: /^timeouts$/, keys: ["create", "update", "delete"] },
];

const source = object(shape, "an object");

/** Inputs as they come out of the schema: the name and priorities may still be missing. */
export type ParsedInputs = Omit<SourceInputs, "name" | "targets" | "__urn" | "__autonamed" | "__import"> & {
  name?: string;
  targets: { targetId: string; priority?: number }[];
};

/**
 * Checks what a program wrote against the limits of the EventBridge API: every problem at once, each at its
 * path. Unknown values pass wherever they stand.
 */
export function parseInputs(
  news: Record<string, unknown>,
): { inputs: ParsedInputs } | { problems: Problem[] } {
  const written = withoutNulls(news) as Record<string, unknown>;
  const result = source.safeParse(written);
  const problems = [
    ...(result.success ? [] : result.error.issues.flatMap(toProblems)),
    ...crossChecks(written),
  ];
  if (!result.success || problems.length > 0) return { problems: inOrder(problems) };
  return { inputs: result.data as ParsedInputs };
}

/**
 * What no single field can tell, and how long lists may be (a list too long would keep zod from looking into
 * it). Looks at whatever is there, so that it reports beside the other problems.
 */
function crossChecks(news: Record<string, unknown>): Problem[] {
  return [
    ...checkLength("targets", news.targets, "target", 1, Number.POSITIVE_INFINITY),
    ...checkLength("filters", news.filters, "filter", 0, LIMITS.filters),
    ...checkTargets(items(news.targets)),
    ...checkFilters(items(news.filters)),
  ];
}

/** How many a list may have; nothing for what is no list. */
function checkLength(path: string, value: unknown, unit: string, least: number, most: number): Problem[] {
  if (!Array.isArray(value)) return [];
  if (value.length < least) return [{ path, reason: `is empty: at least ${least} ${unit} is needed` }];
  if (value.length > most)
    return [{ path, reason: `has ${value.length} ${unit}s: at most ${most} are allowed` }];
  return [];
}

function checkTargets(targets: unknown[]): Problem[] {
  const problems: Problem[] = [];
  const repeated = repetitions(targets.map((each) => field(each, "targetId")));
  for (const { index, first, value } of repeated)
    problems.push({
      path: `targets[${index}].targetId`,
      reason: `${show(value)} is already the target of targets[${first}]: targets must be distinct`,
    });

  const priorities = targets.map((each) => field(each, "priority"));
  const given = priorities.filter((priority) => priority !== undefined);
  if (targets.some(isUnknown) || given.length === 0 || !given.every(isPriority)) return problems;
  if (given.length < targets.length)
    problems.push({
      path: "targets",
      reason: `${given.length} of ${targets.length} targets have a priority: give every target one, or none (then the position counts)`,
    });
  else if (given.some((_, index) => !given.includes(index + 1)))
    problems.push({
      path: "targets",
      reason: `the priorities are ${given.join(", ")}: they must be the integers from 1 to ${targets.length}, each once`,
    });
  return problems;
}

function checkFilters(filters: unknown[]): Problem[] {
  const problems: Problem[] = repetitions(filters.map((each) => field(each, "name"))).map(
    ({ index, first, value }) => ({
      path: `filters[${index}].name`,
      reason: `${show(value)} is already the name of filters[${first}]: filter names must be distinct`,
    }),
  );
  for (const [f, each] of filters.entries()) {
    const conditions = field(each, "conditions");
    problems.push(...checkLength(`filters[${f}].conditions`, conditions, "condition", 1, LIMITS.conditions));
    for (const [c, one] of items(conditions).entries()) {
      const value = field(one, "value");
      if (field(one, "operator") !== "greater_than" || missing(value) || isUnknown(value)) continue;
      if (typeof value === "string" || typeof value === "boolean")
        problems.push({
          path: `filters[${f}].conditions[${c}].value`,
          reason: `must be a number for the operator "greater_than", not ${typeof value === "string" ? "a string" : "a boolean"}`,
        });
    }
  }
  return problems;
}

const isPriority = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 1;
const items = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const field = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;

function repetitions(values: unknown[]): { index: number; first: number; value: string }[] {
  return values.flatMap((value, index) => {
    const first = values.indexOf(value);
    return typeof value === "string" && value !== "" && !isUnknown(value) && first < index
      ? [{ index, first, value }]
      : [];
  });
}

function toProblems(issue: z.core.$ZodIssue): Problem[] {
  const path = pathText(issue.path);
  if (issue.code !== "unrecognized_keys") return [{ path, reason: issue.message }];
  const allowed = KEYS_AT.find(({ at }) => at.test(path))?.keys ?? [];
  return issue.keys.map((key) => ({
    path: pathText([...issue.path, key]),
    reason: `is not an argument${didYouMean(key, allowed)}: allowed are ${allowed.join(", ")}`,
  }));
}

/** `filters[0].conditions[2].operator` */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((before, step) => {
    if (typeof step === "number") return `${before}[${step}]`;
    if (!/^[\w$-]+$/.test(String(step))) return `${before}[${JSON.stringify(String(step))}]`;
    return before === "" ? String(step) : `${before}.${String(step)}`;
  }, "");
}

/** Problems in the order of the documentation, so that a list of twenty can be worked through. */
function inOrder(problems: Problem[]): Problem[] {
  const keys = Object.keys(shape);
  const rank = ({ path }: Problem): number => {
    const at = keys.indexOf(path.split(/[.[]/, 1)[0] ?? "");
    return at === -1 ? keys.length : at;
  };
  return problems.toSorted(
    (a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path, "en", { numeric: true }),
  );
}

/** In a program, null means the same as leaving a key out. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => !missing(each))
      .map(([key, each]) => [key, withoutNulls(each)]),
  );
}
