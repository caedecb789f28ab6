/** What a step found, as Markdown in a file; `comment.mjs` brings it to where people read it. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { changesIn, countSame } from "./changes.mjs";
import { block, code, difference } from "./markdown.mjs";
import { eventbridge } from "./run.mjs";

/** Where reports lie, from the project's folder. */
export const FOLDER = "ci-report";

/** The stack that is meant: `PULUMI_STACK`, as the CLI reads it. Its name is the part behind the last slash. */
export function stackName() {
  const { PULUMI_STACK } = process.env;
  if (!PULUMI_STACK) throw new Error("PULUMI_STACK is not set: it is to name the stack");
  return PULUMI_STACK.split("/").at(-1) ?? PULUMI_STACK;
}

/**
 * Writes a report, and shows it in the job's log.
 *
 * @param {string} name such as `preview`
 * @param {string[]} paragraphs
 */
export async function writeReport(name, paragraphs) {
  const text = `${paragraphs.filter((each) => each !== "").join("\n\n")}\n`;
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, `${name}.md`), text);
  process.stdout.write(text);
}

/**
 * The counts, the picture and the list of what changes.
 *
 * @param {import("./changes.mjs").Preview} preview
 * @param {{ verb: string, none: string }} words around the counts, and instead of them
 */
export async function describe(preview, { verb, none }) {
  const changes = changesIn(preview);
  const same = countSame(preview);
  const rest = same > 0 ? ` ${same} unchanged.` : "";
  if (changes.length === 0) return [`**${none}**${rest}`];
  return [`**${count(changes)}** ${verb}.${rest}`, await picture(preview), changes.map(line).join("\n")];
}

/**
 * Where events go, with what changes; nothing where there is nothing of this package.
 *
 * @param {import("./changes.mjs").Preview} preview
 */
export async function picture(preview) {
  const file = join(FOLDER, "preview.json");
  await mkdir(FOLDER, { recursive: true });
  await writeFile(file, JSON.stringify(preview));
  const { code: exit, stdout } = await eventbridge(["graph", "--preview", file]);
  if (exit !== 0) return "The picture could not be drawn: the job's log says why.";
  return stdout.includes(" empty[") ? "" : block(stdout, "mermaid");
}

/** @param {import("./changes.mjs").Change[]} changes such as `2 added, 1 removed` */
function count(changes) {
  const words = [...new Set(changes.map(({ word }) => word))].sort();
  return words.map((word) => `${changes.filter((change) => change.word === word).length} ${word}`).join(", ");
}

/** @param {import("./changes.mjs").Change} change */
function line({ word, name, type, fields }) {
  const inside = fields.map(({ path, before, after }) => `\n  - ${code(path)}: ${difference(before, after)}`);
  return `- **${word}** ${code(name)} (${code(type)})${inside.join("")}`;
}

/** @param {string} title @param {string[]} messages */
export const list = (title, messages) =>
  messages.length === 0 ? "" : `**${title}**\n\n${block(messages.join("\n\n"))}`;
