/** The short life that every row goes through: up, a preview that has nothing to do, refresh, update, doctor, destroy. */
import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { run } from "./run.mjs";

/**
 * @typedef {object} Stage what a life is played on
 * @property {import("../../scripts/organisation.mjs").Organisation} organisation
 * @property {(name: "up" | "preview" | "refresh" | "destroy" | "doctor") => Promise<import("./run.mjs").Run>} command
 * @property {(description: string) => Promise<void>} write the program
 */

/** What went wrong, with all that was said. */
export class Trouble extends Error {}

/** @param {unknown} is @param {string} what @param {string} [output] */
function must(is, what, output = "") {
  if (!is) throw new Trouble(output === "" ? what : `${what}:\n${output.trim()}`);
}

/** What is no trouble where a program makes the project. */
const NO_PROJECT = "no Pulumi project here";

/** @param {Stage} stage @throws {Trouble} */
export async function live({ organisation, command, write }) {
  /** @param {Parameters<Stage["command"]>[0]} name */
  const well = async (name) => {
    const { code, output } = await command(name);
    must(code === 0, `${name} ended with ${code}`, output);
    must(!/localstorage/i.test(output), `${name} warns of localStorage`, output);
    return output;
  };
  await write("first");
  await well("up");
  const [source, ...others] = await organisation.sources();
  must(source?.status === "active" && others.length === 0, "up did not make one active source");

  await organisation.control("DELETE", "requests");
  await well("preview");
  const calls = await organisation.control("GET", "requests");
  must(calls.length === 0, `an unchanged preview made ${calls.length} calls`);
  await well("refresh");

  await write("second");
  await well("up");
  const [changed] = await organisation.sources();
  must(
    changed?.source_id === source?.source_id && changed?.description === "second",
    "the update did not arrive",
  );

  const told = await well("doctor");
  const toMend = told
    .split("\n")
    .filter((line) => /^(FAILED|warning)/.test(line) && !line.includes(NO_PROJECT));
  must(toMend.length === 0, "doctor finds something to mend", toMend.join("\n"));
  await well("destroy");
  must((await organisation.sources()).length === 0, "destroy has left something");
}

/**
 * A row that cannot work: a step fails, and says what to do.
 * @param {Stage} stage
 * @param {{ step: "preview" | "doctor", says: RegExp }} fails
 * @throws {Trouble}
 */
export async function failAsTold({ organisation, command, write }, { step, says }) {
  await write("first");
  const { code, output } = await command(step);
  must(code !== 0, `${step} goes through, and should not`, output);
  // One sentence: whoever reads it needs no other, and finds it in one piece.
  must(
    output.split("\n").some((line) => says.test(line)),
    `${step} does not say ${says}`,
    output,
  );
  must((await organisation.sources()).length === 0, "something was made all the same");
}

const STACK = "matrix";

/** The arguments of the CLI for a step. */
const ARGS = {
  up: ["up", "--yes", "--skip-preview"],
  preview: ["preview", "--expect-no-changes"],
  refresh: ["refresh", "--yes", "--skip-preview", "--expect-no-changes"],
  destroy: ["destroy", "--yes", "--skip-preview"],
};

/** @typedef {{ cwd: string, env: Record<string, string>, prefix?: string[] }} Shell */

/** Pulumi's CLI, with a stack that it has made. @param {Shell} shell @param {string} [program] where another folder has it */
export async function cli({ cwd, env, prefix = [] }, program) {
  const main = program === undefined ? "" : `main: ${relative(cwd, program)}/\n`;
  await writeFile(join(cwd, "Pulumi.yaml"), `name: matrix\nruntime: nodejs\n${main}`);
  const init = await run("pulumi", ["stack", "init", STACK, "--non-interactive"], { cwd, env });
  must(init.code === 0, "there is no stack", init.output);
  return (/** @type {keyof typeof ARGS} */ name) => {
    const [file, ...args] = [...prefix, "pulumi", ...ARGS[name], "--non-interactive", "--color", "never"];
    return run(file, args, { cwd, env });
  };
}

/** A program that drives Pulumi by its Automation API: with a function, or the program of a folder. */
const AUTOMATION = `
const { LocalWorkspace } = require("@pulumi/pulumi/automation");
const [, , name, kind] = process.argv;
const inline = { projectName: "matrix", program: async () => ({ ...require("./index.js") }) };
const local = { workDir: __dirname };
async function main() {
  const stack = await LocalWorkspace.createOrSelectStack({ stackName: "matrix", ...(kind === "inline" ? inline : local) });
  const changes = (summary) => Object.entries(summary ?? {}).filter(([operation, count]) => operation !== "same" && count > 0);
  const expect = { up: [], destroy: [] };
  const { stdout, changeSummary, summary } = await stack[name]({ onOutput: (text) => process.stdout.write(text) });
  if (name in expect) return;
  const unexpected = changes(changeSummary ?? summary.resourceChanges);
  if (unexpected.length > 0) throw new Error(name + " found changes: " + JSON.stringify(unexpected));
}
main().catch((error) => { console.error(error); process.exitCode = 1; });
`;

/** @param {Shell} shell @param {"inline" | "local"} kind */
export async function automation({ cwd, env }, kind) {
  await writeFile(join(cwd, "drive.cjs"), AUTOMATION);
  if (kind === "local") await writeFile(join(cwd, "Pulumi.yaml"), "name: matrix\nruntime: nodejs\n");
  return (/** @type {keyof typeof ARGS} */ name) => run("node", ["drive.cjs", name, kind], { cwd, env });
}
