/** Finds the provider's processes of a project, so that a story can kill them or wait for their end. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** The processes in which the engine runs the provider of the project in this folder. Linux only. */
export function providerProcesses(folder: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        return command.includes("dynamic-provider") && readlinkSync(`/proc/${pid}/cwd`) === folder;
      } catch {
        return false;
      }
    });
}
