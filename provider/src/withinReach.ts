/**
 * Whether the engine will find this package. The stub in a stack's state is loaded from the program's folder, whoever
 * has imported the package: where each package sees only what it depends on itself, the two can differ.
 */
import { createRequire } from "node:module";
import { join } from "node:path";

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
 *
 * @param script the file that Node was started with.
 */
export const folderOfProgram = (script: string | undefined): string | undefined =>
  /[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]run(?:[\\/]|$)/.test(script ?? "") ? begunIn : undefined;

/** As the host has set it: a program may go elsewhere. */
const begunIn = process.cwd();
