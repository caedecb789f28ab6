/** What commands ask the Pulumi CLI for: the state and the configuration of a stack. */
import { execFile, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { coerce, lt } from "semver";
import type { StackResource } from "../importing/managed.js";
import { projectFileIn, projectFolder } from "../pulumi/projectFolder.js";
import { CommandError } from "./failure.js";
import { remark } from "./output.js";
import type { Asked } from "./signals.js";

const run = promisify(execFile);

/** The oldest CLI whose import takes a file with inputs and outputs as it is. */
const OLDEST_FOR_IMPORT = "3.254.0";

/** A state of a thousand sources is some megabytes long. */
const LONGEST_OUTPUT = 2 ** 30;

/** What a command is told of the stack. */
export interface StackOptions {
  /** The stack's name; default: the one that is selected. */
  stack?: string;
}

/** The folder of the Pulumi project around this one: paths of the configuration start from there. */
export const folderOfProject = (): string => projectFolder(process.cwd());

/** The project file of that folder; `undefined` outside of any project. */
export const projectFile = (): string | undefined => projectFileIn(folderOfProject());

/** What a Pulumi.yaml says, as far as commands need it. */
export interface Project {
  name: string;
  /** The program's file or folder, from the project's folder; default: that folder. */
  main?: string;
}

/** @throws CommandError outside of a project, or when its file says no name. */
export async function readProject(): Promise<Project> {
  const file = projectFile();
  if (file === undefined)
    throw new CommandError(
      "there is no Pulumi project here (no Pulumi.yaml in this folder or above it): go to the one that is to keep the resources",
    );
  const { parse } = await import("yaml");
  const project: Partial<Project> | null = parse(await readFile(file, "utf8"));
  if (typeof project?.name !== "string") throw new CommandError(`${file} says no name of the project`);
  return { name: project.name, main: project.main };
}

/** The project's name; `undefined` where there is no project, or its file tells none. */
export const projectName = (): Promise<string | undefined> =>
  readProject().then(
    ({ name }) => name,
    () => undefined,
  );

/** @returns what it says of itself, such as `3.259.0`; `undefined` where there is no CLI. */
export async function pulumiVersion(): Promise<string | undefined> {
  try {
    const { stdout } = await run("pulumi", ["version"]);
    return coerce(stdout)?.version;
  } catch {
    return undefined;
  }
}

/** Why the CLI cannot import, if it cannot. @param version what `pulumiVersion` says. */
export function tooOldToImport(version: string | undefined): string | undefined {
  const where = "https://www.pulumi.com/docs/install/";
  if (version === undefined)
    return `there is no Pulumi CLI on PATH: install ${OLDEST_FOR_IMPORT} or newer, ${where}, or as the npm package "pulumi", which "npx pulumi" runs`;
  if (lt(version, OLDEST_FOR_IMPORT))
    return `the Pulumi CLI on PATH is ${version}, and importing needs ${OLDEST_FOR_IMPORT} or newer: ${where}`;
  return undefined;
}

/** Arguments of the CLI for the stack that is meant. */
const forStack = (args: readonly string[], { stack }: StackOptions): string[] => [
  ...args,
  ...(stack === undefined ? [] : ["--stack", stack]),
  "--non-interactive",
];

/** What the CLI prints, run in the project's folder. @throws the system's error, with what it printed. */
async function answerOf(args: readonly string[], options: StackOptions): Promise<string> {
  const where = { cwd: folderOfProject(), maxBuffer: LONGEST_OUTPUT };
  return (await run("pulumi", forStack(args, options), where)).stdout;
}

/**
 * Runs the CLI in the project's folder, for its answer.
 *
 * @param purpose what is not possible without, for the message.
 * @throws CommandError with what the CLI said.
 */
export async function askPulumi(args: string[], options: StackOptions, purpose: string): Promise<string> {
  try {
    return await answerOf(args, options);
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    const reason = code === "ENOENT" ? "there is no pulumi on PATH" : (stderr || String(error)).trim();
    throw new CommandError(`${purpose}: ${reason}`);
  }
}

/**
 * Runs the CLI for everybody to see; what it prints is no result of ours, so it goes to standard error. It ends in its
 * own good time when the process is asked to end.
 *
 * @returns its exit code; 1 where it was killed, or could not be started.
 */
export function showPulumi(args: string[], options: StackOptions, asked: Asked): Promise<number> {
  const child = spawn("pulumi", forStack(args, options), { cwd: folderOfProject(), stdio: ["ignore", 2, 2] });
  // What Ctrl-C sends it gets itself, and to be asked twice it takes for impatience.
  const stop = asked.each((signal) => void (signal !== "SIGINT" && child.kill("SIGTERM")));
  return new Promise<number>((resolve) => {
    child.on("error", (error) => {
      remark(`pulumi cannot be run: ${error.message}`);
      resolve(1);
    });
    child.on("close", (code) => resolve(code ?? 1));
  }).finally(stop);
}

/**
 * What `pulumi preview --json` prints, in a stack that is about to change or not.
 *
 * @param purpose what is not possible without, for the message.
 * @throws CommandError when the preview fails, with the errors that it names.
 */
export async function preview(options: StackOptions, purpose: string): Promise<string> {
  try {
    return await answerOf(["preview", "--json", "--show-sames"], options);
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (code === "ENOENT") throw new CommandError(`${purpose}: there is no pulumi on PATH`);
    const errors = errorsIn(stdout ?? "").join("\n");
    throw new CommandError(`${purpose}: ${(errors || stderr || String(error)).trim()}`);
  }
}

/** The errors that a preview names in its JSON; none where it is none. */
function errorsIn(json: string): string[] {
  try {
    const { diagnostics = [] }: { diagnostics?: { severity?: string; message?: string }[] } =
      JSON.parse(json);
    return diagnostics
      .filter(({ severity }) => severity === "error")
      .map(({ message = "" }) => message.trim());
  } catch {
    return [];
  }
}

/** The stack that is meant: its name as it stands in URNs, and its resources. */
export async function readStack(
  options: StackOptions,
): Promise<{ name: string; resources: StackResource[] }> {
  const purpose = "the stack cannot be read";
  const name = (await askPulumi(["stack", "--show-name"], options, purpose)).trim();
  const { deployment } = JSON.parse(await askPulumi(["stack", "export"], options, purpose));
  return { name: name.split("/").at(-1) ?? name, resources: deployment?.resources ?? [] };
}
