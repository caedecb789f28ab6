/** `npm run nightly`: thousands of random lives of a stack, with a seed that was never tried before. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { bootstrap } from "./bootstrap.mjs";
import { bin, show } from "./steps.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

await bootstrap();
const env = { MODEL_RUNS: "5000", ...process.env };
const { code } = await show(bin(root, "vitest"), ["run", "--project", "model"], { cwd: root, env });
process.exitCode = code ?? 1;
