import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const folder = join(import.meta.dirname, "../engine");

/** The rows of the table: number, file, title of a test. */
const rows = readFileSync(join(folder, "BEHAVIOURS.md"), "utf8")
  .split("\n")
  .map((line) => /^\| +(\d+) \| [^|]+ \| `([^`|]+)` +\| ([^|]+) \|$/.exec(line))
  .filter((match) => match !== null)
  .map(([, number, file, title]) => ({
    number: Number(number),
    file: String(file),
    title: String(title).trim(),
  }));

test("each of the 38 behaviours stands in the table, once", () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 38 }, (_, index) => index + 1));
});

test.each(rows)("behaviour $number is shown by a test that exists", ({ file, title }) => {
  const text = readFileSync(join(folder, file), "utf8");
  // The title of a test, and neither a comment nor a part of a longer one; a template's holes may stand in it.
  expect([`"${title}"`, `\`${title}\``].some((quoted) => text.includes(quoted))).toBe(true);
  const at = Math.max(text.indexOf(`"${title}"`), text.indexOf(`\`${title}\``));
  expect(text.slice(Math.max(0, at - 4_000), at)).toMatch(/\btest(\.\w+(\([\s\S]*\))?)?\(\s*$/);
});
