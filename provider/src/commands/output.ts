/** All that commands print goes through here: no secret and no foreign control sign gets out. */
import Table from "cli-table3";
import { LONGEST } from "../limits.js";
import type { Hide } from "../masking.js";
import { printable, printableJson, printableLines } from "../printable.js";
import { hidingSecretsOf } from "../secrets.js";
import type { Settings } from "../settings.js";
import { remarkColours, resultColours, withColours } from "./colours.js";

// Who reads may have seen enough, as "head" has.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});
// The terminal may be closed: what is still to be done is more than to say so.
process.stderr.on("error", () => {});

/** Takes out of all that is printed what must not be shown. */
let hide: Hide = (text) => text;
/** The same, of a result that is of use as a whole alone. */
let hideInWhole: Hide = hide;

/** From now on nothing that is printed shows the secrets of these settings, whoever repeats them. */
export function neverShowSecretsOf(settings: Settings): void {
  hide = hidingSecretsOf({ settings });
  hideInWhole = hidingSecretsOf({ settings }, Number.POSITIVE_INFINITY);
}

/** Lines of ours, with whatever foreign text is in them: each stays one line, and moves no cursor. */
const shown = (text: string): string => withColours(printableLines(hide(text)));

/**
 * A result for programs.
 *
 * @param ours more fields of it, printed as they are: their text is of our own making, and bears no secret. A program is one: with
 * a word masked, it would be another program.
 */
export const printJson = (value: object, ours: object = {}): void =>
  write(printableJson(Object.assign(masked(value), ours), 2));

/** The same value, no text of it with a secret. */
function masked(value: object): object {
  return JSON.parse(JSON.stringify(value), (_, each) =>
    typeof each === "string" ? hideInWhole(each) : each,
  );
}

/** A line of a result. */
export const print = (line: string): void => write(shown(line));

/** A document of our own making, with line ends of its own and without foreign signs that are unseen. */
export const printText = (text: string): void => void process.stdout.write(hideInWhole(text));

/** A line about the result that is no part of it. */
export const remark = (line: string): void => void process.stderr.write(`${shown(line)}\n`);

const write = (text: string): void => void process.stdout.write(`${text}\n`);

/** A table without frames, which other programs can cut up, too. */
export function printTable(head: string[], rows: string[][]): void {
  const none = { top: "", bottom: "", mid: "", left: "", right: "" };
  const chars = {
    ...none,
    ...{ "top-mid": "", "top-left": "", "top-right": "", "bottom-mid": "", "bottom-left": "" },
    ...{ "bottom-right": "", "left-mid": "", "mid-mid": "", "right-mid": "", middle: "  " },
  };
  const table = new Table({
    head: head.map((title) => withColours(resultColours.bold(title))),
    chars,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
  });
  for (const row of rows) table.push(row.map((cell) => withColours(hide(printable(cell, LONGEST.shown)))));
  write(
    table
      .toString()
      .split("\n")
      .map((line) => line.trimEnd())
      .join("\n"),
  );
}

/** Something under way. */
export interface ProgressLine {
  show(text: string): void;
  /** Ends it. A terminal then forgets it. */
  done(): void;
}

/** Shows how far something is: in one line of a terminal, elsewhere in a line now and then. */
export function progressLine(every: number): ProgressLine {
  const { stderr } = process;
  let count = 0;
  return {
    show: (text) => {
      if (stderr.isTTY) stderr.write(`\r\u001b[K${shown(remarkColours.dim(text))}`);
      else if (++count % every === 0) remark(text);
    },
    done: () => void (stderr.isTTY && stderr.write("\r\u001b[K")),
  };
}
