/** Runs one row of the matrix: everything is made for it, and goes away with it. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { startOrganisation } from "../../scripts/organisation.mjs";
import { pulumiEnv } from "../../scripts/pulumiCli.mjs";
import { InstallError, LAYOUTS } from "./layouts.mjs";
import { automation, cli, failAsTold, live, Trouble } from "./life.mjs";
import { FORMS } from "./programs.mjs";
import { USUAL } from "./rows.mjs";
import { run } from "./run.mjs";
import { SURROUNDINGS } from "./surroundings.mjs";
import { nodeFolder, pathOf, release, shortName, Unavailable } from "./tools.mjs";

/**
 * @typedef {object} Bench what all rows share
 * @property {string} work a folder outside of the repository
 * @property {string} tarball the packed package
 * @property {string} cli the folder of Pulumi's executables
 */

/**
 * @typedef {object} Result
 * @property {"green" | "red" | "skipped"} verdict
 * @property {number} seconds
 * @property {string} [reason] why it is not green
 */

/** @param {import("./rows.mjs").Row} row @param {Bench} bench @returns {Promise<Result>} */
export async function runRow(row, bench) {
  const begun = performance.now();
  const since = () => (performance.now() - begun) / 1_000;
  try {
    await play({ ...USUAL, ...row }, bench);
    return { verdict: "green", seconds: since() };
  } catch (error) {
    if (error instanceof Unavailable) return { verdict: "skipped", seconds: since(), reason: error.message };
    if (!(error instanceof Trouble || error instanceof InstallError)) throw error;
    return { verdict: "red", seconds: since(), reason: error.message };
  }
}

/** @param {import("./rows.mjs").Row & typeof USUAL} row @param {Bench} bench */
async function play(row, bench) {
  const { folder = "plain", prepare } = SURROUNDINGS[row.surroundings] ?? {};
  const form = formOf(row.form);
  const node = await nodeFolder(row.node);
  const { program, ...place } = await layoutOf(row.layout)(
    await siteOf(row, join(bench.work, folder), bench),
  );
  const work = join(bench.work, shortName(row.name));
  await mkdir(join(work, "state"), { recursive: true });
  const organisation = await startOrganisation(join(work, "organisation.json"));
  try {
    const usual = environment({ work, node, bench, organisation });
    const special = (await prepare?.({ ...place, work, node, cli: bench.cli, env: usual })) ?? {};
    const env = { ...usual, ...special.env };
    const shell = { cwd: place.project, env, prefix: special.prefix };
    const folderOfProgram = program ?? place.project;
    if (form.tsconfig !== undefined)
      await writeFile(join(folderOfProgram, "tsconfig.json"), JSON.stringify(form.tsconfig));
    const pulumi =
      row.driver === "CLI" ? await cli(shell, program) : await automation(shell, kindOf(row.driver));
    const [doctor, ...args] = [...(special.prefix ?? []), ...place.command, "doctor"];
    const stage = {
      organisation,
      command: (/** @type {Parameters<typeof pulumi>[0] | "doctor"} */ name) =>
        name === "doctor" ? run(doctor, args, { cwd: place.project, env }) : pulumi(name),
      write: (/** @type {string} */ description) =>
        writeFile(join(folderOfProgram, form.main), form.text(place.from, description)),
    };
    await (row.fails === undefined ? live(stage) : failAsTold(stage, row.fails));
    await special.after?.();
  } finally {
    await organisation.stop();
    await rm(work, { recursive: true, force: true });
  }
}

/** @param {string} name */
function layoutOf(name) {
  const layout = LAYOUTS[name];
  if (layout === undefined) throw new Error(`nothing is known of the layout ${name}`);
  return layout;
}

/** @param {string} name */
function formOf(name) {
  const form = FORMS[name];
  if (form === undefined) throw new Error(`there is no program in ${name}`);
  return form;
}

/** @param {string} driver such as `inline program` */
const kindOf = (driver) => /** @type {"inline" | "local"} */ (driver.split(" ")[0]);

/** @param {import("./rows.mjs").Row & typeof USUAL} row @param {string} folder @param {Bench} bench */
async function siteOf({ sdk, typescript, installed = [], form }, folder, { tarball }) {
  await mkdir(folder, { recursive: true });
  return {
    folder,
    tarball,
    sdk: await release(`@pulumi/pulumi@${sdk === "newest" ? "latest" : sdk}`),
    typescript: typescript && (await release(`typescript@${typescript}`)),
    installed,
    form: formOf(form),
  };
}

/** @param {{ work: string, node: string, bench: Bench, organisation: { url: string } }} of */
function environment({ work, node, bench, organisation }) {
  const env = pulumiEnv({
    cli: { binDir: bench.cli },
    home: join(bench.work, "pulumi-home"),
    backendDir: join(work, "state"),
    passphrase: "matrix",
  });
  const { protocol, hostname, port } = new URL(organisation.url);
  return {
    ...env,
    PATH: pathOf(node, env.PATH ?? ""),
    // Pulumi's TypeScript compiler leaves its cache there.
    TMPDIR: work,
    GENESYSCLOUD_GATEWAY_PROTOCOL: protocol.replace(":", ""),
    GENESYSCLOUD_GATEWAY_HOST: hostname,
    GENESYSCLOUD_GATEWAY_PORT: port,
    GENESYSCLOUD_OAUTHCLIENT_ID: "sandbox-client",
    GENESYSCLOUD_OAUTHCLIENT_SECRET: "sandbox-secret",
  };
}
