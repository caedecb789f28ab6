import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectFolder } from "../pulumi/projectFolder.js";
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
  const folder = folderOfProject();
  if (!["Pulumi.yaml", "Pulumi.yml"].some((name) => existsSync(join(folder, name)))) return {};
  const options = ["--json", ...(secrets ? ["--show-secrets"] : []), ...(stack ? ["--stack", stack] : [])];
  const { stdout } = await run("pulumi", ["config", ...options, "--non-interactive"], { cwd: folder }).catch(
    (error: { code?: unknown; stderr?: string }) => {
      const reason =
        error.code === "ENOENT" ? "there is no pulumi on PATH" : (error.stderr ?? String(error)).trim();
      throw new CommandError(`the stack's configuration cannot be read: ${reason}`);
    },
  );
  const entries = Object.entries(JSON.parse(stdout) as Record<string, { value?: string }>);
  return Object.fromEntries(entries.map(([key, { value }]) => [key, value]));
}
