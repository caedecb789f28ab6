/**
 * `npm run nightly`: what takes hours. Thousands of random lives of a stack, with a seed that was never tried before. A
 * provider that is killed 200 times. Every story on the real engine, 50 killed ups and each variant of the API among them. A
 * short life in every environment of the matrix. Each runs whatever becomes of the others.
 */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { bootstrap } from "./bootstrap.mjs";
import { bin, show } from "./steps.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

await bootstrap();
const seed = String(Date.now() % 2 ** 31);
const env = {
  MODEL_RUNS: "5000",
  MODEL_SEED: seed,
  KILL_ROUNDS: "200",
  KILL_UPS: "50",
  KILL_SEED: seed,
  NIGHTLY: "yes",
  ...process.env,
};
const run = (/** @type {string[]} */ ...args) =>
  show(bin(root, "vitest"), ["run", ...args], { cwd: root, env });
const model = await run("--project", "model");
const killed = await run("--project", "process", "killed");
const engine = await run("--project", "engine");
const matrix = await show(process.execPath, ["test/matrix/index.mjs"], { cwd: root });
process.exitCode = [model, killed, engine, matrix].every(({ code }) => code === 0) ? 0 : 1;
