/**
 * What the checks of a program's arguments have in common when they say what is wrong. No message repeats a value: which
 * of them are secret in the program a provider is not told. The path says where it stands.
 */
import { LONGEST } from "./limits.js";

/** As many problems as are told, and looked for: nobody works through more at once. */
export const MOST_PROBLEMS = 100;
/** The name of a property as messages repeat it. */
export const shortened = (text: string): string =>
  text.length > LONGEST.word ? `${text.slice(0, LONGEST.word)}…` : text;

/** In a program, null means the same as leaving out. */
export const missing = (value: unknown): boolean => value === undefined || value === null;
