import Table from "cli-table3";
import { remarkColours, resultColours } from "./colours.js";

// Who reads may have seen enough, as "head" has.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});
// The terminal may be closed: what is still to be done is more than to say so.
process.stderr.on("error", () => {});

/**
 * Foreign text as it may be shown: what would move the cursor, colour the screen or turn the direction of writing is
 * written out.
 */
export const printable = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`);

/** A result for programs. */
export const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2));

/** A line of a result. */
export const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** A line about the result that is no part of it. */
export const remark = (line: string): void => void process.stderr.write(`${line}\n`);

/** A table without frames, which other programs can cut up, too. */
export function printTable(head: string[], rows: string[][]): void {
  const none = { top: "", bottom: "", mid: "", left: "", right: "" };
  const chars = {
    ...none,
    ...{ "top-mid": "", "top-left": "", "top-right": "", "bottom-mid": "", "bottom-left": "" },
    ...{ "bottom-right": "", "left-mid": "", "mid-mid": "", "right-mid": "", middle: "  " },
  };
  const table = new Table({
    head: head.map((title) => resultColours.bold(title)),
    chars,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
  });
  for (const row of rows) table.push(row);
  print(
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
      if (stderr.isTTY) stderr.write(`\r\u001b[K${remarkColours.dim(text)}`);
      else if (++count % every === 0) remark(text);
    },
    done: () => void (stderr.isTTY && stderr.write("\r\u001b[K")),
  };
}
