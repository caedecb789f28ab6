/** How the packages of a project are installed, and lie: a package manager, and where it puts what. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { OWN, SHARED, WRAPPED } from "./programs.mjs";
import { run, why } from "./run.mjs";
import { manager, shortName } from "./tools.mjs";

/**
 * @typedef {object} Site what is to be installed, and where
 * @property {string} folder where the site may be; it exists
 * @property {string} tarball the packed package
 * @property {string} sdk
 * @property {string | undefined} typescript
 * @property {string[]} installed
 * @property {import("./programs.mjs").Form} form
 */

/**
 * @typedef {object} Place where a program lies that finds its packages
 * @property {string} project the folder of the Pulumi project
 * @property {string} [program] that of its program, where it is another
 * @property {string[]} command the package's own command line
 * @property {string} from the package that the program gets the class from
 */

/** @typedef {(site: Site) => Promise<Place>} Layout */

/** A package manager could not install: the message is what it said. */
export class InstallError extends Error {}

const QUIET = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];

/** @param {string} command @param {string[]} args @param {string} cwd @param {NodeJS.ProcessEnv} [env] */
async function install(command, args, cwd, env = {}) {
  const got = await run(command, args, { cwd, env: { ...process.env, ...env } });
  if (got.code !== 0) throw new InstallError(`${args.join(" ")}: ${why(got)}`);
}

/** @param {string} folder @param {string} name @param {object | string} content */
async function write(folder, name, content) {
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, name),
    typeof content === "string" ? content : JSON.stringify(content, null, 2),
  );
}

/** @param {Site} site */
const sdkOf = ({ sdk, typescript }) => ({
  "@pulumi/pulumi": sdk,
  ...(typescript && { typescript, "ts-node": "^10.9.2", "@types/node": "^20.19.0" }),
});

/** @param {Site} site */
const dependenciesOf = (site) => ({ ...sdkOf(site), [OWN]: `file:${site.tarball}` });

/** @param {Site} site */
const programOf = ({ form }) => ({ private: true, version: "1.0.0", main: form.main, ...form.manifest });

/** @param {string} folder */
const commandIn = (folder) => [join(folder, "node_modules", ".bin", "genesyscloud-eventbridge")];

/** One folder for the packages, made once for all rows that need the same; a project is a folder below. @type {Layout} */
async function npm(site) {
  const { folder, installed } = site;
  const dependencies = dependenciesOf(site);
  const place = join(folder, `npm-${shortName(JSON.stringify([dependencies, installed]))}`);
  if (!made.has(place)) {
    await write(place, "package.json", { private: true, dependencies });
    await install("npm", ["install", ...QUIET], place);
    // A second time, as somebody does who reads on.
    if (installed.length > 0) await install("npm", ["install", ...QUIET, ...installed], place);
    made.add(place);
  }
  return below(site, place);
}

/** @type {Set<string>} */
const made = new Set();
let projects = 0;

/** A project below the folder of its packages. @param {Site} site @param {string} place @returns {Promise<Place>} */
async function below(site, place) {
  projects += 1;
  const project = join(place, "projects", `project ${projects}`.replace(" ", "-"));
  await write(project, "package.json", programOf(site));
  return { project, command: commandIn(place), from: OWN };
}

let readmes = 0;

/** What README says under "A program", word for word but for where this package comes from. @type {Layout} */
async function readme({ folder, tarball, form }) {
  readmes += 1;
  const text = await readFile(join(import.meta.dirname, "../../README.md"), "utf8");
  const line = text.split("\n").find((each) => each.startsWith(`npm install ${OWN} `));
  if (line === undefined) throw new InstallError("README has no line that installs the package");
  const project = join(folder, `readme-${readmes}`);
  await write(project, "package.json", {
    private: true,
    version: "1.0.0",
    main: form.main,
    ...form.manifest,
  });
  await install("sh", ["-c", line.replace(OWN, tarball)], project);
  return { project, command: commandIn(project), from: OWN };
}

/** @type {Layout} */
async function main(site) {
  const project = join(site.folder, "main");
  const program = join(project, "infra");
  await write(program, "package.json", { ...programOf(site), dependencies: dependenciesOf(site) });
  await install("npm", ["install", ...QUIET], program);
  return { project, program, command: commandIn(program), from: OWN };
}

/** @type {Layout} */
async function pnpm(site) {
  const project = join(site.folder, "pnpm");
  await write(project, "package.json", { ...programOf(site), dependencies: dependenciesOf(site) });
  await write(project, "pnpm-workspace.yaml", "packages: []\n");
  await install("node", [await manager("pnpm"), "install", ...PNPM], project);
  return { project, command: commandIn(project), from: OWN };
}

const PNPM = ["--ignore-scripts", "--prefer-offline", "--no-frozen-lockfile"];

/** A workspace in which one package wraps the resources. @param {Site} site @param {string} version of the shared package */
async function workspace(site, version) {
  const root = join(site.folder, `workspace-${shortName(JSON.stringify([version, site.installed]))}`);
  const [shared, project] = [join(root, "packages", "shared"), join(root, "stacks", "infra")];
  const dependencies = { ...sdkOf(site), [WRAPPED]: version };
  await write(shared, "package.json", {
    name: WRAPPED,
    version: "1.0.0",
    dependencies: dependenciesOf(site),
  });
  await write(shared, "index.js", SHARED);
  await write(project, "package.json", { name: "infra", ...programOf(site), dependencies });
  return { root, shared, project, dependencies };
}

/** @type {Layout} */
async function npmWorkspace(site) {
  const { root, project } = await workspace(site, "1.0.0");
  await write(root, "package.json", { private: true, workspaces: ["packages/*", "stacks/*"] });
  await install("npm", ["install", ...QUIET], root);
  return { project, command: commandIn(root), from: WRAPPED };
}

/** @param {boolean} isTold whether the package with the program depends on this package, too @returns {Layout} */
const pnpmWorkspace = (isTold) => async (site) => {
  const { root, shared, project, dependencies } = await workspace(
    { ...site, installed: [`${isTold}`] },
    "workspace:*",
  );
  if (isTold)
    await write(project, "package.json", {
      name: "infra",
      ...programOf(site),
      dependencies: { ...dependencies, ...dependenciesOf(site) },
    });
  await write(root, "package.json", { private: true });
  await write(root, "pnpm-workspace.yaml", "packages: [packages/*, stacks/*]\n");
  await install("node", [await manager("pnpm"), "install", ...PNPM], root);
  return { project, command: commandIn(shared), from: WRAPPED };
};

/** The registry that npm is set up with: yarn has one of its own. */
async function registry() {
  const { output } = await run("npm", ["config", "get", "registry"], { cwd: import.meta.dirname });
  return output.trim();
}

/** @type {Layout} */
async function yarnClassic(site) {
  const project = join(site.folder, "yarn-classic");
  await write(project, "package.json", { ...programOf(site), dependencies: dependenciesOf(site) });
  const args = ["install", "--ignore-scripts", "--ignore-engines", "--non-interactive", "--no-lockfile"];
  await install("node", [await manager("yarn classic"), ...args, "--registry", await registry()], project);
  return { project, command: commandIn(project), from: OWN };
}

/** @param {"pnp" | "node-modules"} linker @returns {Layout} */
const yarn = (linker) => async (site) => {
  const project = join(site.folder, `yarn-${linker}`);
  await write(project, "package.json", {
    ...programOf(site),
    name: "infra",
    dependencies: dependenciesOf(site),
  });
  await write(project, "yarn.lock", "");
  await write(
    project,
    ".yarnrc.yml",
    `nodeLinker: ${linker}\nenableScripts: false\nenableTelemetry: false\n`,
  );
  const file = await manager("yarn");
  const env = { YARN_NPM_REGISTRY_SERVER: await registry(), YARN_ENABLE_IMMUTABLE_INSTALLS: "false" };
  await install("node", [file, "install"], project, env);
  const command = linker === "pnp" ? ["node", file, "genesyscloud-eventbridge"] : commandIn(project);
  return { project, command, from: OWN };
};

/** @type {Readonly<Record<string, Layout>>} */
export const LAYOUTS = {
  npm,
  main,
  README: readme,
  pnpm,
  "yarn classic": yarnClassic,
  yarn: yarn("node-modules"),
  "Yarn PnP": yarn("pnp"),
  "npm workspace": npmWorkspace,
  "pnpm workspace": pnpmWorkspace(true),
  "pnpm workspace, not told": pnpmWorkspace(false),
};
