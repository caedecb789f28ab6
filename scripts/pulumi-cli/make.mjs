/** Brings a Pulumi CLI about where PATH has none: installs it, or builds it. */
import { existsSync, readFileSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { executable, isOlder, LANGUAGE_HOST, PULUMI, usable, which } from "./executables.mjs";
import { elapsed, firstLine, run } from "./run.mjs";

/** The release that is installed or built when PATH holds no suitable Pulumi CLI. */
export const PULUMI_VERSION = "3.259.0";

/** @typedef {import("./executables.mjs").Env} Env */

const require = createRequire(import.meta.url);
const modules = import.meta.dirname;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * @typedef {object} Making
 * @property {string} entry
 * @property {Env} env
 * @property {(line: string) => void} log
 * @property {string[]} tried
 * @property {AbortSignal} signal
 * @property {string[]} installer
 * @property {number} installerTimeLimitMs
 */

/**
 * @param {Making} making
 * @returns {Promise<{ origin: "installer" | "built", version: string }>} what lies in the entry now
 */
export async function make(making) {
  const { entry, env, log, tried, signal } = making;
  const temporary = await temporaryFolder(entry);
  try {
    for (const { origin, name, work } of [
      { origin: /** @type {const} */ ("installer"), name: "official installer", work: install },
      { origin: /** @type {const} */ ("built"), name: "build from Go modules", work: build },
    ]) {
      try {
        const root = join(temporary, origin);
        await mkdir(join(root, "bin"), { recursive: true });
        await work(making, root, temporary);
        const version = await usable(root, env);
        if (!version) throw new Error("what it made does not run");
        return { origin, version: await place(root, entry, version, env, join(temporary, "broken")) };
      } catch (error) {
        signal.throwIfAborted();
        const reason = `${name}: ${firstLine(error)}`;
        tried.push(reason);
        log(reason);
      }
    }
  } finally {
    await remove(temporary);
  }
  throw new Error(
    `No Pulumi CLI could be obtained. Tried:\n${tried.map((line) => `  - ${line}\n`).join("")}` +
      `Install Pulumi (https://www.pulumi.com/docs/install/), or Go ${requiredGo()} or newer, and try again.`,
  );
}

/**
 * @param {Making} making
 * @param {string} root
 * @param {string} temporary
 */
async function install({ env, log, signal, installer, installerTimeLimitMs }, root, temporary) {
  const limit = `${Math.ceil(installerTimeLimitMs / 60_000)} minutes at most`;
  log(`installing the Pulumi CLI ${PULUMI_VERSION} with its official installer: ${limit}; once per machine`);
  const [command = process.execPath, ...args] = installer;
  const started = performance.now();
  await run(command, [...args, root, PULUMI_VERSION], {
    env: withTemporaryFolder(env, temporary),
    signal,
    timeLimitMs: installerTimeLimitMs,
  });
  log(`installed the Pulumi CLI in ${elapsed(started)}`);
}

/**
 * A process of its own, because the library's own call can be neither aborted nor limited in time.
 * The SemVer class must be the one the library itself uses.
 */
export function officialInstaller() {
  const script = `
    const automation = process.argv[1];
    const { SemVer } = require("node:module").createRequire(automation)("semver");
    require(automation).PulumiCommand.install({ root: process.argv[2], version: new SemVer(process.argv[3]) })
      .catch((error) => {
        console.error(error.commandResult?.err?.stderr || error.message);
        process.exitCode = 1;
      });`;
  return [process.execPath, "-e", script, require.resolve("@pulumi/pulumi/automation")];
}

/**
 * @param {Making} making
 * @param {string} root
 * @param {string} temporary
 */
async function build({ env, log, signal }, root, temporary) {
  const [go] = await which(executable("go"), env);
  if (!go) throw new Error("no go on PATH");
  const goEnv = {
    ...withTemporaryFolder(env, temporary),
    GOFLAGS: "-mod=readonly",
    // A go.work in a folder above the clone would take the modules over.
    GOWORK: "off",
  };
  const cli = join(modules, "cli");
  // Asked inside the module, where go may fetch the newer toolchain that go.mod calls for.
  const said = await run(go, ["version"], { cwd: cli, env: goEnv, signal });
  const version = /go(\d+\.\d+(\.\d+)?)/.exec(said)?.[1] ?? "0";
  if (isOlder(version, requiredGo())) {
    throw new Error(`${go} is version ${version}, ${requiredGo()} or newer is needed`);
  }

  log(
    `building the Pulumi CLI ${PULUMI_VERSION} from Go modules: ` +
      "about 4 minutes, 8 the first time; once per machine",
  );
  const started = performance.now();
  const target = join(root, "bin");
  const stamp = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${PULUMI_VERSION}`;
  for (const [cwd, output, command] of /** @type {const} */ ([
    [join(modules, "language-nodejs"), LANGUAGE_HOST, "sdk/v3/nodejs/cmd/pulumi-language-nodejs"],
    [cli, PULUMI, "pkg/v3/cmd/pulumi"],
  ])) {
    const flags = ["-trimpath", "-ldflags", `-s -w ${stamp}`, "-o", join(target, output)];
    await run(go, ["build", ...flags, `github.com/pulumi/pulumi/${command}`], { cwd, env: goEnv, signal });
  }
  const sdk = dirname(require.resolve("@pulumi/pulumi/package.json"));
  for (const name of ["pulumi-resource-pulumi-nodejs", "pulumi-resource-pulumi-nodejs.cmd"]) {
    await copyFile(join(sdk, name), join(target, name));
  }
  log(`built the Pulumi CLI in ${elapsed(started)}`);
}

/** The newest Go that one of the two modules asks for. */
function requiredGo() {
  return ["cli", "language-nodejs"]
    .map((name) => /^go (\S+)/m.exec(readFileSync(join(modules, name, "go.mod"), "utf8"))?.[1] ?? "0")
    .reduce((a, b) => (isOlder(a, b) ? b : a));
}

/**
 * Resolves to the version that is in the cache afterwards: another process may have been faster.
 * @param {string} root
 * @param {string} entry
 * @param {string} version
 * @param {Env} env
 * @param {string} aside where an entry that does not run is moved
 */
async function place(root, entry, version, env, aside) {
  try {
    await rename(root, entry);
  } catch (error) {
    if (!existsSync(entry)) throw error;
    const present = await usable(entry, env);
    if (present) return present;
    await rename(entry, aside);
    await rename(root, entry);
  }
  return version;
}

/**
 * A sibling of the entry, so that renaming it into place is atomic.
 * @param {string} entry
 */
async function temporaryFolder(entry) {
  const cache = dirname(entry);
  try {
    await mkdir(cache, { recursive: true });
    await removeAbandoned(cache);
    return await mkdtemp(`${entry}.making-${process.pid}-${hostname()}-`);
  } catch (cause) {
    const hint = "set PULUMI_GENESYSCLOUD_CACHE to another folder";
    throw new Error(`The cache folder ${cache} cannot be used (${firstLine(cause)}): ${hint}.`, { cause });
  }
}

/** @param {string} cache */
async function removeAbandoned(cache) {
  for (const name of await readdir(cache)) {
    const [, pid, host] = /\.making-(\d+)-(.+)-\w{6}$/.exec(name) ?? [];
    if (!pid) continue;
    const folder = join(cache, name);
    // The age covers a process id that was given away again, and makers on other hosts.
    const made = await stat(folder).catch(() => undefined);
    const old = made !== undefined && Date.now() - made.mtimeMs > DAY_MS;
    if (old || (host === hostname() && !isAlive(Number(pid)))) await remove(folder);
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

/**
 * Retried, because killed processes may still be writing for a moment.
 * @param {string} folder
 */
function remove(folder) {
  return rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/**
 * So that whatever a killed child leaves behind goes away with the folder.
 * @param {Env} env
 * @param {string} folder
 */
function withTemporaryFolder(env, folder) {
  return { ...env, TMPDIR: folder, TMP: folder, TEMP: folder };
}
