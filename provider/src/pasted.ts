/**
 * Text as people paste it: with a line end of the file it came from, a blank too many, or signs of a web page that nobody
 * sees. At its ends they mean nothing and are taken off; inside they are named, and never guessed away.
 */

/** Blanks of every kind, line ends, controls, and what is not drawn at all. */
const UNSEEN = /[\p{White_Space}\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Of these, what can stand at the ends of a text and mean nothing: a control such as ESC is more than a slip. */
const EDGE = /[\p{White_Space}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** A text without what meant nothing at its ends. */
export interface Tidied {
  text: string;
  /** What was taken off, such as `ends in a line break`; without the text itself, which may be secret. */
  taken?: string;
}

/** Takes off what means nothing at both ends of a text. */
export function tidied(text: string): Tidied {
  let [start, end] = [0, text.length];
  while (start < end && EDGE.test(text.charAt(start))) start++;
  while (start < end && EDGE.test(text.charAt(end - 1))) end--;
  if (start === end) return { text: "" };
  const taken = [
    ...(start > 0 ? [`begins with ${nameOf(text.charAt(0))}`] : []),
    ...(end < text.length ? [`ends in ${nameOf(text.charAt(end))}`] : []),
  ];
  return { text: text.slice(start, end), ...(taken.length > 0 && { taken: taken.join(" and ") }) };
}

/** What of that kind stands in a text, such as `a line break`. @param kinds which of it counts; default: all. */
export function unseenIn(text: string, kinds: RegExp = UNSEEN): string | undefined {
  const [sign] = kinds.exec(text) ?? [];
  return sign === undefined ? undefined : nameOf(sign);
}

/** A sign in words: printed as it is, it could not be told. */
function nameOf(sign: string): string {
  if (/[\n\r\u0085\p{Zl}\p{Zp}]/u.test(sign)) return "a line break";
  if (sign === " ") return "a blank";
  if (sign === "\t") return "a tab";
  const code = `U+${sign.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}`;
  if (/\p{White_Space}/u.test(sign)) return `a blank of another kind (${code})`;
  return /\p{Cc}/u.test(sign) ? `a control character (${code})` : `a character that is not seen (${code})`;
}
