/** Whether the CLI finds what it runs Node programs, and dynamic resources, with: files that lie beside its own. */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { about, type Finding } from "./finding.js";

/** What comes with the CLI. */
const PLUGINS = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];

/** Where a plugin was found. */
export interface Sighting {
  plugin: string;
  isBeside: boolean;
  /** The folder of the path in which it lies, if any. */
  onPath?: string;
}

/** What is to be said of each. @param cli the folder of the CLI. */
export function pluginFindings(cli: string, sightings: readonly Sighting[]): Finding[] {
  return sightings.map(({ plugin, isBeside, onPath }) => {
    const found = about(plugin.replace(/^pulumi-/, ""));
    if (isBeside) return found.ok("beside the CLI");
    if (onPath !== undefined)
      return found.warning(
        `it lies in ${onPath} and not beside the CLI, which warns of that at every run: copy it to ${cli}`,
      );
    return found.failed(
      `it is neither beside the CLI (${cli}) nor on PATH: install the CLI anew, with all its files, https://www.pulumi.com/docs/install/`,
    );
  });
}

/** Looks for them. Nothing where there is no CLI. */
export function checkPlugins(environment: NodeJS.ProcessEnv): Finding[] {
  const path = (environment.PATH ?? environment.Path ?? "").split(delimiter).filter((each) => each !== "");
  const cli = path.find((folder) => fileIn(folder, "pulumi") !== undefined);
  if (cli === undefined) return [];
  const program = realpathSync(fileIn(cli, "pulumi") ?? cli);
  const beside = [cli, dirname(program), ...gotByNpm(program, environment)];
  return pluginFindings(
    cli,
    PLUGINS.map((plugin) => ({
      plugin,
      isBeside: beside.some((folder) => fileIn(folder, plugin) !== undefined),
      onPath: path.find((folder) => fileIn(folder, plugin) !== undefined),
    })),
  );
}

/** Where the files of the CLI lie that the npm package `pulumi` gets at its first run, and puts on the path itself. */
function gotByNpm(program: string, { PULUMI_HOME: home }: NodeJS.ProcessEnv): string[] {
  const about = join(dirname(program), "package.json");
  if (basename(program) !== "run.js" || !existsSync(about)) return [];
  const { version } = JSON.parse(readFileSync(about, "utf8")) as { version?: unknown };
  return [join(home || join(homedir(), ".pulumi"), "versions", String(version), "bin")];
}

const ENDINGS = process.platform === "win32" ? [".exe", ".cmd", ""] : [""];

const fileIn = (folder: string, name: string): string | undefined =>
  ENDINGS.map((ending) => join(folder, name + ending)).find(existsSync);
