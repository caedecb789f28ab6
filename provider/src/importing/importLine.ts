/** The line that brings an import file into a stack, for somebody to paste. */
import { inShell } from "../inShell.js";

/** Nobody is asked, no program is written, and what is imported can be deleted. */
export const IMPORT_OPTIONS = ["--yes", "--generate-code=false", "--protect=false"];

/** @param stack as it was given; `undefined`: the one that is selected. */
export function importLine(file: string, stack: string | undefined): string {
  const named = stack === undefined ? [] : ["--stack", inShell(stack)];
  return `pulumi import --file ${[inShell(file), ...IMPORT_OPTIONS, ...named].join(" ")}`;
}
