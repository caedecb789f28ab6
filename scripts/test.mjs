/**
 * `npm test`: from a bare clone to a verdict. Installs, builds, lints, type-checks, then runs the tests
 * that need no Pulumi CLI and those on the real engine. The last line says how many passed and failed.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bootstrap } from "./bootstrap.mjs";
import { bin, bold, red, show } from "./steps.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const inCi = process.env.CI === "true";

await bootstrap();
await must("lint", "npm", ["run", "lint"]);
await must("types", "npm", ["run", "typecheck"]);
const projects = ["unit", "client", "process", "model"].flatMap((name) => ["--project", name]);
const missingCli = await whyNoPulumiCli();
if (missingCli === undefined) projects.push("--project", "engine");
else if (inCi) fail(`the engine tests need the Pulumi CLI. ${missingCli}`);
await runTests(projects);

/** @param {string} what @param {string} command @param {string[]} args */
async function must(what, command, args) {
  console.log(bold(`\n${what}`));
  const { code } = await show(command, args, { cwd: root });
  if (code !== 0) fail(`${what}: ${command} ${args.join(" ")} ended with ${code}`);
}

/** @returns {Promise<string | undefined>} why there is none; undefined when there is one */
async function whyNoPulumiCli() {
  const { obtainPulumiCli } = await import("./pulumiCli.mjs");
  try {
    const { version, origin } = await obtainPulumiCli({ log: console.log });
    console.log(bold(`\ntests, with the Pulumi CLI ${version} (${origin})`));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** @param {string[]} projects */
async function runTests(projects) {
  const folder = await mkdtemp(join(tmpdir(), "eventbridge-results-"));
  try {
    const file = join(folder, "results.json");
    const reporters = ["--reporter", "default", "--reporter", "json", "--outputFile.json", file];
    const { code } = await show(bin(root, "vitest"), ["run", ...projects, ...reporters], { cwd: root });
    const results = JSON.parse(await readFile(file, "utf8"));
    if (missingCli !== undefined) {
      console.log(red(bold("\nTHE ENGINE TESTS WERE SKIPPED: there is no Pulumi CLI.")));
      console.log(missingCli);
    }
    const {
      numPassedTests: passed,
      numFailedTests: failed,
      numPendingTests: pending,
      numTodoTests: todo,
    } = results;
    console.log(
      `\n${passed} passed, ${failed} failed${pending + todo > 0 ? `, ${pending + todo} skipped` : ""}`,
    );
    if (missingCli !== undefined) console.log(red(bold("ENGINE TESTS SKIPPED, see above")));
    process.exitCode = code === 0 && results.success ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {string} reason @returns {never} */
function fail(reason) {
  console.error(red(`\n${reason}`));
  console.log("0 passed, 1 failed");
  process.exit(1);
}
