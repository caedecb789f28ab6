/**
 * A platform may keep a field otherwise than it was asked for: it takes white space off, puts filters in another order,
 * writes a number as text. A state then bears what is kept, as it is there, and beside it, in `__asked`, what the program
 * asked for. As long as what is kept stays the same the two are no difference.
 */
import { isDeepStrictEqual } from "node:util";
import { differingFields } from "./fields.js";
import { FIELDS, type SourceFields, type SourceOutputs } from "./model.js";

type Asked = NonNullable<SourceOutputs["__asked"]>;
/** What is known of a source: its fields as they are kept, and what was asked for where that differs. */
type Known = SourceFields & Pick<SourceOutputs, "__asked">;

/** What is known of a source in its program's words. */
export function asAsked<State extends Partial<Known>>(known: State): Omit<State, "__asked"> {
  const { __asked: asked = {}, ...fields } = known;
  const all = Object.entries({ ...fields, ...asked }).filter(
    ([key, value]) => !(key in asked && value === null),
  );
  return Object.fromEntries(all) as Omit<State, "__asked">;
}

/** The fields that only a write can bring to what the program asks for: neither kept so, nor the reason for what is kept. */
export function unmetFields(known: Known, wanted: SourceFields): (keyof SourceFields)[] {
  const differing = differingFields(asAsked(known), wanted);
  return differingFields(known, wanted).filter((field) => differing.includes(field));
}

/** What was asked for, where the platform keeps it otherwise. */
export function askedOtherwise(kept: SourceFields, wanted: SourceFields): Pick<SourceOutputs, "__asked"> {
  return remembering(differingFields(kept, wanted).map((field) => [field, wanted[field]]));
}

/** What of that still holds for a source as it is read now: where somebody else has changed a field it does not. */
export function stillAsked(
  present: SourceFields,
  known: Partial<Known> | undefined,
): Pick<SourceOutputs, "__asked"> {
  const fields = FIELDS.filter((field) => field in (known?.__asked ?? {}));
  const words = fields.map(
    (field) =>
      [field, inAskedWords(present[field], known?.[field], known?.__asked?.[field] ?? undefined)] as const,
  );
  return remembering(words.filter(([field, value]) => !isSame(value, present[field])));
}

function remembering(
  entries: readonly (readonly [keyof SourceFields, unknown])[],
): Pick<SourceOutputs, "__asked"> {
  if (entries.length === 0) return {};
  return { __asked: Object.fromEntries(entries.map(([field, value]) => [field, value ?? null])) as Asked };
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
