/** Runs the built command line as a process of its own, and keeps what it prints and its exit code. */
import { spawn } from "node:child_process";
import { join } from "node:path";

const main = join(import.meta.dirname, "../../../provider/dist/commands/main.js");

/** What a run of the command line left. */
export interface CommandRun {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `genesyscloud-eventbridge` in a folder, as on a CI system; of the environment only PATH is kept. */
export function runCommand(
  cwd: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<CommandRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], {
      cwd,
      env: { PATH: process.env.PATH, CI: "true", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const run = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name].setEncoding("utf8").on("data", (text: string) => {
        run[name] += text;
      });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...run }));
  });
}
