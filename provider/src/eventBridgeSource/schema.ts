import { z } from "zod";
import { DURATION_FORM, parseDuration } from "../duration.js";
import { whyNoId } from "../genesys/pathParams.js";
import { eachOf, kindOf, pathText } from "../genesys/shape.js";
import { didYouMean } from "../nearest.js";
import { tidied } from "../pasted.js";
import { MOST_PROBLEMS, missing, shortened } from "../problems.js";
import type { Problem } from "../resourceHandler.js";
import { unheldIn } from "../unheld.js";
import { isUnknown } from "../unknown.js";
import { isWebAddress, notAWebAddress } from "../webAddress.js";
import { CONFLICT_RULES, DEFAULTS, DESIRED_STATUSES, LIMITS, OPERATORS, SOURCE_TYPE } from "./args.js";
import { crossChecks, withinLimits } from "./crossChecks.js";
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

/** `"equals", "contains" or "greater_than"` */
function oneOfWords(words: readonly string[]): string {
  const quoted = words.map((word) => `"${word}"`);
  return quoted.length === 1 ? `${quoted[0]}` : `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
}

const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.enum(words, {
    error: ({ input }) =>
      typeof input === "string"
        ? `must be ${oneOfWords(words)}${didYouMean(input, words)}`
        : mustBe(oneOfWords(words)).error({ input }),
  });

const mustBe = (what: string) => ({
  error: ({ input }: { input: unknown }) =>
    missing(input) ? `is required: ${what}` : `must be ${what}, not ${kindOf(input)}`,
});

const PRIORITY = {
  error: ({ input }: { input: unknown }) =>
    typeof input === "number" ? "must be an integer from 1" : mustBe("an integer from 1").error({ input }),
};

const text = (what: string) => z.string(mustBe(what)).min(1, mustBe(what));

/** What stands in the address of a request. */
const id = (what: string) =>
  text(what).refine((value) => value === "" || whyNoId(value) === undefined, {
    error: ({ input }) => `must be ${what}, and ${whyNoId(input as string)}`,
  });

/** A list, looked into until there is more to complain of than anybody reads. */
function list<Item extends z.ZodType>(item: Item, what: string) {
  const each = known(item);
  return z.unknown().transform((value, context): z.output<Item>[] => {
    if (!Array.isArray(value)) {
      context.addIssue({ code: "custom", message: mustBe(what).error({ input: value }) });
      return z.NEVER;
    }
    return eachOf(value, each, context, { most: MOST_PROBLEMS });
  });
}

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
    value: known(
      z
        .union([z.string(), z.number(), z.boolean()], mustBe("a string, a number or a boolean"))
        // -0 is 0, and JSON has no other.
        .transform((value) => (value === 0 ? 0 : value)),
    ),
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
    targetId: known(id("the id of a target")),
    priority: known(z.int(PRIORITY).min(1, PRIORITY)).optional(),
  },
  "a target: an object of targetId and priority",
);

const duration = z.string(mustBe(DURATION_FORM)).refine((value) => parseDuration(value) !== undefined, {
  error: `must be ${DURATION_FORM}, 24 hours at most`,
});

const NAME = `a string of 1 to ${LIMITS.nameLength} characters`;

const WEB_ADDRESS = { error: ({ input }: { input?: unknown }) => notAWebAddress(input) };

const shape = {
  eventTopicId: known(id("the id of a topic")),
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
  const { within, problems: tooMany } = withinLimits(news);
  const unheld = unheldIn(within);
  const beyondUse = unheld.map(({ path, reason, kind }) => ({
    path,
    reason: kind === "number" ? `${reason}: write it as a string, where that is allowed` : reason,
  }));
  // What nests without end nothing else can look into, and it may be behind the first hundred.
  if (unheld.length >= MOST_PROBLEMS || unheld.some(({ kind }) => kind === "depth"))
    return { problems: inOrder([...tooMany, ...beyondUse]) };
  const written = withoutNulls(within) as Record<string, unknown>;
  const result = source.safeParse(written);
  const others = [
    ...(result.success ? [] : result.error.issues.flatMap(toProblems)),
    ...crossChecks(written),
  ].filter(({ path }) => !unheld.some((each) => each.path === path));
  const problems = [...tooMany, ...beyondUse, ...others];
  if (!result.success || problems.length > 0) return { problems: inOrder(problems) };
  return { inputs: result.data as ParsedInputs };
}

function toProblems(issue: z.core.$ZodIssue): Problem[] {
  const path = pathText(issue.path);
  if (issue.code !== "unrecognized_keys") return [{ path, reason: issue.message }];
  const allowed = KEYS_AT.find(({ at }) => at.test(path))?.keys ?? [];
  return issue.keys.slice(0, MOST_PROBLEMS + 1).map((key) => ({
    path: pathText([...issue.path, shortened(key)]),
    reason: `is not an argument${didYouMean(key, allowed)}: allowed are ${allowed.join(", ")}`,
  }));
}

const BY_NUMBER = new Intl.Collator("en", { numeric: true });

/** Problems in the order of the documentation, so that a list of twenty can be worked through. */
function inOrder(problems: Problem[]): Problem[] {
  const keys = Object.keys(shape);
  const rank = ({ path }: Problem): number => {
    const at = keys.indexOf(path.split(/[.[]/, 1)[0] ?? "");
    return at === -1 ? keys.length : at;
  };
  const ranked = problems.map((problem) => ({ problem, rank: rank(problem) }));
  const sorted = ranked
    .sort((a, b) => a.rank - b.rank || BY_NUMBER.compare(a.problem.path, b.problem.path))
    .map(({ problem }) => problem);
  if (sorted.length <= MOST_PROBLEMS) return sorted;
  return [...sorted.slice(0, MOST_PROBLEMS), { path: "", reason: "there are more problems than these" }];
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
