/** What else is special about the place that a row runs in. */
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { platform } from "node:os";
import { join } from "node:path";
import { onDemand } from "./onDemand.mjs";
import { run } from "./run.mjs";
import { busyboxFolder, pathOf, Unavailable } from "./tools.mjs";

/**
 * @typedef {object} Here
 * @property {string} work a folder of the row's own, outside of the project
 * @property {string} project
 * @property {string[]} command the package's own command line
 * @property {Record<string, string>} env
 * @property {string} node the folder of Node's executable
 * @property {string} cli the folder of Pulumi's
 */

/**
 * @typedef {object} Surroundings
 * @property {string} [folder] what the folder is called in which everything lies
 * @property {(here: Here) => Promise<Special>} [prepare]
 */

/**
 * @typedef {object} Special
 * @property {Record<string, string>} [env] variables of the environment
 * @property {string[]} [prefix] what stands before each command of Pulumi's
 * @property {() => Promise<void>} [after] when the life is over
 */

/**
 * No system with musl is to be had where this runs. Its two differences that have mattered are made here: a native addon
 * that was built for glibc does not load, and busybox stands for the system's programs, flock included.
 */
const AS_ON_ALPINE = `
const children = require("node:child_process");
const { spawn } = children;
children.spawn = (file, ...others) => spawn(file === "flock" ? process.env.BUSYBOX_FLOCK : file, ...others);
process.dlopen = (_, file) => {
  throw new Error("Error relocating " + file + ": __res_init: symbol not found");
};
const report = process.report.getReport.bind(process.report);
process.report.getReport = (...args) => {
  const { header, ...others } = report(...args);
  const { glibcVersionRuntime, glibcVersionCompiler, ...musl } = header;
  return { header: musl, ...others };
};
`;

/** Debian's busybox has no flock. The one of Alpine takes short options alone. */
const NARROW_FLOCK = `#!/bin/sh
case "$1" in -[nsux]) exec flock "$@" ;; esac
echo "flock: unrecognized option: $1" >&2
exit 1
`;

/** @param {Here} here */
async function alpine({ work, node, cli }) {
  if (platform() !== "linux") throw new Unavailable("busybox's flock is there on Linux alone");
  const file = join(work, "asOnAlpine.cjs");
  await writeFile(file, AS_ON_ALPINE);
  const busybox = await busyboxFolder();
  // Node and Pulumi first: nothing else of this machine is on the path.
  const bin = join(work, "bin");
  await mkdir(bin);
  await run("ln", ["-s", join(node, "node"), ...PULUMI.map((name) => join(cli, name)), bin], { cwd: work });
  const env = { PATH: pathOf(bin, busybox), NODE_OPTIONS: `--require ${file}` };
  // The audit log looks for flock where systems have it, whatever the path says.
  const [own, narrow] = [join(busybox, "flock"), join(work, "narrow-flock")];
  await writeFile(narrow, NARROW_FLOCK, { mode: 0o755 });
  return { env: { ...env, BUSYBOX_FLOCK: existsSync(own) ? own : narrow } };
}

const PULUMI = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];

/** @param {Here} here */
async function readOnly({ project, work }) {
  if (platform() !== "linux" || process.getuid?.() !== 0)
    throw new Unavailable("a folder is mounted read-only, which takes Linux and root");
  const mount = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && cd "$0" && exec "$@"';
  return {
    prefix: ["unshare", "--mount", "sh", "-c", mount, project],
    env: { GENESYSCLOUD_AUDIT_LOG: join(work, "audit_logs.jsonl") },
  };
}

/** @type {Readonly<Record<string, Surroundings>>} */
export const SURROUNDINGS = {
  none: {},
  Alpine: { prepare: alpine },
  "read-only": { prepare: readOnly },
  "on demand": { folder: "on demand", prepare: onDemand },
  "odd path": { folder: "Kündin & Söhne – 顧客 #1" },
};
