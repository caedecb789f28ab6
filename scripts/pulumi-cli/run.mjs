/** Runs the commands that install or build, and tidies up when they are interrupted. */
import { spawn, spawnSync } from "node:child_process";
import { basename } from "node:path";
import { performance } from "node:perf_hooks";
import { stripVTControlCharacters } from "node:util";

/** @typedef {Record<string, string | undefined>} Env */

const windows = process.platform === "win32";

/**
 * Has the work stopped and tidied up on Ctrl-C as on the caller's signal; the process then ends as it would
 * have ended at once, unless the caller has its own handler.
 * @template T
 * @param {AbortSignal | undefined} signal
 * @param {(signal: AbortSignal) => Promise<T>} work
 */
export async function uninterrupted(signal, work) {
  signal?.throwIfAborted();
  const controller = new AbortController();
  /** @type {NodeJS.Signals | undefined} */
  let received;
  const abort = () => controller.abort(signal?.reason);
  /** @param {NodeJS.Signals} name */
  const interrupt = (name) => {
    received = name;
    controller.abort(new Error(`interrupted by ${name}`));
  };
  const names = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
  signal?.addEventListener("abort", abort);
  for (const name of names) process.on(name, interrupt);
  try {
    return await work(controller.signal);
  } finally {
    signal?.removeEventListener("abort", abort);
    for (const name of names) process.off(name, interrupt);
    if (received && process.listenerCount(received) === 0) process.kill(process.pid, received);
  }
}

/**
 * Resolves to what the command wrote to stdout. It is killed with all its children when the signal aborts,
 * the time is up or this process exits.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env: Env, cwd?: string, signal?: AbortSignal, timeLimitMs?: number }} options
 * @returns {Promise<string>}
 */
export function run(command, args, { env, cwd, signal, timeLimitMs }) {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
      // A process group of its own is what can be killed as a whole.
      detached: !windows,
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });

    /** @type {Error | undefined} */
    let stopped;
    /** @param {Error} reason */
    const stop = (reason) => {
      stopped ??= reason;
      kill();
      // A grandchild that escaped would otherwise keep "close" from coming.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const kill = () => killTree(child.pid);
    const abort = () => stop(signal?.reason);
    const timer =
      timeLimitMs &&
      setTimeout(() => stop(new Error(`gave up after ${timeLimitMs / 1000} seconds`)), timeLimitMs);
    signal?.addEventListener("abort", abort);
    process.on("exit", kill);
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      process.off("exit", kill);
    };

    child.on("error", (error) => {
      settle();
      reject(stopped ?? error);
    });
    child.on("close", (code, killer) => {
      settle();
      if (stopped) reject(stopped);
      else if (code === 0) resolve(stdout);
      else reject(new Error(complaint(stderr) ?? `${basename(command)} ended with ${code ?? killer}`));
    });
  });
}

/** @param {number | undefined} pid */
function killTree(pid) {
  if (pid === undefined) return;
  if (windows) {
    spawnSync("taskkill", ["/pid", `${pid}`, "/t", "/f"], { stdio: "ignore", windowsHide: true });
    return;
  }
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing of it is left.
  }
}

/**
 * Leaves out what go says of its progress and of the package an error is in.
 * @param {string} stderr
 */
function complaint(stderr) {
  return stderr.split("\n").find((line) => line.trim() && !/^(go: downloading|#) /.test(line));
}

/** @param {unknown} error */
export function firstLine(error) {
  const message = error instanceof Error ? error.message : String(error);
  const line = message.split("\n").find((text) => text.trim()) ?? "no reason given";
  return stripVTControlCharacters(line).trim().slice(0, 300);
}

/** @param {number} started */
export function elapsed(started) {
  const seconds = Math.round((performance.now() - started) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
