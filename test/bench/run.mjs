/** One command of the real CLI in a project of its own, timed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { pulumiEnv } from "../../scripts/pulumiCli.mjs";
import { watchProcesses } from "./processes.mjs";
import { PROGRAMS } from "./programs.mjs";

// Below the repository, so that programs find the package as its workspaces have it.
const scratch = join(import.meta.dirname, "../../.scratch/bench");

/** How many resources the engine takes on at once, unless a scenario says otherwise: its own default on two cores. */
const PARALLEL = 8;

/** Removes what the bench has written. */
export const clearScratch = () => rm(scratch, { recursive: true, force: true });

/**
 * @typedef {object} Run
 * @property {number} seconds wall time
 * @property {import("./processes.mjs").Usage | undefined} usage of all its processes, where it can be told
 *
 * @typedef {Awaited<ReturnType<typeof openProject>>} Project
 */

/**
 * An empty stack. The project's folder is made anew.
 * @param {object} options
 * @param {import("../../scripts/pulumiCli.mjs").PulumiCli} options.cli
 * @param {keyof typeof PROGRAMS} options.program
 * @param {number} options.n how many resources the program declares
 * @param {string} options.gateway address of the server
 * @param {Record<string, string>} [options.env]
 */
export async function openProject({ cli, program, n, gateway, env: more = {} }) {
  const folder = join(scratch, `${program}-${n}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "state"), { recursive: true });
  await writeFile(join(folder, "Pulumi.yaml"), "name: bench\nruntime: nodejs\n");
  await writeFile(join(folder, "package.json"), '{ "main": "index.js", "type": "commonjs" }');
  await writeFile(join(folder, "index.js"), PROGRAMS[program]);
  const env = {
    ...pulumiEnv({
      cli,
      home: join(scratch, "home"),
      backendDir: join(folder, "state"),
      passphrase: "bench",
    }),
    GENESYSCLOUD_OAUTHCLIENT_ID: "bench",
    GENESYSCLOUD_OAUTHCLIENT_SECRET: "bench",
    GENESYSCLOUD_AUDIT_LOG: "off",
    BENCH_N: String(n),
    BENCH_CALLER: join(import.meta.dirname, "caller.cjs"),
    BENCH_GATEWAY: gateway,
    ...more,
  };
  const run = (/** @type {string[]} */ ...args) => pulumi({ cwd: folder, env }, args);
  await run("stack", "init", "bench");
  await run("config", "set", "genesyscloud:gateway", gateway);
  await run("config", "set", "genesyscloud:webhookAllowPrivate", "true");

  return {
    n,
    up: (parallel = PARALLEL) => run("up", "--yes", "--skip-preview", "--parallel", String(parallel)),
    /** Updates by a program in which a variable of the environment differs. @param {Record<string, string>} changed */
    upWith: (changed) =>
      pulumi({ cwd: folder, env: { ...env, ...changed } }, ["up", "--yes", "--skip-preview"]),
    preview: () => run("preview", "--expect-no-changes"),
    refresh: () => run("refresh", "--yes", "--skip-preview", "--parallel", String(PARALLEL)),
    destroy: () => run("destroy", "--yes", "--skip-preview", "--parallel", String(PARALLEL)),
    /** The size of the stack's state in bytes. */
    stateBytes: async () =>
      (await readFile(join(folder, "state/.pulumi/stacks/bench/bench.json"))).byteLength,
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/**
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} where
 * @param {string[]} args
 * @returns {Promise<Run>}
 * @throws {Error} with the CLI's whole output where the command fails
 */
async function pulumi(where, args) {
  const begun = performance.now();
  const child = spawn("pulumi", [...args, "--non-interactive"], {
    ...where,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const usageOf = watchProcesses(child.pid ?? 0);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
  const [code] = await once(child, "close");
  const seconds = (performance.now() - begun) / 1_000;
  const usage = usageOf();
  if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${output}`);
  return { seconds, usage };
}
