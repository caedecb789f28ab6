/** The Pulumi CLI that tests and the demo use: the one in PATH, or one that is made once a machine. */
import { realpathSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import {
  isOlder,
  LANGUAGE_HOST,
  PULUMI,
  pathOf,
  runnable,
  usable,
  versionOf,
  which,
} from "./pulumi-cli/executables.mjs";
import { make, officialInstaller, PULUMI_VERSION } from "./pulumi-cli/make.mjs";
import { uninterrupted } from "./pulumi-cli/run.mjs";

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

const windows = process.platform === "win32";

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

  const made = await uninterrupted(signal, (stop) =>
    make({ entry, env, log, tried, signal: stop, installer, installerTimeLimitMs }),
  );
  return described(entry, made.version, made.origin);
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
 * @param {string} root
 * @param {string} version
 * @param {PulumiCli["origin"]} origin
 * @returns {PulumiCli}
 */
function described(root, version, origin) {
  const binDir = join(root, "bin");
  return { command: join(binDir, PULUMI), binDir, version, origin };
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    console.log((await obtainPulumiCli()).command);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
