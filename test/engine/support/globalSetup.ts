import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";
import rootPackage from "../../../package.json" with { type: "json" };
import { obtainPulumiCli } from "../../../scripts/pulumiCli.mjs";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../../..");

declare module "vitest" {
  interface ProvidedContext {
    /** A folder outside the repository with the packed provider installed in its node_modules. */
    installed: string;
    /** The folder of the Pulumi CLI's executables. */
    cliFolder: string;
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
        typescript: rootPackage.devDependencies.typescript,
        "@types/node": rootPackage.devDependencies["@types/node"],
        "ts-node": rootPackage.devDependencies["ts-node"],
      },
    }),
  );
  // The dependencies are in npm's cache since the repository's own were installed.
  await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund"], { cwd: installed });
  await mkdir(join(installed, "projects"));
  project.provide("installed", installed);
  project.provide("cliFolder", cli.binDir);
  return () => rm(installed, { recursive: true, force: true });
}
