/** Colours of what commands print, which no foreign text can bring in or break. */
import { randomUUID } from "node:crypto";
import { createColors } from "picocolors";
import { printable } from "../printable.js";

/** Stands for ESC until a line is written: foreign text can neither guess it nor bring an ESC of its own. */
const ESCAPE = `{escape ${randomUUID()}}`;

/** Colours on a terminal that wants them; a CI system is none, whatever its variables say. */
function on({ isTTY }: NodeJS.WriteStream) {
  const colours = createColors(isTTY === true && !process.env.NO_COLOR);
  const painted = (paint: (text: string) => string) => (text: string) =>
    paint(printable(text)).replaceAll("\u001b", ESCAPE);
  const { bold, dim, red, green, yellow } = colours;
  return {
    bold: painted(bold),
    dim: painted(dim),
    red: painted(red),
    green: painted(green),
    yellow: painted(yellow),
  };
}

/** For what goes to standard output. */
export const resultColours = on(process.stdout);
/** For what goes to standard error. */
export const remarkColours = on(process.stderr);

/** A line that was made printable, its colours put on. */
export const withColours = (line: string): string => line.replaceAll(ESCAPE, "\u001b");
