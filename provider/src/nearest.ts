/** The word that was most likely meant, for "did you mean". */
import { distance } from "fastest-levenshtein";

/** A longer word, in characters, is no slip of the keyboard, and comparing it takes the square of its length. */
const LONGEST_WORD = 300;
/** How many edits away a word may be and still be offered: a third of its length, two at least. */
const tolerance = (word: string): number => Math.max(2, Math.floor(word.length / 3));

/**
 * The candidate most like `word`, for "did you mean" in messages.
 *
 * @returns `undefined` when nothing is near enough to be a likely slip of the keyboard.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > LONGEST_WORD) return undefined;
  const wanted = word.toLowerCase();
  let best: { candidate: string; edits: number } | undefined;
  for (const candidate of candidates) {
    if (candidate.length > LONGEST_WORD) continue;
    const edits = distance(wanted, candidate.toLowerCase());
    if (edits <= tolerance(word) && (best === undefined || edits < best.edits)) best = { candidate, edits };
  }
  return best?.candidate;
}

/** ` (did you mean "x"?)`, or nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const found = nearest(word, candidates);
  return found === undefined ? "" : ` (did you mean "${found}"?)`;
}
