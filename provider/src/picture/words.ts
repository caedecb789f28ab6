/** Words as pictures show them: one line, with nothing unseen in it, and no longer than a box. */
import widthOf from "string-width";
import { printable } from "../printable.js";
import type { Change } from "./flow.js";

/** Columns of a label at the most; a wide letter takes two. */
export const WIDEST = 44;
/** Characters that are looked at: what is behind them is cut off anyway. */
const LOOKED_AT = 8 * WIDEST;

/** Stands before what changes, since not everybody sees colours. */
export const MARK: Readonly<Record<Change, string>> = {
  same: "",
  added: "+ ",
  changed: "~ ",
  replaced: "± ",
  removed: "− ",
};

/** What fits; of what does not the middle is left out, since ids begin alike and names end alike. */
export function fitting(text: string, widest: number = WIDEST): string {
  const letters = [...new Intl.Segmenter("en").segment(printable(text.slice(0, LOOKED_AT)))].map(
    ({ segment }) => segment,
  );
  if (widthOf(letters.join("")) <= widest) return letters.join("");
  const tail = taken(letters.toReversed(), Math.floor((widest - 1) / 3)).toReversed();
  const head = taken(letters, widest - 1 - widthOf(tail.join("")));
  return `${head.join("")}…${tail.join("")}`;
}

/** As many letters as have room. */
function taken(letters: readonly string[], room: number): string[] {
  const found: string[] = [];
  for (let width = 0, at = 0; at < letters.length; at++) {
    width += widthOf(letters[at] as string);
    if (width > room) break;
    found.push(letters[at] as string);
  }
  return found;
}
