/**
 * `npm run docs`: puts the decision tables into `docs/crash-safety.md`, so that what is read there is what decides. With
 * `--check` it changes nothing, and fails where the page says something else. The provider has to be built.
 */
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const page = join(root, "docs", "crash-safety.md");

/** @typedef {Record<string, string | readonly string[] | undefined>} When */
/** @typedef {{ columns: object, rows: readonly { when: When, verdict: unknown }[] }} Table */
/** @typedef {{ table: Table, columns: Record<string, string>, verdict: Record<string, (verdict: any) => string> }} Printed */

const printed = tables();
const before = await readFile(page, "utf8");
const after = before.replace(
  /(<!-- table ([A-Z]) -->\n)[\s\S]*?(<!-- end -->)/g,
  (_, start, letter, end) => `${start}\n${print(printed[letter])}\n\n${end}`,
);
const missing = Object.keys(printed).filter((letter) => !before.includes(`<!-- table ${letter} -->`));
if (missing.length > 0) {
  console.error(`docs/crash-safety.md has no place for the tables ${missing.join(", ")}`);
  process.exitCode = 1;
} else if (after === before) console.log("docs/crash-safety.md says what the tables say");
else if (process.argv.includes("--check")) {
  console.error('docs/crash-safety.md says something else than the tables: run "npm run docs"');
  process.exitCode = 1;
} else {
  await writeFile(page, after);
  console.log("docs/crash-safety.md was brought up to date");
}

/** The tables by the letter that the page has for each, and what its columns are called there. @returns {Record<string, Printed>} */
function tables() {
  const lifecycle = (/** @type {string} */ name) =>
    createRequire(import.meta.url)(`../provider/dist/lifecycle/${name}.js`);
  const { OWNERSHIP, IDENTITY } = lifecycle("ownership");
  const { BEGINNING, REPLY } = lifecycle("createTables");
  const { PHASES } = lifecycle("record");
  const { JOB_END } = lifecycle("jobEnd");
  const { KEY, REPLACED } = lifecycle("autoKey");
  const { BELONGING, ABSENCE } = lifecycle("whereabouts");
  const { LISTED } = lifecycle("belief");
  const { STANDING } = lifecycle("standing");
  const itself = (/** @type {string} */ verdict) => verdict;
  return {
    A: {
      table: OWNERSHIP,
      columns: { inStack: "in the stack", record: "record about it" },
      verdict: { whose: itself },
    },
    B: { table: IDENTITY, columns: {}, verdict: { "it?": itself } },
    C: {
      table: BEGINNING,
      columns: { isReplaced: "of what is replaced", inStack: "in the stack", mayArrive: "may arrive" },
      verdict: { do: itself },
    },
    D: {
      table: REPLY,
      columns: { isReplaced: "is what is replaced", answerLost: "an answer was lost" },
      verdict: { do: ({ next }) => next, record: ({ record }) => record },
    },
    E: {
      table: JOB_END,
      columns: { asker: "who asks", wasReturned: "was returned" },
      verdict: { do: itself },
    },
    F: { table: KEY, columns: { begun: "begun by an earlier run" }, verdict: { key: itself } },
    H: {
      table: REPLACED,
      columns: { earlier: "an earlier check", imports: "imported", stack: "the stack" },
      verdict: { "key to avoid": itself },
    },
    I: { table: BELONGING, columns: { login: "credentials" }, verdict: { "may stay": itself } },
    J: { table: ABSENCE, columns: { login: "credentials" }, verdict: { "what is not found is": itself } },
    K: { table: LISTED, columns: {}, verdict: { do: itself } },
    L: { table: STANDING, columns: { lasts: "shown for" }, verdict: { do: itself } },
    G: {
      table: PHASES,
      columns: { isIt: "about it", key: "name", wasIt: "was about it" },
      verdict: { "next phase": itself },
    },
  };
}

/** A table in Markdown, in columns of equal width. @param {Printed | undefined} printed */
function print(printed) {
  if (printed === undefined) throw new Error("docs/crash-safety.md asks for a table that there is not");
  const { table, columns, verdict } = printed;
  const keys = Object.keys(table.columns);
  const headings = ["#", ...keys.map((key) => columns[key] ?? key), ...Object.keys(verdict)];
  const rows = table.rows.map(({ when, verdict: decided }, index) => [
    String(index + 1),
    ...keys.map((key) => [when[key] ?? []].flat().join(", ")),
    ...Object.values(verdict).map((cell) => cell(decided)),
  ]);
  // Three dashes at least make a table.
  const widths = headings.map((heading, index) =>
    Math.max(3, heading.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (/** @type {string[]} */ cells) =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(" | ")} |`;
  return [line(headings), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
