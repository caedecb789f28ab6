/** Runs the Pulumi CLI and the package's command line in the project's folder, and takes what they print. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * @typedef {object} Ran
 * @property {number} code 0 where it went well
 * @property {string} stdout
 * @property {string} output what it printed on both channels, without colours
 */

/**
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, isShown?: boolean }} [options] isShown: everything stands in the job's log at once, too
 * @returns {Promise<Ran>}
 */
export const pulumi = (args, options) => run("pulumi", [...args, "--non-interactive"], options);

/** @param {string[]} args @param {{ isShown?: boolean }} [options] @returns {Promise<Ran>} */
export function eventbridge(args, options) {
  const require = createRequire(join(process.cwd(), "package.json"));
  const manifest = require.resolve("pulumi-genesyscloud-eventbridge/package.json");
  const main = join(dirname(manifest), require(manifest).bin["genesyscloud-eventbridge"]);
  return run(process.execPath, [main, ...args], options);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, isShown?: boolean }} [options]
 * @returns {Promise<Ran>}
 */
function run(command, args, { env = process.env, isShown = false } = {}) {
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, output] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
    output += text;
    if (isShown) process.stdout.write(text);
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    output += text;
    // What is no result stands in the log in any case.
    process.stderr.write(text);
  });
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new Error(`${command} cannot be run: ${error.message}`)));
    child.on("close", (code) => resolve({ code: code ?? 1, stdout, output: withoutColours(output) }));
  });
}

/** @param {string} text */
export const withoutColours = (text) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what a colour begins with.
  text.replaceAll(/\u001b\[[0-9;]*m/g, "");
