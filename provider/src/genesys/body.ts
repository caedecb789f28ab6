/**
 * Takes an answer's body for what it should be. What can be understood is: keys that are not known are left out, null
 * and missing say the same, an id may be a number. Of anything else one error of ours names the place.
 */
import { z } from "zod";
import { GenesysError, type RequestName } from "./errors.js";
import { Unholdable } from "./exactJson.js";
import { whyNoId } from "./pathParams.js";
import { eachOf, kindOf, pathText } from "./shape.js";

/** As many troubles of one answer as a message names. */
const MOST_NAMED = 3;

const WHAT: Readonly<Record<string, string>> = { array: "a list", object: "an object", string: "a text" };

/** @throws GenesysError `answer.malformed`; as a change may have gone through, it counts as an answer that was lost. */
export function inShape<Shape extends z.ZodType>(
  shape: Shape,
  body: unknown,
  request: RequestName,
  status = 200,
): z.output<Shape> {
  const result = shape.safeParse(body, { error: sayWhy });
  if (result.success) return result.data;
  const troubles = result.error.issues.slice(0, MOST_NAMED).map(({ path, message }) => {
    const at = pathText(path);
    return `${at === "" ? "it" : at} ${message}`;
  });
  throw malformed(request, `the answer cannot be understood: ${troubles.join("; ")}`, status);
}

/**
 * An answer is not what was asked for, such as that of a gateway. What it leaves out must not pass for empty, nor the whole
 * for gone.
 */
export const malformed = ({ method, path }: RequestName, message: string, status = 200): GenesysError =>
  new GenesysError({ method, path, status, code: "answer.malformed", message });

function sayWhy(issue: z.core.$ZodRawIssue): string | undefined {
  const { input } = issue;
  if (input instanceof Unholdable) return input.why;
  const wanted = issue.code === "invalid_type" ? (WHAT[issue.expected] ?? issue.expected) : undefined;
  return wanted === undefined ? undefined : `must be ${wanted}, not ${kindOf(input)}`;
}

/** null says as much as leaving out. */
const optional = <Shape extends z.ZodType>(shape: Shape) =>
  shape
    .nullish()
    .transform((value): z.output<Shape> | undefined => value ?? undefined)
    .optional();

/** One that cannot be held is kept for what it is: what can be understood of the rest is needed all the same. */
const orUnholdable = <Value>(shape: z.ZodType<Value>, what: string) =>
  optional(
    z.union([shape, z.instanceof(Unholdable)], {
      error: ({ input }) => `must be ${what}, not ${kindOf(input)}`,
    }),
  ) as z.ZodType<Value | undefined>;

/** A text that may be missing. */
export const aText = orUnholdable(z.string(), "a text");

/** A number that may be missing. */
export const aNumber = orUnholdable(z.number(), "a number");

/** What a condition compares with; it may be missing. */
export const aValue = orUnholdable(
  z.union([z.string(), z.number(), z.boolean()]),
  "a text, a number or a boolean",
);

/** A list that may be missing. */
export const aList = <Item extends z.ZodType>(item: Item) =>
  optional(
    z
      .array(z.unknown())
      .transform((list, context) => eachOf(list, item, context, { most: MOST_NAMED, error: sayWhy })),
  );

/** An id that may be missing or empty; the engine loses an object whose id is a number, so it becomes a text. */
export const anId = z
  .unknown()
  .transform((value, context): string | undefined => {
    if (value === null || value === undefined || value === "") return undefined;
    const isNumber = typeof value === "number" || (value instanceof Unholdable && /^\d+$/.test(value.text));
    if (typeof value !== "string" && !isNumber) {
      context.addIssue({ code: "custom", message: `must be an id, not ${kindOf(value)}` });
      return z.NEVER;
    }
    const why = whyNoId(String(value));
    if (why !== undefined) context.addIssue({ code: "custom", message: `${why}: it is no id of anything` });
    // An integer of many digits has a form of its own as a text.
    return Number.isInteger(value) ? String(BigInt(value as number)) : String(value);
  })
  .optional();
