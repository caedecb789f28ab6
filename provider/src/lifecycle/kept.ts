/**
 * A platform may keep a field otherwise than it was asked for: it takes white space off, puts filters in another order,
 * writes a number as text. A state then bears what is kept, as it is there, and beside it, in `__asked`, what the program
 * asked for. As long as what is kept stays the same the two are no difference.
 */
import { isDeepStrictEqual } from "node:util";
import { differingFields } from "./fields.js";
import type { CommonOutputs, Properties } from "./inputs.js";
import type { Kind } from "./kind.js";

/** What was asked for where that is kept otherwise. */
type Asked = Pick<CommonOutputs, "__asked">;
/** What is known of an object: its fields as they are kept, and what was asked for where that differs. */
type Known = Properties & Asked;

/** What is known of an object in its program's words. */
export function asAsked<State extends Known>(known: State): State {
  const { __asked: asked = {}, ...fields } = known;
  const all = Object.entries({ ...fields, ...asked }).filter(
    ([key, value]) => !(key in asked && value === null),
  );
  return Object.fromEntries(all) as State;
}

/** The fields that only a write can bring to what the program asks for: neither kept so, nor the reason for what is kept. */
export function unmetFields(kind: Kind, known: Known, wanted: Properties): string[] {
  const differing = differingFields(kind, asAsked(known), wanted);
  return differingFields(kind, known, wanted).filter((field) => differing.includes(field));
}

/** What was asked for, where the platform keeps it otherwise. */
export function askedOtherwise(kind: Kind, kept: Properties, wanted: Properties): Asked {
  return remembering(differingFields(kind, kept, wanted).map((field) => [field, wanted[field]]));
}

/** What of that still counts for an object as it is read now. A field that somebody else has changed loses its own. */
export function stillAsked({ fields }: Kind, present: Properties, known: Known | undefined): Asked {
  const asked = known?.__asked ?? {};
  const words = fields
    .filter((field) => field in asked)
    .map(
      (field) => [field, inAskedWords(present[field], known?.[field], asked[field] ?? undefined)] as const,
    );
  return remembering(words.filter(([field, value]) => !isSame(value, present[field])));
}

function remembering(entries: readonly (readonly [string, unknown])[]): Asked {
  if (entries.length === 0) return {};
  return { __asked: Object.fromEntries(entries.map(([field, value]) => [field, value ?? null])) };
}

/**
 * What is read now in the program's words: whatever of it is still as it was kept is what was asked for. The rest of a
 * list is read by its places, unless the platform has given its entries others.
 */
function inAskedWords(now: unknown, kept: unknown, asked: unknown): unknown {
  if (isSame(now, kept)) return asked;
  if (Array.isArray(now) && Array.isArray(kept) && Array.isArray(asked)) {
    if (kept.length !== asked.length || !kept.every((each, index) => isNearly(each, asked[index])))
      return now;
    return now.map((each, index) => inAskedWords(each, kept[index], asked[index]));
  }
  if (!isObject(now) || !isObject(kept) || !isObject(asked)) return now;
  return Object.fromEntries(
    Object.entries(now).map(([key, value]) => [key, inAskedWords(value, kept[key], asked[key])]),
  );
}

/** Whether two values are one in a state, which has no place for `undefined`. */
export const isSame = (a: unknown, b: unknown): boolean => isDeepStrictEqual(plain(a), plain(b));

const plain = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value));

/** Whether one value may be what a platform makes of the other: the same but for white space, case, order and type. */
export const isNearly = (a: unknown, b: unknown): boolean => isDeepStrictEqual(folded(a), folded(b));

function folded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => JSON.stringify(folded(each))).toSorted();
  if (isObject(value))
    return Object.fromEntries(
      Object.keys(value)
        .toSorted()
        .map((key) => [key, folded(value[key])]),
    );
  return String(value).normalize("NFKC").replaceAll(/\s+/g, " ").trim().toLowerCase().replace(/\/+$/, "");
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
