/**
 * Whether the engine will find this package. The stub in a stack's state is loaded from the program's folder, whoever
 * has imported the package: where each package sees only what it depends on itself, the two can differ.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";

const NAME = "pulumi-genesyscloud-eventbridge";

/** Why the package is not found from the program's folder, and what to do, in one sentence; `undefined` where it is. */
export function outOfReach(folder: string): string | undefined {
  try {
    createRequire(join(folder, "index.js")).resolve(`${NAME}/runtime`);
    return undefined;
  } catch {
    return `${NAME} is not found from ${folder}, where Pulumi loads it from: add it to the dependencies of the package.json there, also where another package brings it along`;
  }
}

/**
 * The program's folder, in the process in which Pulumi's language host runs a program; `undefined` in any other. Inline
 * programs and tests have none: what folder the engine goes by is not known there.
 */
export function folderOfProgram(argv: readonly string[]): string | undefined {
  if (!/[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]run(?:[\\/]|$)/.test(argv[1] ?? "")) return undefined;
  const { values } = parseArgs({ args: argv.slice(2), options: { pwd: { type: "string" } }, strict: false });
  return typeof values.pwd === "string" ? values.pwd : undefined;
}
