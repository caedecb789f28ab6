/**
 * Foreign text made fit to be shown. What comes from the platform, from files or from other people can bear signs that
 * move the cursor, colour the screen, make a link, begin a line of their own or turn the direction of writing: they are
 * written out, such as `\u{1b}`. This is for what is shown alone: values stay as they are in state and requests.
 */
import { LONGEST } from "./limits.js";

/**
 * What nobody sees, or what changes how the rest is seen: controls, line ends, marks of direction, joiners and fillers,
 * halves of pairs, private letters; and the third of several blanks, or the fifth of several accents, in a row, with
 * which text can be pushed to where it does not belong.
 */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?<=\p{Zs}{2})\p{Zs}|(?<=\p{M}{4})\p{M}/gu;

/** Stands where a text was cut. */
export const CUT = "… (cut)";

/**
 * The text in one line, with nothing unseen in it.
 *
 * @param limit characters at most; what is longer is cut, and ends in `… (cut)`, which counts.
 */
export function printable(text: string, limit: number = LONGEST.message): string {
  const shown = text.slice(0, limit).replaceAll(UNSEEN, escaped);
  if (text.length <= limit && shown.length <= limit) return shown;
  return withoutBrokenEnd(shown.slice(0, Math.max(0, limit - CUT.length))) + CUT;
}

/** The text as it is, unless it is longer: for records and notices, which are no screen. */
export const cut = (text: string, limit: number): string =>
  text.length <= limit ? text : withoutBrokenEnd(text.slice(0, Math.max(0, limit - CUT.length))) + CUT;

/** Without half of a pair, or a part of an escape, that the cut has left. */
const withoutBrokenEnd = (text: string): string =>
  text.replace(/(?:[\ud800-\udbff]|\\(?:u(?:\{[0-9a-f]{0,6})?)?)$/, "");

/** A name, or another short value, as messages quote it. */
export const inQuotes = (text: string): string =>
  printable(JSON.stringify(text.slice(0, LONGEST.shown)), LONGEST.shown);

/** The same for a text of several lines of ours, which is set with blanks: each line is made printable by itself. */
export const printableLines = (text: string, limit: number = LONGEST.message): string =>
  text
    .split("\n")
    .map((line) => (line.length > limit ? line.slice(0, limit - CUT.length) + CUT : line))
    .join("\n")
    .replaceAll(UNSEEN_SIGN, escaped);

/** A value as JSON in which nothing is unseen: for programs it says the same. */
export const printableJson = (value: unknown, indent?: number): string =>
  (JSON.stringify(value, null, indent) ?? "null").replaceAll(UNSEEN_SIGN, (sign) =>
    // JSON knows escapes of UTF-16 units only.
    [...Array(sign.length).keys()]
      .map((at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, "0")}`)
      .join(""),
  );

/** As above, but for the line ends and blanks with which a text of ours is set. */
const UNSEEN_SIGN = /[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

const escaped = (sign: string): string => `\\u{${sign.codePointAt(0)?.toString(16)}}`;
