/** The table of behaviours says the truth: each is shown by a test that exists, and runs for the kinds that it says. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const folder = join(import.meta.dirname, "../engine");
const KINDS = ["EventBridgeSource", "EventBridgeIntegration"] as const;

/** How a kind stands to a behaviour. */
const CELL = /^(yes|yes, together|no: .{20,})$/;

interface Row {
  number: number;
  file: string;
  title: string;
  cells: string[];
}

const rows: Row[] = readFileSync(join(folder, "BEHAVIOURS.md"), "utf8")
  .split("\n")
  .map((line) => /^\| +(\d+) \| [^|]+ \| `([^`|]+)` +\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/.exec(line))
  .filter((match) => match !== null)
  .map(([, number, file, title, ...cells]) => ({
    number: Number(number),
    file: String(file),
    title: String(title).trim(),
    cells: cells.map((cell) => cell.trim()),
  }));

test("each of the 38 behaviours stands in the table, in order", () => {
  const numbers = rows.map(({ number }) => number);
  expect([...new Set(numbers)]).toEqual(Array.from({ length: 38 }, (_, index) => index + 1));
  expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
});

/** How the test of a title is declared, and its body; the title is neither a comment nor a part of a longer one. */
function declared({ file, title }: Row): { call: string; text: string } {
  const text = readFileSync(join(folder, file), "utf8");
  // A template's holes may stand in a title.
  const at = Math.max(text.indexOf(`"${title}"`), text.indexOf(`\`${title}\``));
  expect(at, `${file} has no ${title}`).toBeGreaterThan(-1);
  const before = text.slice(0, at);
  const last = before.slice(before.search(/\n *test\b(?![\s\S]*\n *test\b)/));
  const call = /^\s*(test(?:\.\w+(?:\([\s\S]*\))?)?\()\s*$/.exec(last)?.[1];
  expect(call, title).toBeDefined();
  return { call: String(call), text };
}

test.each(rows)("behaviour $number is shown by a test that exists: $title", (row) => {
  declared(row);
});

test.each(rows)("behaviour $number says of each kind whether it is shown, and truly: $title", (row) => {
  const { call, text } = declared(row);
  const [source = "", integration = ""] = row.cells;
  for (const cell of row.cells) expect(cell).toMatch(CELL);
  // The bodies of the stories for both kinds are the same by construction.
  const isForBoth = /^test\.for\(SUBJECTS\)\(/.test(call);
  expect([source, integration].every((cell) => cell === "yes")).toBe(isForBoth);
  if (isForBoth) expect(row.title).toContain("$resource");
  else if (source === "yes, together") for (const cell of row.cells) expect(cell).toBe(source);
  else expect([source, integration.slice(0, 4)]).toEqual(["yes", "no: "]);
  // What lives the model's lives stands beside them.
  if (source === "yes, together" && !row.file.startsWith("../model/")) expect(text).toContain("SUBJECTS");
});

test("the stories for both kinds run for both", async () => {
  const { SUBJECTS } = await import("../engine/support/subjects/index.js");
  expect(SUBJECTS.map(({ resource }) => resource)).toEqual(KINDS);
});
