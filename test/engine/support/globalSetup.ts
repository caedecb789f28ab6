/** What all stories on the real engine share: the CLI, the packed package as installed, and a project to copy. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";
import rootPackage from "../../../package.json" with { type: "json" };
import providerPackage from "../../../provider/package.json" with { type: "json" };
import { obtainPulumiCli } from "../../../scripts/pulumiCli.mjs";
import {
  CLIENT,
  CONFIG,
  configArgs,
  copyProject,
  environmentOf,
  initProject,
  type Places,
  startPulumi,
} from "./project.js";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../../..");

declare module "vitest" {
  interface ProvidedContext {
    /** A folder outside the repository with the packed provider installed in its node_modules. */
    installed: string;
    /** The folder of the Pulumi CLI's executables. */
    cliFolder: string;
    /** A project with a new stack, for stories to copy. */
    template: string;
    /** The file of a stack's configuration with the simulated organisation's client in it; to be added: the gateway. */
    connected: string;
  }
}

/** Packs the provider and installs the tarball in a folder outside this repository, as a user does. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cli = await obtainPulumiCli({ log: (line) => console.error(line) });
  const installed = await mkdtemp(join(tmpdir(), "eventbridge-engine-"));
  await run("npm", ["pack", "--workspace", "provider", "--pack-destination", installed], { cwd: root });
  const tarball = (await readdir(installed)).find((name) => name.endsWith(".tgz"));
  await writeFile(
    join(installed, "package.json"),
    JSON.stringify({
      private: true,
      dependencies: {
        "@pulumi/pulumi": rootPackage.devDependencies["@pulumi/pulumi"],
        "pulumi-genesyscloud-eventbridge": `file:${tarball}`,
        // For the command "sandbox" alone.
        fastify: providerPackage.devDependencies.fastify,
        typescript: rootPackage.devDependencies.typescript,
        "@types/node": rootPackage.devDependencies["@types/node"],
        "ts-node": rootPackage.devDependencies["ts-node"],
      },
    }),
  );
  // The dependencies are in npm's cache since the repository's own were installed.
  await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund"], { cwd: installed });
  await mkdir(join(installed, "projects"));
  const places = { installed, cliFolder: cli.binDir };
  const template = await initProject(places);
  project.provide("installed", installed);
  project.provide("cliFolder", cli.binDir);
  project.provide("template", template);
  project.provide("connected", await connectedConfig(places, template));
  return () => rm(installed, { recursive: true, force: true });
}

/** What the CLI writes for the client of the simulated organisation: its secret is encrypted for stacks like the template. */
async function connectedConfig(places: Places, template: string): Promise<string> {
  const folder = await copyProject(places, template);
  const args = configArgs(CLIENT.plain, CLIENT.secret);
  const { code, output } = await startPulumi(folder, environmentOf(places, folder), args).ended;
  if (code !== 0) throw new Error(output);
  return readFile(join(folder, CONFIG), "utf8");
}
