/** What the checks of a program's arguments have in common when they say what is wrong. */

/** As many problems as are told, and looked for: nobody works through more at once. */
export const MOST_PROBLEMS = 100;
/** What is repeated of a value, in characters. */
const LONGEST_SHOWN = 100;

/** A value as messages repeat it. */
export function show(value: unknown): string {
  return shortened(JSON.stringify(value) ?? String(value));
}

/** A text as messages repeat it. */
export const shortened = (text: string): string =>
  text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;

/** In a program, null means the same as leaving out. */
export const missing = (value: unknown): boolean => value === undefined || value === null;
