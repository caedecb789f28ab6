/** Makes a bare clone ready to run: installs and builds, each only where something has changed. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";

// Runs on a bare clone: nothing but Node's own modules may be imported here.

/** @typedef {(line: string) => void} Log */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// Inside node_modules, so that npm ci removes both stamps before it changes anything.
const stamps = join(root, "node_modules", ".cache", "bootstrap");
const built = ["provider", "sandbox"];

/**
 * Makes the clone ready to run: checks Node's version, installs the dependencies and builds the workspaces,
 * the latter two only when something they depend on has changed. With nothing to do it is silent, and
 * touches neither the network nor any file. It may be called from any folder, and again after having been
 * killed.
 *
 * @param {object} [options]
 * @param {Log} [options.log] receives one line per thing done; default: stdout
 * @param {string} [options.nodeVersion] default: that of the running Node
 * @throws {Error} when Node is too old, or with npm's whole output when npm fails
 */
export async function bootstrap({ log = console.log, nodeVersion = process.versions.node } = {}) {
  checkNode(nodeVersion);
  if (!isInstalled()) {
    await timed(log, "installing dependencies", () =>
      npm("ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund"),
    );
    writeStamp("installed", installInputs());
  }
  if (!isBuilt()) {
    await timed(log, "building the workspaces", () => npm("run", "build"));
    writeStamp("built", buildInputsAndOutputs());
  }
}

/** @param {string} version */
function checkNode(version) {
  const { engines } = readJson("package.json");
  const [, major, minor] = />=(\d+)\.(\d+)/.exec(engines.node)?.map(Number) ?? [];
  const [runningMajor = 0, runningMinor = 0] = version.split(".").map(Number);
  if (major === undefined || minor === undefined)
    throw new Error(`package.json: engines.node is not ">=x.y"`);
  if (runningMajor < major || (runningMajor === major && runningMinor < minor)) {
    throw new Error(`Node ${major}.${minor} or newer is needed, this is ${version}: https://nodejs.org/`);
  }
}

function isInstalled() {
  if (!existsSync(join(root, "node_modules", ".package-lock.json"))) return false;
  const stamp = readStamp("installed");
  if (stamp !== undefined) return stamp === installInputs();
  // Installed by hand: offline, installing that again would fail for no reason.
  if (!matchesLock()) return false;
  writeStamp("installed", installInputs());
  return true;
}

/** Whether npm's own record of node_modules holds what package-lock.json asks for on this platform. */
function matchesLock() {
  const wanted = readJson("package-lock.json").packages;
  const present = readJson("node_modules", ".package-lock.json").packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "") return true;
    const found = present[path];
    return found ? found.version === entry.version && found.integrity === entry.integrity : entry.optional;
  });
}

function installInputs() {
  // The platform, because a folder shared with a container or virtual machine holds one platform's binaries.
  return `${process.platform} ${process.arch} ${digest(["package-lock.json", ...manifests()])}`;
}

function isBuilt() {
  return readStamp("built") === buildInputsAndOutputs();
}

/** With the outputs, so that a deleted dist, or one made from other sources, is built again. */
function buildInputsAndOutputs() {
  const sources = built.flatMap((dir) => [`${dir}/src`, `${dir}/rolldown.config.mjs`, ...tsconfigs(dir)]);
  const inputs = digest([...manifests(), ...tsconfigs("."), ...sources]);
  return `${inputs} ${digest(built.map((dir) => `${dir}/dist`))}`;
}

/** The root's package.json and those of its workspaces. */
function manifests() {
  const workspaces = /** @type {string[]} */ (readJson("package.json").workspaces).flatMap((pattern) => {
    if (!pattern.endsWith("/*")) return [pattern];
    const parent = pattern.slice(0, -2);
    return list(parent).map((name) => `${parent}/${name}`);
  });
  return ["package.json", ...workspaces.map((dir) => `${dir}/package.json`)];
}

/** @param {string} dir */
function tsconfigs(dir) {
  return list(dir)
    .filter((name) => /^tsconfig.*\.json$/.test(name))
    .map((name) => `${dir}/${name}`);
}

/**
 * A hash over the names and contents of files and whole folders; missing ones are as good as empty.
 * @param {string[]} paths relative to the root
 */
function digest(paths) {
  const hash = createHash("sha256");
  /** @param {string} path */
  const add = (path) => {
    const content = contentOf(path);
    if (content === undefined) {
      for (const name of list(path)) add(`${path}/${name}`);
    } else {
      hash.update(`${path}\0${content.length}\0`).update(content);
    }
  };
  paths.forEach(add);
  return hash.digest("hex");
}

/**
 * Undefined for a folder and for what does not exist.
 * @param {string} path
 */
function contentOf(path) {
  try {
    return readFileSync(join(root, path));
  } catch (error) {
    if (["EISDIR", "ENOENT", "ENOTDIR"].includes(codeOf(error))) return undefined;
    throw error;
  }
}

/**
 * The sorted names in a folder; none if it does not exist.
 * @param {string} dir
 */
function list(dir) {
  try {
    return readdirSync(join(root, dir)).sort();
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(codeOf(error))) return [];
    throw error;
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return /** @type {NodeJS.ErrnoException} */ (error).code ?? "";
}

/**
 * @param {string[]} path
 * @returns {any}
 */
function readJson(...path) {
  return JSON.parse(readFileSync(join(root, ...path), "utf8"));
}

/** @param {string} name */
function readStamp(name) {
  const file = join(stamps, name);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/**
 * @param {string} name
 * @param {string} value
 */
function writeStamp(name, value) {
  mkdirSync(stamps, { recursive: true });
  writeFileSync(join(stamps, name), value);
}

/**
 * @param {Log} log
 * @param {string} what
 * @param {() => Promise<void>} work
 */
async function timed(log, what, work) {
  const started = performance.now();
  log(`${what} …`);
  await work();
  log(`${what}: ${Math.round((performance.now() - started) / 1000)} s`);
}

/**
 * @param {string[]} args plain words: the shell that npm.cmd needs on Windows quotes nothing
 * @returns {Promise<void>}
 */
function npm(...args) {
  return new Promise((resolve, reject) => {
    const child = spawn("npm", args, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    }
    child.on("error", (cause) => reject(new Error(`npm cannot be run: ${cause.message}`, { cause })));
    child.on("close", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`npm ${args.join(" ")} failed (${code ?? signal}):\n${output}`));
    });
  });
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await bootstrap();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
