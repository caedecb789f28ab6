/** The forms that arguments of a program can have, with messages that say what is allowed and never what was written. */
import { z } from "zod";
import { DURATION_FORM, parseDuration } from "./duration.js";
import { whyNoId } from "./genesys/pathParams.js";
import { eachOf, kindOf } from "./genesys/shape.js";
import { didYouMean } from "./nearest.js";
import { tidied } from "./pasted.js";
import { MOST_PROBLEMS, missing } from "./problems.js";
import { isUnknown } from "./unknown.js";
import { isWebAddress, notAWebAddress } from "./webAddress.js";

/** A schema that lets an unknown value pass, at any depth. */
export function known<Schema extends z.ZodType>(schema: Schema) {
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

/** One of these words; of another, the nearest is named. */
export const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.enum(words, {
    error: ({ input }) =>
      typeof input === "string"
        ? `must be ${oneOfWords(words)}${didYouMean(input, words)}`
        : mustBe(oneOfWords(words)).error({ input }),
  });

/** Messages for what is missing, or something else. @param what is allowed, such as `a string` */
export const mustBe = (what: string) => ({
  error: ({ input }: { input: unknown }) =>
    missing(input) ? `is required: ${what}` : `must be ${what}, not ${kindOf(input)}`,
});

/** A text that is not empty. */
export const text = (what: string) => z.string(mustBe(what)).min(1, mustBe(what));

/** What stands in the address of a request. */
export const id = (what: string) =>
  text(what).refine((value) => value === "" || whyNoId(value) === undefined, {
    error: ({ input }) => `must be ${what}, and ${whyNoId(input as string)}`,
  });

/** A list, looked into until there is more to complain of than anybody reads. */
export function list<Item extends z.ZodType>(item: Item, what: string) {
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
export const object = <Shape extends z.ZodRawShape>(shape: Shape, what: string) =>
  z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys") return mustBe(what).error({ input: issue.input });
      return undefined;
    },
  });

/** How long something may take. */
const duration = z.string(mustBe(DURATION_FORM)).refine((value) => parseDuration(value) !== undefined, {
  error: `must be ${DURATION_FORM}, 24 hours at most`,
});

/** The name of an object. @param longest in characters */
export function name(longest: number) {
  const what = `a string of 1 to ${longest} characters`;
  return z
    .string(mustBe(what))
    .min(1, mustBe(what))
    .max(longest, { error: ({ input }) => `has ${(input as string).length} characters: it must be ${what}` });
}

const WEB_ADDRESS = { error: ({ input }: { input?: unknown }) => notAWebAddress(input) };

/** Where notices go. The value is a secret: no message repeats it, whatever it is. */
export const webAddress = z
  .string(WEB_ADDRESS)
  .transform((written) => tidied(written).text)
  .refine(isWebAddress, WEB_ADDRESS);

/** How long each step may take. */
export const timeouts = object(
  {
    create: known(duration).optional(),
    update: known(duration).optional(),
    delete: known(duration).optional(),
  },
  "an object of create, update and delete",
);

/** What to do when there is one already. */
export const conflictRule = oneOf(["fail", "adopt"]);

/** Where a list repeats itself, each with the place of the first. Unknown ones and empty ones are none. */
export function repetitions(values: readonly unknown[]): { index: number; first: number }[] {
  const seen = new Map<string, number>();
  const repeated: { index: number; first: number }[] = [];
  for (const [index, value] of values.entries()) {
    if (repeated.length > MOST_PROBLEMS) break;
    if (typeof value !== "string" || value === "" || isUnknown(value)) continue;
    const first = seen.get(value);
    if (first === undefined) seen.set(value, index);
    else repeated.push({ index, first });
  }
  return repeated;
}
