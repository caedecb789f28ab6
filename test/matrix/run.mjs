/** A command of the matrix: run in silence, with all that it said kept for whoever has to say why. */
import { show } from "../../scripts/steps.mjs";

/** The longest that a command may take: installing is slow where nothing is in npm's cache. */
const LONGEST_MS = 5 * 60_000;

/** @typedef {import("../../scripts/steps.mjs").Run} Run */

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<Run>}
 */
export async function run(command, args, { cwd, env = process.env }) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  try {
    return await show(command, args, {
      cwd,
      env,
      indent: null,
      detached: true,
      onStart: (child) => {
        timer = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, "SIGKILL"), LONGEST_MS);
      },
    });
  } finally {
    clearTimeout(timer);
  }
}

/** The line of a failed command that tells most. @param {Run} run */
export function why({ code, output }) {
  const lines = output.split("\n").map((line) => line.trim());
  const telling = lines.find((line) => /\berror\b/i.test(line)) ?? lines.findLast((line) => line !== "");
  return `${telling ?? "it said nothing"} (exit code ${code})`;
}
