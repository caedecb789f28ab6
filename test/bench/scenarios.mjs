/** What is run for the rows: each scenario runs the CLI, alternating with the no-op where times are compared. */
import { createRequire } from "node:module";
import { median, span, spread } from "./numbers.mjs";
import { openProject } from "./run.mjs";

/** As the package finds it. */
const sdk = createRequire(import.meta.resolve("../../provider/package.json")).resolve(
  "purecloud-platform-client-v2",
);

/**
 * @typedef {object} Bench
 * @property {import("../../scripts/pulumiCli.mjs").PulumiCli} cli
 * @property {import("./serverProcess.mjs").BenchServer} server
 * @property {import("./serverProcess.mjs").BenchServer} receiver of the webhook's notices
 * @property {number} rounds how often what is timed is run
 * @property {(line: string) => void} log
 *
 * @typedef {"up" | "preview" | "refresh" | "destroy"} Command
 * @typedef {Record<string, number>} Calls
 */

const COMMANDS = /** @type {const} */ (["up", "preview", "refresh", "destroy"]);

/**
 * What lives side by side: a resource that does nothing, two that make a source's calls and do nothing else, and a source.
 * @type {Record<"noop" | "calls" | "sdkCalls" | "source", { program: "noop" | "calls" | "source", env?: Record<string, string> }>}
 */
const BESIDE = {
  noop: { program: "noop" },
  calls: { program: "calls" },
  sdkCalls: { program: "calls", env: { BENCH_SDK: sdk } },
  source: { program: "source" },
};

/** @typedef {keyof typeof BESIDE} Who */

/** @param {Calls} calls */
export const sum = (calls) => Object.values(calls).reduce((total, each) => total + each, 0);

/**
 * The life of a stack whose jobs take no time, beside that of no-ops and of bare calls.
 * @param {Bench} bench
 * @param {number} n
 */
export async function life(bench, n) {
  const all = /** @type {Who[]} */ (Object.keys(BESIDE));
  /** @type {Record<Who, Life>[]} */
  const rounds = [];
  for (let round = 0; round < bench.rounds; round++) {
    /** @type {Partial<Record<Who, Life>>} */
    const lives = {};
    // Each first every other time, so that neither has the better of a machine that warms up.
    for (const who of round % 2 === 0 ? all : all.toReversed()) lives[who] = await lifeOf(bench, who, n);
    rounds.push(/** @type {Record<Who, Life>} */ (lives));
  }
  /** @param {Command} command @param {"seconds" | "cpuSeconds"} what @param {Who} who */
  const ratio = (command, what, who) =>
    median(rounds.map((lives) => lives[who][command][what] / lives.noop[command][what]));
  const [first] = rounds;
  return {
    ratio: (/** @type {Command} */ command, /** @type {Who} */ who = "source") =>
      ratio(command, "seconds", who),
    cpuRatio: (/** @type {Command} */ command, /** @type {Who} */ who = "source") =>
      ratio(command, "cpuSeconds", who),
    calls: (/** @type {Command} */ command) => first?.source[command].calls ?? {},
    stateBytes: (first?.source.stateBytes ?? Number.NaN) / n,
    noopStateBytes: (first?.noop.stateBytes ?? Number.NaN) / n,
    memory: first?.source.up,
    noopMemory: first?.noop.up,
  };
}

/** @typedef {Awaited<ReturnType<typeof lifeOf>>} Life */

/**
 * @param {Bench} bench
 * @param {Who} who
 * @param {number} n
 */
async function lifeOf({ cli, server, log }, who, n) {
  await server.reset();
  const project = await openProject({ cli, ...BESIDE[who], n, gateway: server.url });
  /** @type {Record<string, Partial<import("./processes.mjs").Usage> & { seconds: number, cpuSeconds: number, calls: Calls }>} */
  const measured = {};
  let stateBytes = Number.NaN;
  for (const command of COMMANDS) {
    const { seconds, usage } = await project[command]();
    const { calls } = await server.read();
    measured[command] = { seconds, calls, cpuSeconds: Number.NaN, ...usage };
    if (command === "up") stateBytes = await project.stateBytes();
  }
  await project.close();
  const told = COMMANDS.map((command) => `${command} ${measured[command]?.seconds.toFixed(1)} s`);
  log(`${n} × ${who}: ${told.join(", ")}`);
  return { .../** @type {Record<Command, NonNullable<typeof measured[string]>>} */ (measured), stateBytes };
}

/**
 * What declared outputs cost the program: an unchanged preview of no-ops that declare none, beside those that declare as many
 * as a source.
 * @param {Bench} bench
 * @param {number} n
 */
export async function outputs({ cli, server, rounds, log }, n) {
  const kinds = /** @type {const} */ (["declared", "bare"]);
  /** @type {Record<"declared" | "bare", import("./run.mjs").Run[]>} */
  const runs = { declared: [], bare: [] };
  for (let round = 0; round < rounds; round++) {
    for (const kind of round % 2 === 0 ? kinds : kinds.toReversed()) {
      /** @type {Record<string, string>} */
      const env = kind === "bare" ? { BENCH_BARE: "yes" } : {};
      const project = await openProject({ cli, program: "noop", n, gateway: server.url, env });
      await project.up();
      runs[kind].push(await project.preview());
      await project.close();
      log(`round ${round + 1}, outputs ${kind}: ${runs[kind].at(-1)?.seconds.toFixed(2)} s`);
    }
  }
  /** @param {(run: import("./run.mjs").Run | undefined) => number} figure */
  const ratio = (figure) => median(runs.bare.map((run, round) => figure(run) / figure(runs.declared[round])));
  return {
    ratio: ratio((run) => run?.seconds ?? Number.NaN),
    cpuRatio: ratio((run) => run?.usage?.cpuSeconds ?? Number.NaN),
  };
}

/**
 * Creates whose jobs take their time: how long the run took beyond the no-op's, over what the jobs themselves take.
 * @param {Bench} bench
 * @param {{ n: number, jobs: [number, number], parallel: number }} what jobs: from and to, in milliseconds
 */
export async function slowJobs(bench, { n, jobs: [least, most], parallel }) {
  const { cli, server, log } = bench;
  const jobsMs = spread(n, least, most);
  await server.reset({ jobsMs });
  const seconds = { noop: 0, source: 0 };
  for (const program of /** @type {const} */ (["noop", "source"])) {
    const project = await openProject({ cli, program, n, gateway: server.url });
    ({ seconds: seconds[program] } = await project.up(parallel));
    await project.close();
  }
  const { calls, refused } = await server.read();
  const themselves = span(jobsMs, parallel) / 1_000;
  const beyond = seconds.source - seconds.noop;
  log(
    `${n} jobs of ${least} to ${most} ms, ${parallel} at once: ${beyond.toFixed(1)} s beyond no-op, jobs ${themselves.toFixed(1)} s, ${told(calls)}`,
  );
  return { seconds, beyond, themselves, ratio: beyond / themselves, perCreate: sum(calls) / n, refused };
}

/**
 * Creates under a rate limit that they run into.
 * @param {Bench} bench
 * @param {{ n: number, jobs: [number, number], parallel: number, allowed: number, windowSeconds: number }} what
 */
export async function shortWindow({ cli, server, log }, { n, jobs, parallel, allowed, windowSeconds }) {
  await server.reset({ jobsMs: spread(n, ...jobs), rateLimit: { allowed, windowSeconds } });
  const project = await openProject({ cli, program: "source", n, gateway: server.url });
  await project.up(parallel);
  await project.close();
  const { calls, refused, firstAt = 0, lastAt = 0 } = await server.read();
  const seconds = (lastAt - firstAt) / 1_000;
  // So many windows have to be over before the last call may come.
  const least = (Math.ceil(sum(calls) / allowed) - 1) * windowSeconds;
  log(
    `${n} creates under ${allowed} calls in ${windowSeconds} s: ${seconds.toFixed(1)} s of at least ${least}, ${refused} × 429, ${told(calls)}`,
  );
  return { seconds, ratio: seconds / least, refused, perCreate: sum(calls) / n };
}

/**
 * What is called for integrations.
 * @param {Bench} bench
 * @param {number} n
 */
export async function integrations({ cli, server, log }, n) {
  await server.reset();
  const project = await openProject({ cli, program: "integration", n, gateway: server.url });
  /** @type {Calls[]} */
  const steps = [];
  const notes = { BENCH_NOTES: "changed" };
  for (const step of [project.up, () => project.upWith(notes), project.refresh, project.destroy]) {
    await step();
    steps.push((await server.read()).calls);
  }
  await project.close();
  const [create = {}, update = {}, refresh = {}, destroy = {}] = steps;
  log(`${n} × integration: create ${told(create)}; update ${told(update)}; refresh ${told(refresh)}`);
  return {
    n,
    create: sum(create) / n,
    update: sum(update) / n,
    refresh: sum(refresh),
    destroy: sum(destroy) / n,
  };
}

/**
 * What audit log and webhook cost: creates with both, beside creates with neither.
 * @param {Bench} bench
 * @param {number} n
 */
export async function hooks({ cli, server, receiver, rounds, log }, n) {
  const on = {
    GENESYSCLOUD_AUDIT_LOG: "audit_logs.jsonl",
    EXTERNAL_WEBHOOK_URL: `${receiver.url}/notices`,
    GENESYSCLOUD_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 1).toString("base64")}`,
  };
  await receiver.reset();
  /** @type {{ on: number[], off: number[] }} */
  const seconds = { on: [], off: [] };
  const kinds = /** @type {const} */ (["off", "on"]);
  for (let round = 0; round < rounds; round++) {
    for (const kind of round % 2 === 0 ? kinds : kinds.toReversed()) {
      await server.reset();
      const env = kind === "on" ? on : {};
      const project = await openProject({ cli, program: "source", n, gateway: server.url, env });
      seconds[kind].push((await project.up()).seconds);
      await project.close();
      log(`round ${round + 1}, audit log and webhook ${kind}: ${seconds[kind].at(-1)?.toFixed(2)} s`);
    }
  }
  const ratios = seconds.on.map((on, round) => on / (seconds.off[round] ?? Number.NaN));
  return { ...seconds, percent: (median(ratios) - 1) * 100 };
}

/** @param {Calls} calls */
const told = (calls) =>
  Object.entries(calls)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(", ");
