import { spawn, spawnSync } from "node:child_process";
import { constants, existsSync, readFileSync, realpathSync } from "node:fs";
import { access, copyFile, mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir, hostname } from "node:os";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

/** The release that is installed or built when PATH holds no suitable Pulumi CLI. */
export const PULUMI_VERSION = "3.259.0";

/** The oldest CLI accepted from PATH: the first whose `import` suits the provider. */
export const MINIMUM_PULUMI_VERSION = "3.254.0";

/**
 * A Pulumi CLI that runs, with its Node.js language host.
 * @typedef {object} PulumiCli
 * @property {string} command absolute path of the `pulumi` executable
 * @property {string} binDir the folder it lies in, to be put first on PATH
 * @property {string} version what it says of itself, such as `3.259.0`
 * @property {"PATH" | "cache" | "installer" | "built"} origin where it came from
 */

/** @typedef {(line: string) => void} Log */
/** @typedef {Record<string, string | undefined>} Env */

const require = createRequire(import.meta.url);
const modules = join(dirname(fileURLToPath(import.meta.url)), "pulumi-cli");
const windows = process.platform === "win32";
const PULUMI = executable("pulumi");
const LANGUAGE_HOST = executable("pulumi-language-nodejs");
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Finds a Pulumi CLI, or makes one. In this order: PATH, the user's cache, the official installer, a build
 * from Go modules. What the last two make goes into the cache, whole or not at all, so any number of
 * processes may call this at once. Interrupting the process (Ctrl-C) stops a download or build like `signal`.
 *
 * @param {object} [options]
 * @param {Log} [options.log] receives one line per thing that takes time or is passed over; default: stderr
 * @param {Env} [options.env] the environment to search and to run things in; default: the process's own
 * @param {AbortSignal} [options.signal] kills what is running and removes what is half made
 * @param {string[]} [options.installer] command line that installs a CLI, to which the folder that shall hold
 *   `bin/` and the version are appended; default: the installer of `@pulumi/pulumi/automation`
 * @param {number} [options.installerTimeLimitMs] default: three minutes
 * @returns {Promise<PulumiCli>}
 * @throws {Error} naming each way that was tried, why it failed and what to install; or the signal's reason
 */
export async function obtainPulumiCli({
  log = console.error,
  env = process.env,
  signal,
  installer = officialInstaller(),
  installerTimeLimitMs = 3 * 60 * 1000,
} = {}) {
  /** @type {string[]} */
  const tried = [];
  const onPath = await fromPath(env, (reason) => {
    tried.push(`PATH: ${reason}`);
    log(`passed over: ${reason}`);
  });
  if (onPath) return onPath;
  if (tried.length === 0) tried.push("PATH: no pulumi there");

  const entry = cacheEntry(env);
  const version = await usable(entry, env);
  if (version) return described(entry, version, "cache");
  tried.push(`cache: nothing usable in ${entry}`);

  return uninterrupted(signal, (stop) =>
    make({ entry, env, log, tried, signal: stop, installer, installerTimeLimitMs }),
  );
}

/**
 * The environment for a run against a state folder of its own. None of the caller's Pulumi or Genesys Cloud
 * settings survive in it, so a developer's own credentials never reach a demo or a test.
 *
 * @param {object} options
 * @param {Pick<PulumiCli, "binDir">} options.cli
 * @param {string} options.home PULUMI_HOME: where plugins and the login are kept
 * @param {string} options.backendDir an existing folder for the state
 * @param {string} options.passphrase encrypts the secrets in the state
 * @param {Env} [options.base] the environment to start from; default: the process's own
 * @returns {Record<string, string>}
 */
export function pulumiEnv({ cli, home, backendDir, passphrase, base = process.env }) {
  /** @type {Record<string, string>} */
  const env = {};
  for (const [name, value] of Object.entries(base)) {
    const kept = !/^(PULUMI_|GENESYSCLOUD_|GENESYS_|EXTERNAL_WEBHOOK_URL$|PATH$)/i.test(name);
    if (kept && value !== undefined) env[name] = value;
  }
  return {
    ...env,
    PATH: [cli.binDir, pathOf(base)].filter(Boolean).join(delimiter),
    PULUMI_HOME: resolve(home),
    // Not pathToFileURL: Pulumi takes what follows as a path and escapes it itself.
    PULUMI_BACKEND_URL: `file://${resolve(backendDir)}`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}

/**
 * The folder that holds, or will hold, the cached CLI in its `bin/`.
 * @param {Env} [env] PULUMI_GENESYSCLOUD_CACHE replaces `<the user's cache>/pulumi-genesyscloud-eventbridge`
 */
export function cacheEntry(env = process.env) {
  const cache = env.PULUMI_GENESYSCLOUD_CACHE || join(userCache(env), "pulumi-genesyscloud-eventbridge");
  return join(resolve(cache), `pulumi-${PULUMI_VERSION}-${process.platform}-${process.arch}`);
}

/** @param {Env} env */
function userCache(env) {
  if (windows) return env.LOCALAPPDATA || join(homedir(), "AppData", "Local");
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches");
  return env.XDG_CACHE_HOME || join(homedir(), ".cache");
}

// ---- PATH and cache

/**
 * @param {Env} env
 * @param {(reason: string) => void} passOver
 * @returns {Promise<PulumiCli | undefined>}
 */
async function fromPath(env, passOver) {
  for (const command of await which(PULUMI, env)) {
    const version = await versionOf(command, env).catch(() => undefined);
    if (!version) {
      passOver(`${command} does not run`);
    } else if (isOlder(version, MINIMUM_PULUMI_VERSION)) {
      passOver(`${command} is version ${version}, ${MINIMUM_PULUMI_VERSION} or newer is needed`);
    } else if (!(await hasLanguageHost(command, env))) {
      passOver(`${command} has no pulumi-language-nodejs beside it or on PATH`);
    } else {
      return { command, binDir: dirname(command), version, origin: "PATH" };
    }
  }
  return undefined;
}

/**
 * @param {string} command
 * @param {Env} env
 */
async function hasLanguageHost(command, env) {
  const beside = [dirname(command), dirname(realpathSync(command))].map((dir) => join(dir, LANGUAGE_HOST));
  return (
    (await Promise.all(beside.map(runnable))).includes(true) || (await which(LANGUAGE_HOST, env)).length > 0
  );
}

/**
 * The version of the CLI installed below a folder; undefined when it is not there, not whole or does not run.
 * @param {string} root
 * @param {Env} env
 */
async function usable(root, env) {
  if (!(await runnable(join(root, "bin", LANGUAGE_HOST)))) return undefined;
  return versionOf(join(root, "bin", PULUMI), env).catch(() => undefined);
}

/**
 * @param {string} command
 * @param {Env} env
 */
async function versionOf(command, env) {
  const quiet = { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const output = await run(command, ["version"], { env: quiet, timeLimitMs: 30_000 });
  return /^v?(\d+\.\d+\.\d+\S*)/m.exec(output)?.[1];
}

/**
 * @param {string} root
 * @param {string} version
 * @param {PulumiCli["origin"]} origin
 * @returns {PulumiCli}
 */
function described(root, version, origin) {
  const binDir = join(root, "bin");
  return { command: join(binDir, PULUMI), binDir, version, origin };
}

// ---- Making a cache entry

/**
 * @typedef {object} Making
 * @property {string} entry
 * @property {Env} env
 * @property {Log} log
 * @property {string[]} tried
 * @property {AbortSignal} signal
 * @property {string[]} installer
 * @property {number} installerTimeLimitMs
 */

/**
 * @param {Making} making
 * @returns {Promise<PulumiCli>}
 */
async function make(making) {
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
        return described(entry, await place(root, entry, version, env, join(temporary, "broken")), origin);
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
function officialInstaller() {
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

// ---- Running things

/**
 * Has the work stopped and tidied up on Ctrl-C as on the caller's signal; the process then ends as it would
 * have ended at once, unless the caller has its own handler.
 * @template T
 * @param {AbortSignal | undefined} signal
 * @param {(signal: AbortSignal) => Promise<T>} work
 */
async function uninterrupted(signal, work) {
  signal?.throwIfAborted();
  const controller = new AbortController();
  /** @type {NodeJS.Signals | undefined} */
  let received;
  const abort = () => controller.abort(signal?.reason);
  /** @param {NodeJS.Signals} name */
  const interrupt = (name) => {
    received = name;
    controller.abort(new Error(`interrupted by ${name}`));
  };
  const names = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
  signal?.addEventListener("abort", abort);
  for (const name of names) process.on(name, interrupt);
  try {
    return await work(controller.signal);
  } finally {
    signal?.removeEventListener("abort", abort);
    for (const name of names) process.off(name, interrupt);
    if (received && process.listenerCount(received) === 0) process.kill(process.pid, received);
  }
}

/**
 * Resolves to what the command wrote to stdout. It is killed with all its children when the signal aborts,
 * the time is up or this process exits.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env: Env, cwd?: string, signal?: AbortSignal, timeLimitMs?: number }} options
 * @returns {Promise<string>}
 */
function run(command, args, { env, cwd, signal, timeLimitMs }) {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
      // A process group of its own is what can be killed as a whole.
      detached: !windows,
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });

    /** @type {Error | undefined} */
    let stopped;
    /** @param {Error} reason */
    const stop = (reason) => {
      stopped ??= reason;
      kill();
      // A grandchild that escaped would otherwise keep "close" from coming.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const kill = () => killTree(child.pid);
    const abort = () => stop(signal?.reason);
    const timer =
      timeLimitMs &&
      setTimeout(() => stop(new Error(`gave up after ${timeLimitMs / 1000} seconds`)), timeLimitMs);
    signal?.addEventListener("abort", abort);
    process.on("exit", kill);
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      process.off("exit", kill);
    };

    child.on("error", (error) => {
      settle();
      reject(stopped ?? error);
    });
    child.on("close", (code, killer) => {
      settle();
      if (stopped) reject(stopped);
      else if (code === 0) resolve(stdout);
      else reject(new Error(complaint(stderr) ?? `${basename(command)} ended with ${code ?? killer}`));
    });
  });
}

/** @param {number | undefined} pid */
function killTree(pid) {
  if (pid === undefined) return;
  if (windows) {
    spawnSync("taskkill", ["/pid", `${pid}`, "/t", "/f"], { stdio: "ignore", windowsHide: true });
    return;
  }
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing of it is left.
  }
}

/**
 * Leaves out what go says of its progress and of the package an error is in.
 * @param {string} stderr
 */
function complaint(stderr) {
  return stderr.split("\n").find((line) => line.trim() && !/^(go: downloading|#) /.test(line));
}

/** @param {unknown} error */
function firstLine(error) {
  const message = error instanceof Error ? error.message : String(error);
  const line = message.split("\n").find((text) => text.trim()) ?? "no reason given";
  return stripVTControlCharacters(line).trim().slice(0, 300);
}

/**
 * So that whatever a killed child leaves behind goes away with the folder.
 * @param {Env} env
 * @param {string} folder
 */
function withTemporaryFolder(env, folder) {
  return { ...env, TMPDIR: folder, TMP: folder, TEMP: folder };
}

/** @param {string} name */
function executable(name) {
  return windows ? `${name}.exe` : name;
}

/**
 * All executables of that name on PATH, each once.
 * @param {string} name
 * @param {Env} env
 */
async function which(name, env) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const folder of pathOf(env).split(delimiter).filter(Boolean)) {
    const file = resolve(folder, name);
    if (!(await runnable(file))) continue;
    const real = realpathSync(file);
    if (!found.has(real)) found.set(real, file);
  }
  return [...found.values()];
}

/** @param {string} file */
async function runnable(file) {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

/**
 * Windows spells it Path, which counts once the environment is a plain object.
 * @param {Env} env
 */
function pathOf(env) {
  return Object.entries(env).find(([name]) => (windows ? name.toUpperCase() : name) === "PATH")?.[1] ?? "";
}

/**
 * Compares the numbers only, which Pulumi's and Go's versions have in common.
 * @param {string} version
 * @param {string} other
 */
function isOlder(version, other) {
  const a = version.split(/[.-]/).map(Number);
  const b = other.split(/[.-]/).map(Number);
  for (let i = 0; i < 3; i++) {
    const difference = (a[i] || 0) - (b[i] || 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** @param {number} started */
function elapsed(started) {
  const seconds = Math.round((performance.now() - started) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    console.log((await obtainPulumiCli()).command);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
