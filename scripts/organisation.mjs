/** The simulated organisation that the demo plays in: a process of its own, and what is done behind Pulumi's back. */
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @typedef {{ source_id: string, name: string, status: string, description: string }} Source */
/** @typedef {{ id: string, name: string, notes?: string, reportedState: { code: string } }} Integration */
/**
 * @typedef {object} Organisation
 * @property {string} url where it listens
 * @property {(method: string, path: string, body?: object) => Promise<any>} control asks its control plane; throws where it refuses
 * @property {() => Promise<Source[]>} sources
 * @property {() => Promise<Integration[]>} integrations
 * @property {() => Promise<void>} stop resolves when its process has ended
 */

/**
 * Starts one; the sandbox has to be built.
 * @param {string} stateFile where it keeps its state
 * @returns {Promise<Organisation>}
 */
export async function startOrganisation(stateFile) {
  const main = join(root, "sandbox", "dist", "main.js");
  // A test that has to meet a job at work makes them long.
  const { DEMO_JOB_MS: jobMs = "600" } = process.env;
  const options = ["--control", "--state", stateFile, "--job-duration", jobMs];
  const child = spawn(process.execPath, [main, ...options], {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const url = await addressOf(child);
  const control = controlPlane(url);
  return {
    url,
    control,
    sources: async () => (await control("GET", "state")).sources,
    integrations: async () => (await control("GET", "state")).integrations,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/**
 * @param {import("node:child_process").ChildProcessByStdio<null, import("node:stream").Readable, null>} child
 * @returns {Promise<string>}
 */
function addressOf(child) {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`the simulated organisation ended with ${code}`)));
    child.stdout.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
      const address = /listening on (\S+)/.exec(text)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
}

/**
 * @param {string} url
 * @returns {Organisation["control"]}
 */
function controlPlane(url) {
  return async (method, path, body) => {
    const answer = await fetch(`${url}/__sandbox/${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
}
