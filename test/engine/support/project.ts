/** A Pulumi project on disk, with a stack and a state folder of its own, as the real CLI makes it. */
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pulumiEnv } from "../../../scripts/pulumiCli.mjs";

/** What a run of the CLI left. */
export interface Run {
  code: number | null;
  /** Standard output and standard error, in the order of arrival. */
  output: string;
}

/** The name of every project's stack. */
export const STACK = "test";
/** The name of a project, unless a story says another one. */
export const PROJECT = "engine-test";
/** The file of a stack's configuration, in its project's folder. */
export const CONFIG = `Pulumi.${STACK}.yaml`;

/** The simulated organisation's client, as a stack's configuration has it. */
export const CLIENT = {
  plain: { "genesyscloud:oauthClientId": "sandbox-client" },
  secret: { "genesyscloud:oauthClientSecret": "sandbox-secret" },
};

/** What tells the CLI to set plain and secret values of a stack's configuration. */
export function configArgs(plain: Record<string, string>, secret: Record<string, string> = {}): string[] {
  const all = (flag: string, values: Record<string, string>) =>
    Object.entries(values).flatMap(([key, value]) => [flag, `${key}=${value}`]);
  return ["config", "set-all", ...all("--plaintext", plain), ...all("--secret", secret)];
}

/** Where things lie: the folder in which the packed provider is installed, and that of the CLI's executables. */
export interface Places {
  installed: string;
  cliFolder: string;
}

export const PROJECT_FILE = "Pulumi.yaml";

/** The file of a project. Programs in JavaScript alone spare every run of the CLI the start of a compiler. */
export const projectOf = (name: string, language: "JavaScript" | "any"): string =>
  `name: ${name}\nruntime:\n  name: nodejs\n${language === "any" ? "" : "  options:\n    typescript: false\n"}`;

/** Makes a project below the folder in which the packed provider is installed. */
export async function initProject(places: Places, name = PROJECT): Promise<string> {
  const folder = await mkdtemp(join(places.installed, "projects", "stack-"));
  await mkdir(backendOf(folder));
  await writeFile(join(folder, PROJECT_FILE), projectOf(name, "JavaScript"));
  const { code, output } = await startPulumi(folder, environmentOf(places, folder), ["stack", "init", STACK])
    .ended;
  if (code !== 0) throw new Error(output);
  return folder;
}

/** A copy of a project: a second faster than one that is made anew. */
export async function copyProject({ installed }: Places, template: string): Promise<string> {
  const folder = await mkdtemp(join(installed, "projects", "stack-"));
  await cp(template, folder, { recursive: true });
  // The CLI keeps which stack is selected outside of the project, by the path of the project's file.
  const path = createHash("sha1").update(join(folder, PROJECT_FILE)).digest("hex");
  const selected = { stacks: { [`file://${backendOf(folder)}`]: `organization/${PROJECT}/${STACK}` } };
  const file = join(homeOf(installed), "workspaces", `${PROJECT}-${path}-workspace.json`);
  await writeFile(file, JSON.stringify(selected));
  return folder;
}

/** Where a project's state is kept. */
export const backendOf = (folder: string): string => join(folder, ".state");

const homeOf = (installed: string): string => join(installed, ".pulumi-home");

/** The environment of the CLI for a project. */
export const environmentOf = ({ installed, cliFolder }: Places, folder: string): Record<string, string> =>
  pulumiEnv({
    cli: { binDir: cliFolder },
    home: homeOf(installed),
    backendDir: backendOf(folder),
    passphrase: "engine-test",
  });

/** Starts the CLI in a process group of its own. */
export function startPulumi(
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
