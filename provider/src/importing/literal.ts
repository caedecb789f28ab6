/** Values as TypeScript writes them, for programs that are generated. */
import widthOf from "string-width";

/** A piece of code in place of a value, such as an identifier. */
export class Code {
  constructor(readonly text: string) {}
}

/** What can be written as a literal. */
export type Literal =
  | Code
  | string
  | number
  | boolean
  | undefined
  | readonly Literal[]
  | { readonly [key: string]: Literal };

/** The widest line, as Prettier has it where nothing else is said. */
export const WIDTH = 80;
const INDENT = "  ";

/**
 * Writes a value as Prettier and Biome would. They weigh ten megabytes and more, and all that is written here are
 * objects, lists and values of this package's own making.
 *
 * @param depth how far the line that it begins on is indented.
 * @param used how much of that line is taken already, and by what follows.
 */
export function literal(value: Literal, depth: number, used: number): string {
  const flat = inOneLine(value);
  if (!isComposite(value) || (!mustBreak(value) && used + widthOf(flat) <= WIDTH)) return flat;
  const inner = INDENT.repeat(depth + 1);
  const lines = isList(value)
    ? value.map((item) => `${inner}${literal(item, depth + 1, inner.length + 1)},`)
    : entries(value).map(([key, item]) => `${inner}${property(key, item, depth + 1)},`);
  const [open, close] = isList(value) ? "[]" : "{}";
  return [open, ...lines, `${INDENT.repeat(depth)}${close}`].join("\n");
}

/** Keys shorter than this keep a text beside them, however long: a line of its own would win it next to nothing. */
const SHORT_KEY = INDENT.length + 3;

/** `key: value`, the value on a line of its own when it is a text too long for this one. */
function property(key: string, value: Literal, depth: number): string {
  const before = INDENT.repeat(depth).length + key.length + 3;
  const text = literal(value, depth, before);
  const gainsBySplitting = key.length >= SHORT_KEY && isString(text) && before + widthOf(text) > WIDTH;
  return gainsBySplitting ? `${key}:\n${INDENT.repeat(depth + 1)}${text}` : `${key}: ${text}`;
}

/** `const name = "value";` */
export function constant(name: string, value: string): string {
  const text = quoted(value);
  const isTooLong = isString(text) && widthOf(`const ${name} = ${text};`) > WIDTH;
  return `const ${name} =${isTooLong ? `\n${INDENT}` : " "}${text};`;
}

/** Whether a piece of code is a string: templates and everything else stay where they are, however long. */
const isString = (code: string): boolean => /^["']/.test(code);

function inOneLine(value: Literal): string {
  if (isList(value)) return `[${value.map(inOneLine).join(", ")}]`;
  if (value instanceof Code) return value.text;
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") return String(value).replace("e+", "e");
  if (typeof value !== "object") return String(value);
  const properties = entries(value).map(([key, item]) => `${key}: ${inOneLine(item)}`);
  return properties.length === 0 ? "{}" : `{ ${properties.join(", ")} }`;
}

/** A list of several objects with several properties each is never written in one line, nor what holds one. */
function mustBreak(value: Literal): boolean {
  if (isList(value))
    return (
      (value.length > 1 &&
        value.every((item) => isComposite(item) && !isList(item) && entries(item).length > 1)) ||
      value.some(mustBreak)
    );
  return isComposite(value) && entries(value).some(([, item]) => mustBreak(item));
}

type Composite = readonly Literal[] | { readonly [key: string]: Literal };

const isList = (value: Literal): value is readonly Literal[] => Array.isArray(value);

const isComposite = (value: Literal): value is Composite =>
  typeof value === "object" && !(value instanceof Code);

const entries = (value: Exclude<Composite, readonly Literal[]>) =>
  Object.entries(value).filter(([, item]) => item !== undefined);

/** Between the marks that leave least to escape, and nothing in it that is not seen. */
export function quoted(text: string): string {
  // Linters take a placeholder in a plain string for a mistake.
  const mark = text.includes("${") ? "`" : count(text, '"') > count(text, "'") ? "'" : '"';
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  const inner = escaped.replaceAll(mark, `\\${mark}`).replace(UNSEEN, asEscape);
  return mark + (mark === "`" ? inner.replaceAll("${", "\\${") : inner) + mark;
}

const count = (text: string, mark: string): number => text.split(mark).length - 1;

/** What no editor shows, or shows where it is not: among them the marks that turn the direction of a text. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

const asEscape = (character: string): string => {
  const hex = character.codePointAt(0)?.toString(16) ?? "";
  return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, "0")}`;
};
