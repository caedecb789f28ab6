/**
 * `npm run bench`: what the provider costs in calls, seconds and bytes, beside a dynamic resource that does nothing.
 *
 *     npm run bench -- --quick            10 and 100 resources, about three minutes; without it 1,000, too: half an hour
 *     npm run bench -- --only 'jobs-.*|hooks' the scenarios of those names; --rounds 5: how often what is timed is run
 *     npm run bench -- --json FILE        the figures as JSON, too; --write: test/bench/RESULTS.md, too
 */
import { writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { obtainPulumiCli } from "../../scripts/pulumiCli.mjs";
import { SCENARIOS } from "./plan.mjs";
import { figureOf, markdown, table } from "./report.mjs";
import { ROWS } from "./rows.mjs";
import { clearScratch } from "./run.mjs";
import { startServer } from "./serverProcess.mjs";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", default: ".*" },
    rounds: { type: "string" },
    json: { type: "string" },
    write: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds ?? (values.quick ? 1 : 3));
const begun = performance.now();
const cli = await obtainPulumiCli({ log: console.error });
const results = await measure();
const minutes = (performance.now() - begun) / 60_000;

const figures = ROWS.flatMap((row) =>
  results.has(row.scenario) ? [figureOf(row, results.get(row.scenario))] : [],
);
const report = { made: made(), figures };
console.log(`\n${table(figures)}\n\nrounds of what is timed: ${rounds}; ${minutes.toFixed(1)} minutes`);
if (values.json) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
if (values.write) await writeFile(join(import.meta.dirname, "RESULTS.md"), markdown(report));

/** @returns {Promise<Map<string, any>>} the results by the names of their scenarios */
async function measure() {
  const [server, receiver] = [await startServer(), await startServer()];
  const bench = { cli, server, receiver, rounds, log: console.log };
  const only = new RegExp(`^(${values.only})$`);
  const results = new Map();
  try {
    for (const [name, { quick, run }] of Object.entries(SCENARIOS)) {
      if (values.quick && !quick) continue;
      if (!only.test(name)) continue;
      console.log(`\n${name}`);
      results.set(name, await run(bench));
    }
  } finally {
    await Promise.all([server.close(), receiver.close()]);
    await clearScratch();
  }
  return results;
}

function made() {
  const [first, ...others] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${process.platform} ${process.arch}, ${others.length + 1} cores, ${first?.model ?? "unknown"}`,
    "Node.js": process.versions.node,
    "Pulumi CLI": cli.version,
    "rounds of what is timed": rounds,
    form: `${values.quick ? "quick" : "whole"}${values.only === ".*" ? "" : `, only ${values.only}`}`,
    took: `${minutes.toFixed(1)} minutes`,
  };
}
