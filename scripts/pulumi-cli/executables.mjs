/** Finds the Pulumi CLI's executables, and asks them for their versions. */
import { constants, realpathSync } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { run } from "./run.mjs";

/** @typedef {Record<string, string | undefined>} Env */

const windows = process.platform === "win32";
export const PULUMI = executable("pulumi");
export const LANGUAGE_HOST = executable("pulumi-language-nodejs");

/**
 * The version of the CLI installed below a folder; undefined when it is not there, not whole or does not run.
 * @param {string} root
 * @param {Env} env
 */
export async function usable(root, env) {
  if (!(await runnable(join(root, "bin", LANGUAGE_HOST)))) return undefined;
  return versionOf(join(root, "bin", PULUMI), env).catch(() => undefined);
}

/**
 * @param {string} command
 * @param {Env} env
 */
export async function versionOf(command, env) {
  const quiet = { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const output = await run(command, ["version"], { env: quiet, timeLimitMs: 30_000 });
  return /^v?(\d+\.\d+\.\d+\S*)/m.exec(output)?.[1];
}

/** @param {string} name */
export function executable(name) {
  return windows ? `${name}.exe` : name;
}

/**
 * All executables of that name on PATH, each once.
 * @param {string} name
 * @param {Env} env
 */
export async function which(name, env) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const folder of pathOf(env).split(delimiter).filter(Boolean)) {
    const file = resolve(folder, name);
    if (!(await runnable(file))) continue;
    const real = realpathSync(file);
    if (!found.has(real)) found.set(real, file);
  }
  return [...found.values()];
}

/** @param {string} file */
export async function runnable(file) {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

/**
 * Windows spells it Path, which counts once the environment is a plain object.
 * @param {Env} env
 */
export function pathOf(env) {
  return Object.entries(env).find(([name]) => (windows ? name.toUpperCase() : name) === "PATH")?.[1] ?? "";
}

/**
 * Compares the numbers only, which Pulumi's and Go's versions have in common.
 * @param {string} version
 * @param {string} other
 */
export function isOlder(version, other) {
  const a = version.split(/[.-]/).map(Number);
  const b = other.split(/[.-]/).map(Number);
  for (let i = 0; i < 3; i++) {
    const difference = (a[i] || 0) - (b[i] || 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
