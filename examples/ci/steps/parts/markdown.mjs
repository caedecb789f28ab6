/**
 * Markdown for a comment. Whatever comes from a program or from the organisation stands as code: there it makes no link,
 * calls nobody, and moves nothing.
 */
import { withoutColours } from "./run.mjs";

/** Characters of a value at the most. */
const LONGEST_VALUE = 200;

/** Text as code, in one line. @param {string} text */
export function code(text) {
  const line = withoutColours(text).replaceAll(/[\p{C}\s]+/gu, " ") || " ";
  const shown = line.length > LONGEST_VALUE ? `${line.slice(0, LONGEST_VALUE)}…` : line;
  const marks = "`".repeat(longestRun(shown) + 1);
  return marks.length === 1 ? `\`${shown}\`` : `${marks} ${shown} ${marks}`;
}

/** What the CLI shows of a secret. */
const SECRET = "[secret]";

/** What was, and what is to be. @param {unknown} before @param {unknown} after */
export const difference = (before, after) =>
  before === SECRET && after === SECRET ? "_another secret_" : `${valueText(before)} → ${valueText(after)}`;

/** @param {unknown} value */
function valueText(value) {
  if (value === undefined) return "_nothing_";
  return value === SECRET ? "_a secret_" : code(JSON.stringify(value));
}

/** Text as a block of code. @param {string} text @param {string} [language] */
export function block(text, language = "text") {
  // What is counted is what is shown: a colour taken out may bring backticks side by side.
  const shown = withoutColours(text).trimEnd();
  const fence = "`".repeat(Math.max(3, longestRun(shown) + 1));
  return `${fence}${language}\n${shown}\n${fence}`;
}

/** @param {string} text how many backticks stand side by side in it at the most */
const longestRun = (text) => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));

const CUT = "\n\n**The rest does not fit here.** The job's log has all of it.\n";

/**
 * The text, or as many of its lines as fit, and a sentence that says so. A picture that would be cut is left out.
 *
 * @param {string} text
 * @param {number} limit in bytes of UTF-8
 */
export function cutTo(text, limit) {
  const size = (/** @type {string} */ part) => Buffer.byteLength(part);
  if (size(text) <= limit) return text;
  const lines = text.split("\n");
  /** @type {string[]} */
  const kept = [];
  let left = limit - size(CUT) - "\n`````\n".length;
  for (const line of lines) {
    left -= size(line) + 1;
    if (left < 0) break;
    kept.push(line);
  }
  const open = openFence(kept);
  if (open === undefined) return kept.join("\n") + CUT;
  const isPicture = kept[open.at]?.endsWith("mermaid");
  return (isPicture ? kept.slice(0, open.at) : [...kept, open.fence]).join("\n") + CUT;
}

/** @param {string[]} lines the block of code that does not end in them */
function openFence(lines) {
  /** @type {{ at: number, fence: string } | undefined} */
  let open;
  for (const [at, line] of lines.entries()) {
    const fence = /^`{3,}/.exec(line)?.[0];
    if (fence === undefined) continue;
    if (open === undefined) open = { at, fence };
    else if (line === open.fence) open = undefined;
  }
  return open;
}
