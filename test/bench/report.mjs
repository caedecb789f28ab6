/** How the figures are shown: a table on the terminal, and `RESULTS.md`. */

/**
 * @typedef {object} Figure a row with what was measured
 * @property {string} name
 * @property {string} unit
 * @property {number | null} value null where this machine cannot tell
 * @property {number | null} goal
 * @property {boolean | null} met null without a goal or a value
 * @property {string} how
 * @property {string} [limit]
 *
 * @typedef {object} Report
 * @property {Record<string, string | number>} made where and how it was measured
 * @property {Figure[]} figures
 */

/**
 * @param {import("./rows.mjs").Row} row
 * @param {any} result of its scenario
 * @returns {Figure}
 */
export function figureOf({ name, unit, goal, how, limit, figure }, result) {
  const measured = figure(result);
  const value = measured === undefined || Number.isNaN(measured) ? null : measured;
  // As it is shown: a goal is not missed by what nobody sees.
  const met = value === null || goal === undefined ? null : rounded(value, unit) <= goal;
  return { name, unit, value, goal: goal ?? null, met, how, ...(limit && { limit }) };
}

/** @param {number} value @param {string} unit */
const rounded = (value, unit) => Number(value.toFixed(digitsOf(unit, value)));

/** @param {string} unit @param {number} value */
function digitsOf(unit, value) {
  if (unit === "×") return 2;
  if (unit === "%") return 1;
  return unit === "calls" && !Number.isInteger(value) ? 2 : 0;
}

/** @param {number | null} value @param {string} unit */
function shown(value, unit) {
  if (value === null) return "not known here";
  const number = value.toLocaleString("en", {
    minimumFractionDigits: digitsOf(unit, value),
    maximumFractionDigits: digitsOf(unit, value),
  });
  return `${number}${{ "×": "×", "%": " %", bytes: " bytes", MB: " MB" }[unit] ?? ""}`;
}

/** @param {Figure} figure */
const cells = ({ name, unit, value, goal, met }) => [
  name,
  shown(value, unit),
  goal === null ? "" : shown(goal, unit),
  met === null ? "" : met ? "yes" : "no",
];

const HEAD = ["measure", "figure", "goal, at most", "met"];

/** @param {Figure[]} figures */
export function table(figures) {
  const lines = [HEAD, ...figures.map(cells)].map((line) => line.map((cell) => cell.replaceAll("`", "")));
  const widths = HEAD.map((_, i) => Math.max(...lines.map((line) => (line[i] ?? "").length)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join("  "),
    )
    .join("\n");
}

/** @param {Report} report */
export function markdown({ made, figures }) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(" | ")} |`;
  const missed = figures.filter(({ met }) => met === false);
  const reasons = [...new Set(missed.map(reasonOf))];
  const ways = [...new Set(figures.map(({ how }) => how))];
  return `# What was measured

\`npm run bench -- --write\` wrote this file. Its server answers after 20 ms, in a process of its own; jobs take what the script says.
Counts are exact. Times are medians, and ratios within one run: seconds of another machine say nothing.

${Object.entries(made)
  .map(([what, value]) => `- ${what}: ${value}`)
  .join("\n")}

${line(HEAD)}
${line(["---", "---:", "---:", "---"])}
${figures.map((figure) => line(cells(figure))).join("\n")}

## Goals that are not met

${reasons.map((reason) => `- ${namesOf(missed, (each) => reasonOf(each) === reason)}: ${reason}`).join("\n") || "None."}

## How it is measured

${ways.map((how) => `- ${how}: ${namesOf(figures, (each) => each.how === how)}`).join("\n")}
`;
}

/** @param {Figure} figure */
const reasonOf = ({ limit }) => limit ?? "what stands in the way is not known yet.";

/**
 * @param {Figure[]} figures
 * @param {(figure: Figure) => boolean} isMeant
 */
const namesOf = (figures, isMeant) =>
  figures
    .filter(isMeant)
    .map(({ name }) => name)
    .join("; ");
