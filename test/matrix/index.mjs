/**
 * `npm run matrix`: a short life of a stack in every environment that the documentation names, with the packed package and the real
 * CLI against a simulated organisation. A row a line; exit code 1 where one is red.
 *
 *     npm run matrix -- --only 'pnpm|Yarn'    the rows whose names match
 *     npm run matrix -- --list                their names, and nothing is run
 *
 * Node's releases and package managers are downloaded into the user's cache folder. What cannot be had is skipped, and why.
 */
import { mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { obtainPulumiCli } from "../../scripts/pulumiCli.mjs";
import { bold, green, red } from "../../scripts/steps.mjs";
import { runRow } from "./row.mjs";
import { ROWS } from "./rows.mjs";
import { run, why } from "./run.mjs";

const { values } = parseArgs({
  options: { only: { type: "string", default: "" }, list: { type: "boolean", default: false } },
});
const only = new RegExp(values.only, "i");
const rows = ROWS.filter(({ name }) => only.test(name));

if (values.list) for (const { name } of rows) console.log(name);
else await runAll();

async function runAll() {
  const cli = await obtainPulumiCli({ log: console.error });
  const work = await realpath(await mkdtemp(join(tmpdir(), "eventbridge-matrix-")));
  try {
    const bench = { work, tarball: await pack(work), cli: cli.binDir };
    const width = Math.max(...rows.map(({ name }) => name.length));
    /** @type {import("./row.mjs").Result[]} */
    const results = [];
    for (const row of rows) {
      const result = await runRow(row, bench);
      results.push(result);
      console.log(line(row.name.padEnd(width), result));
    }
    const count = (/** @type {string} */ verdict) =>
      results.filter((result) => result.verdict === verdict).length;
    console.log(bold(`\n${count("green")} green, ${count("red")} red, ${count("skipped")} skipped`));
    process.exitCode = count("red") === 0 && rows.length > 0 ? 0 : 1;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** @param {string} folder @returns {Promise<string>} the packed package */
async function pack(folder) {
  const root = join(import.meta.dirname, "../..");
  const packed = await run("npm", ["pack", "--workspace", "provider", "--pack-destination", folder], {
    cwd: root,
  });
  const name = (await readdir(folder)).find((entry) => entry.endsWith(".tgz"));
  if (packed.code !== 0 || name === undefined)
    throw new Error(`the package cannot be packed: ${why(packed)}`);
  return join(folder, name);
}

/** @param {string} name @param {import("./row.mjs").Result} result */
function line(name, { verdict, seconds, reason }) {
  const paint = { green, red, skipped: (/** @type {string} */ text) => text }[verdict];
  const why = reason === undefined ? "" : `  ${reason.replaceAll("\n", "\n    ")}`;
  return `${name}  ${paint(verdict.padEnd("skipped".length))}  ${seconds.toFixed(0).padStart(4)} s${why}`;
}
