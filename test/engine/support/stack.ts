/** A Pulumi project with a stack of its own, as a story drives it. */
import { type ChildProcess, execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, inject } from "vitest";
import {
  backendOf,
  configArgs,
  copyProject,
  environmentOf,
  initProject,
  PROJECT,
  PROJECT_FILE,
  projectOf,
  type Run,
  STACK,
  startPulumi,
} from "./project.js";

export type { Run } from "./project.js";

/** What a run of the package's command line left. */
export interface CommandRun {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A resource as the backend keeps it. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

/** A Pulumi project in a folder of its own, with its own state, driven by the real CLI. */
export interface Stack {
  folder: string;
  /** Writes the program. The name's ending decides how the engine runs it. */
  program(text: string, file?: string): Promise<void>;
  /** Runs the CLI. `--non-interactive` is added. */
  pulumi(...args: string[]): Promise<Run>;
  /** Starts `pulumi up` in a process group of its own, for whoever wants to send it signals. */
  startUp(...args: string[]): { child: ChildProcess; ended: Promise<Run> };
  up(...args: string[]): Promise<Run>;
  preview(...args: string[]): Promise<Run>;
  refresh(...args: string[]): Promise<Run>;
  destroy(...args: string[]): Promise<Run>;
  /** Runs the package's own command line in the project's folder; its results and what it says beside them. */
  command(...args: string[]): Promise<CommandRun>;
  /** The same in another folder. */
  commandIn(folder: string, ...args: string[]): Promise<CommandRun>;
  /** The stack's resources without itself and its providers, by URN: the engine writes them as they end. */
  resources(): Promise<StateResource[]>;
  /** Everything that lies in the backend's folder, as one text. */
  everythingStored(): Promise<string>;
  /** Sets plain and secret values of the stack's configuration. */
  config(plain: Record<string, string>, secret?: Record<string, string>): Promise<void>;
  environment: Record<string, string>;
}

const QUIET_TYPES = /^pulumi:(pulumi:Stack|providers:.*)$/;

/**
 * Makes a project below the folder in which the packed provider is installed.
 *
 * @param options.main the program's file, where a story cares: then the engine runs it as it runs any.
 */
export async function createStack(
  options: { packageJson?: object; main?: string; project?: string } = {},
): Promise<Stack> {
  const { project = PROJECT } = options;
  const places = { installed: inject("installed"), cliFolder: inject("cliFolder") };
  const folder = await (project === PROJECT
    ? copyProject(places, inject("template"))
    : initProject(places, project));
  const environment = environmentOf(places, folder);
  if (options.main !== undefined) await writeFile(join(folder, PROJECT_FILE), projectOf(project, "any"));
  const pulumi = (...args: string[]) => startPulumi(folder, environment, args).ended;
  await writeFile(
    join(folder, "package.json"),
    JSON.stringify({ main: options.main ?? "index.js", ...options.packageJson }),
  );
  return {
    folder,
    environment,
    pulumi,
    startUp: (...args) => startPulumi(folder, environment, ["up", "--yes", "--skip-preview", ...args]),
    program: (text, file = options.main ?? "index.js") => writeFile(join(folder, file), text),
    up: (...args) => pulumi("up", "--yes", "--skip-preview", ...args),
    preview: (...args) => pulumi("preview", ...args),
    refresh: (...args) => pulumi("refresh", "--yes", "--skip-preview", ...args),
    destroy: (...args) => pulumi("destroy", "--yes", "--skip-preview", ...args),
    command: (...args) => runCommand(folder, environment, args),
    commandIn: (elsewhere, ...args) => runCommand(elsewhere, environment, args),
    config: async (plain, secret) => {
      await succeeds(pulumi(...configArgs(plain, secret)));
    },
    resources: async () => {
      const file = join(backendOf(folder), ".pulumi", "stacks", project, `${STACK}.json`);
      const { checkpoint } = JSON.parse(await readFile(file, "utf8"));
      const resources: StateResource[] = checkpoint.latest?.resources ?? [];
      const ours = resources.filter(({ type }) => !QUIET_TYPES.test(type));
      return ours.sort((one, other) => (one.urn < other.urn ? -1 : Number(one.urn > other.urn)));
    },
    everythingStored: async () => {
      const files = await readdir(backendOf(folder), { recursive: true, withFileTypes: true });
      const texts = files
        .filter((entry) => entry.isFile())
        .map((entry) => readFile(join(entry.parentPath, entry.name), "utf8"));
      return (await Promise.all(texts)).join("\n");
    },
  };
}

/** What a run says that must end well. */
export async function succeeds(run: Promise<Run>): Promise<string> {
  const { code, output } = await run;
  expect(code, output).toBe(0);
  return output;
}

/** What a run says that must fail. */
export async function fails(run: Promise<Run>): Promise<string> {
  const { code, output } = await run;
  expect(code, output).not.toBe(0);
  return output;
}

function runCommand(cwd: string, env: Record<string, string>, args: string[]): Promise<CommandRun> {
  const main = join(inject("installed"), "node_modules", ".bin", "genesyscloud-eventbridge");
  return new Promise((resolve) => {
    const child = execFile(main, args, { cwd, env, maxBuffer: 2 ** 26 }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}
