/** Runs commands step by step, and shows them. */
import { spawn } from "node:child_process";
import { join } from "node:path";

/** @typedef {{ code: number | null, output: string }} Run */

const colours = process.stdout.isTTY && !process.env.NO_COLOR;
/** @param {string} code @param {string} text */
const paint = (code, text) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);

export const bold = (/** @type {string} */ text) => paint("1", text);
export const dim = (/** @type {string} */ text) => paint("2", text);
export const green = (/** @type {string} */ text) => paint("32", text);
export const red = (/** @type {string} */ text) => paint("31", text);

/** The executables of the installed dependencies. */
export const bin = (/** @type {string} */ root, /** @type {string} */ name) =>
  join(root, "node_modules", ".bin", process.platform === "win32" ? `${name}.cmd` : name);

/**
 * Runs a command, showing its output as it comes.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, indent?: string | null, detached?: boolean, onStart?: (child: import("node:child_process").ChildProcess) => void }} options
 *   `indent` stands before every line; null shows nothing. `detached` keeps the terminal's signals away. `onStart` is handed the process, for whoever has to
 *   stop it.
 * @returns {Promise<Run>}
 */
export function show(command, args, { cwd, env = process.env, indent = "", detached = false, onStart }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached,
      shell: process.platform === "win32",
    });
    onStart?.(child);
    let output = "";
    let lineBegins = true;
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
        output += text;
        if (indent === null) return;
        process.stdout.write((lineBegins ? indent : "") + text.replaceAll(/\n(?!$)/g, `\n${indent}`));
        lineBegins = text.endsWith("\n");
      });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}
