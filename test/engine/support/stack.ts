/** A Pulumi project with a stack of its own, as a story drives it. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, inject } from "vitest";
import { pulumiEnv } from "../../../scripts/pulumiCli.mjs";

/** What a run of the CLI left. */
export interface Run {
  code: number | null;
  /** Standard output and standard error, in the order of arrival. */
  output: string;
}

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
  /** The stack's resources without the stack itself and its providers. */
  resources(): Promise<StateResource[]>;
  /** Everything that lies in the backend's folder, as one text. */
  everythingStored(): Promise<string>;
  /** Sets plain and secret values of the stack's configuration. */
  config(plain: Record<string, string>, secret?: Record<string, string>): Promise<void>;
  environment: Record<string, string>;
}

const STACK = "test";
const QUIET_TYPES = /^pulumi:(pulumi:Stack|providers:.*)$/;

/** Makes a project below the folder in which the packed provider is installed. */
export async function createStack(
  options: { packageJson?: object; main?: string; project?: string } = {},
): Promise<Stack> {
  const installed = inject("installed");
  const folder = await mkdtemp(join(installed, "projects", "stack-"));
  const backendDir = join(folder, ".state");
  await mkdir(backendDir);
  const { project = "engine-test" } = options;
  await writeFile(join(folder, "Pulumi.yaml"), `name: ${project}\nruntime: nodejs\n`);
  await writeFile(
    join(folder, "package.json"),
    JSON.stringify({ main: options.main ?? "index.js", ...options.packageJson }),
  );
  const environment = pulumiEnv({
    cli: { binDir: inject("cliFolder") },
    home: join(installed, ".pulumi-home"),
    backendDir,
    passphrase: "engine-test",
  });
  const pulumi = (...args: string[]) => startPulumi(folder, environment, args).ended;
  await succeeds(pulumi("stack", "init", STACK));
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
    config: async (plain, secret = {}) => {
      const all = (flag: string, values: Record<string, string>) =>
        Object.entries(values).flatMap(([key, value]) => [flag, `${key}=${value}`]);
      await succeeds(pulumi("config", "set-all", ...all("--plaintext", plain), ...all("--secret", secret)));
    },
    resources: async () => {
      const file = join(backendDir, ".pulumi", "stacks", project, `${STACK}.json`);
      const { checkpoint } = JSON.parse(await readFile(file, "utf8"));
      const resources: StateResource[] = checkpoint.latest?.resources ?? [];
      return resources.filter(({ type }) => !QUIET_TYPES.test(type));
    },
    everythingStored: async () => {
      const files = await readdir(backendDir, { recursive: true, withFileTypes: true });
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

function startPulumi(
  cwd: string,
  env: Record<string, string>,
  args: string[],
): { child: ChildProcess; ended: Promise<Run> } {
  const child = spawn("pulumi", [...args, "--non-interactive", "--color", "never"], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  const ended = new Promise<Run>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
  return { child, ended };
}

function runCommand(cwd: string, env: Record<string, string>, args: string[]): Promise<CommandRun> {
  const main = join(inject("installed"), "node_modules", ".bin", "genesyscloud-eventbridge");
  return new Promise((resolve) => {
    const child = execFile(main, args, { cwd, env, maxBuffer: 2 ** 26 }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}
