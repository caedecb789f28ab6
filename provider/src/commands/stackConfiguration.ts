import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { isProject, projectFolder } from "../pulumi/projectFolder.js";
import { CommandError } from "./failure.js";

const run = promisify(execFile);

/** Keys such as `genesyscloud:region`. */
export type Configuration = Readonly<Record<string, string | undefined>>;

/** What a command is told of the stack. */
export interface StackOptions {
  /** The stack's name; default: the one that is selected. */
  stack?: string;
}

/** The folder that relative paths of the configuration start from. */
export const folderOfProject = (): string => projectFolder(process.cwd());

/**
 * The configuration of the stack that is selected in the Pulumi project around this folder, as the provider gets it;
 * nothing outside of a project.
 *
 * @param secrets whether secret values are decrypted; without, they are left out.
 * @throws CommandError when the Pulumi CLI cannot tell.
 */
export async function stackConfiguration({ stack }: StackOptions, secrets: boolean): Promise<Configuration> {
  const options = ["--json", ...(secrets ? ["--show-secrets"] : []), ...(stack ? ["--stack", stack] : [])];
  const stdout = await askPulumi("the stack's configuration cannot be read", ["config", ...options]);
  if (stdout === undefined) return {};
  const entries = Object.entries(JSON.parse(stdout) as Record<string, { value?: string }>);
  return Object.fromEntries(entries.map(([key, { value }]) => [key, value]));
}

/** One key of the namespace; decrypted only where it is secret. @throws CommandError when the Pulumi CLI cannot tell. */
export async function configuredValue(options: StackOptions, key: string): Promise<string | undefined> {
  const plain = await stackConfiguration(options, false);
  if (!(key in plain) || plain[key] !== undefined) return plain[key];
  return (await stackConfiguration(options, true))[key];
}

/** The name of the stack that counts, without organisation and project; `undefined` outside of a project. */
export async function stackName({ stack }: StackOptions): Promise<string | undefined> {
  const name =
    stack ?? (await askPulumi("the stack's name cannot be told", ["stack", "--show-name"]))?.trim();
  return name?.split("/").at(-1);
}

/** What the Pulumi CLI says in the project around this folder; `undefined` outside of any. */
async function askPulumi(failure: string, args: string[]): Promise<string | undefined> {
  const folder = folderOfProject();
  if (!isProject(folder)) return undefined;
  try {
    const { stdout } = await run("pulumi", [...args, "--non-interactive"], { cwd: folder });
    return stdout;
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    const reason = code === "ENOENT" ? "there is no pulumi on PATH" : (stderr ?? String(error)).trim();
    throw new CommandError(`${failure}: ${reason}`);
  }
}
