/** What is run for the rows: each scenario runs the CLI, alternating with the no-op where times are compared. */
import { median, span, spread } from "./numbers.mjs";
import { openProject, PARALLEL } from "./run.mjs";
import { LATENCY_MS } from "./serverProcess.mjs";

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

/** How many answers a step waits for, one after the other: to its POST, its job and what that made; to its DELETE and whether it is gone. */
const IN_SEQUENCE = { up: 3, destroy: 2 };

/** @param {Calls} calls */
export const sum = (calls) => Object.values(calls).reduce((total, each) => total + each, 0);

/**
 * The life of a stack whose jobs take no time, beside that of no-ops.
 * @param {Bench} bench
 * @param {number} n
 */
export async function life(bench, n) {
  /** @type {Record<string, Awaited<ReturnType<typeof lifeOf>>>[]} */
  const rounds = [];
  for (let round = 0; round < bench.rounds; round++) {
    // Each first every other time, so that neither has the better of a machine that warms up.
    const order =
      round % 2 === 0 ? /** @type {const} */ (["noop", "source"]) : /** @type {const} */ (["source", "noop"]);
    /** @type {Record<string, Awaited<ReturnType<typeof lifeOf>>>} */
    const lives = {};
    for (const program of order) lives[program] = await lifeOf(bench, program, n);
    rounds.push(lives);
  }
  /** @param {Command} command @param {"seconds" | "cpuSeconds"} what */
  const ratio = (command, what) =>
    median(rounds.map(({ source, noop }) => (source?.[command][what] ?? 0) / (noop?.[command][what] ?? 0)));
  const [first] = rounds;
  /** @param {"up" | "refresh" | "destroy"} command */
  const roundTrips = (command) => {
    // Pages are asked for one after the other, whoever waits for them.
    const answers =
      command === "refresh"
        ? sum(first?.source?.refresh.calls ?? {})
        : Math.ceil(n / PARALLEL) * IN_SEQUENCE[command];
    const waited = (answers * LATENCY_MS) / 1_000;
    return 1 + waited / median(rounds.map(({ noop }) => noop?.[command].seconds ?? Number.NaN));
  };
  return {
    roundTrips,
    ratio: (/** @type {Command} */ command) => ratio(command, "seconds"),
    cpuRatio: (/** @type {Command} */ command) => ratio(command, "cpuSeconds"),
    calls: (/** @type {Command} */ command) => first?.source?.[command].calls ?? {},
    stateBytes: (first?.source?.stateBytes ?? Number.NaN) / n,
    noopStateBytes: (first?.noop?.stateBytes ?? Number.NaN) / n,
    memory: first?.source?.up,
    noopMemory: first?.noop?.up,
  };
}

/**
 * @param {Bench} bench
 * @param {"noop" | "source"} program
 * @param {number} n
 */
async function lifeOf({ cli, server, log }, program, n) {
  await server.reset();
  const project = await openProject({ cli, program, n, gateway: server.url });
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
  log(`${n} × ${program}: ${told.join(", ")}`);
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
