/**
 * What the matrix is run with and does not install in a project: releases of Node and package managers from npm, and
 * programs of Alpine from Debian. They are downloaded once, into the user's cache folder.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { arch, platform } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { cacheEntry } from "../../scripts/pulumiCli.mjs";
import { run, why } from "./run.mjs";

/** Something cannot be had here: the row is skipped, and the message says why. */
export class Unavailable extends Error {}

const cache = join(dirname(cacheEntry()), "matrix");

/**
 * A folder of the cache that `make` fills, whole or not at all.
 * @param {string} name
 * @param {(folder: string) => Promise<void>} make
 */
async function cached(name, make) {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const half = await mkdtemp(join(cache, "half-made-"));
  try {
    await make(half);
    await rename(half, folder).catch((error) => {
      // Somebody else was faster.
      if (!existsSync(folder)) throw error;
    });
    return folder;
  } finally {
    await rm(half, { recursive: true, force: true });
  }
}

/**
 * A package of npm in a folder of its own.
 * @param {string} spec such as `pnpm@10.34.8`
 */
const fromNpm = (spec) =>
  cached(spec.replaceAll("/", "+"), async (folder) => {
    await writeFile(join(folder, "package.json"), '{ "private": true }');
    const got = await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", spec], {
      cwd: folder,
    });
    if (got.code !== 0) throw new Unavailable(`npm gives no ${spec}: ${why(got)}`);
  });

/** The folder of the executable of Node. @param {string} major */
export async function nodeFolder(major) {
  if (major === "running") return dirname(process.execPath);
  const system = platform() === "win32" ? "win" : platform();
  const name = `node-${system}-${arch()}`;
  return join(await fromNpm(`${name}@${major}`), "node_modules", name, "bin");
}

const MANAGERS = {
  pnpm: { spec: "pnpm@10.34.8", file: "pnpm/bin/pnpm.cjs" },
  "yarn classic": { spec: "yarn@1.22.22", file: "yarn/bin/yarn.js" },
  yarn: { spec: "@yarnpkg/cli-dist@4.18.1", file: "@yarnpkg/cli-dist/bin/yarn.js" },
};

/** The file of a package manager, for Node to run. @param {keyof typeof MANAGERS} name */
export async function manager(name) {
  const { spec, file } = MANAGERS[name];
  return join(await fromNpm(spec), "node_modules", file);
}

/** @type {Map<string, Promise<string>>} */
const releases = new Map();

/**
 * The release that npm has of a package, such as `3.276.0` of `@pulumi/pulumi@latest`.
 * @param {string} spec
 */
export function release(spec) {
  const found = releases.get(spec) ?? ask(spec);
  releases.set(spec, found);
  return found;
}

/** @param {string} spec */
async function ask(spec) {
  const got = await run("npm", ["view", spec, "version", "--json"], { cwd: dirname(import.meta.dirname) });
  if (got.code !== 0) throw new Unavailable(`npm knows no ${spec}: ${why(got)}`);
  const versions = JSON.parse(got.output);
  return Array.isArray(versions) ? versions.at(-1) : versions;
}

/**
 * A folder with nothing but the programs of busybox, as on Alpine.
 * Where there is no busybox, Debian's package is unpacked: nothing is installed.
 */
export const busyboxFolder = () =>
  cached("busybox", async (folder) => {
    const own = (await run("sh", ["-c", "command -v busybox"], { cwd: folder })).output.trim();
    const busybox = own || (await fromDebian("busybox-static", "bin/busybox", folder));
    const { output } = await run(busybox, ["--list"], { cwd: folder });
    for (const applet of output.split("\n").filter(Boolean)) {
      const target = own || join("unpacked", "bin", "busybox");
      await symlink(target, join(folder, applet));
    }
  });

/** @param {string} name @param {string} file @param {string} folder */
async function fromDebian(name, file, folder) {
  const got = await run("apt-get", ["download", name], { cwd: folder }).catch((error) => ({
    code: 1,
    output: String(error.message),
  }));
  const archive = (await readdir(folder)).find((entry) => entry.endsWith(".deb"));
  if (got.code !== 0 || archive === undefined)
    throw new Unavailable(`there is no ${name}, and Debian's cannot be had: ${why(got)}`);
  const unpacked = join(folder, "unpacked");
  await run("dpkg", ["-x", archive, unpacked], { cwd: folder });
  return join(unpacked, file);
}

/** A search path. @param {...string} folders */
export const pathOf = (...folders) => folders.join(delimiter);

/** A short name for a text. @param {string} text */
export const shortName = (text) => createHash("sha256").update(text).digest("hex").slice(0, 10);
