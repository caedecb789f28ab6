/** Starts the bench's server and talks to its control path. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** What a call takes at the server, in milliseconds. */
const LATENCY_MS = 20;

/** What the scripts of the rows leave as it is: an answer has its latency, a job takes no time, nothing is ever refused. */
const USUAL = { latencyMs: LATENCY_MS, jobsMs: [0], rateLimit: { allowed: 1e9, windowSeconds: 60 } };

/**
 * @typedef {Awaited<ReturnType<typeof startServer>>} BenchServer
 */

/** A server in a process of its own, which ends with this one. */
export async function startServer() {
  const child = spawn(process.execPath, [join(import.meta.dirname, "server.mjs")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [url] = /** @type {[string]} */ (await once(createInterface(child.stdout), "line"));
  return {
    url,

    /** Empties it. @param {Partial<import("./server.mjs").Script>} [script] */
    async reset(script) {
      const body = JSON.stringify({ ...USUAL, ...script });
      const headers = { "content-type": "application/json" };
      await fetch(`${url}/bench/reset`, { method: "POST", headers, body });
    },

    /**
     * What was called since the reset, or the last reading.
     * @returns {Promise<import("./server.mjs").Read>}
     */
    async read() {
      const answer = await fetch(`${url}/bench/read`);
      return /** @type {import("./server.mjs").Read} */ (await answer.json());
    },

    async close() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}
