import type { GenesysError } from "../genesys/errors.js";
import { inQuotes } from "../printable.js";
import type { SourceInputs } from "./model.js";

/** How messages call a source. */
export const sayName = (source: { name: string }): string => `EventBridge source ${inQuotes(source.name)}`;

/** What is said where the name is that of a source which the stack has. */
export const isHeld = (inputs: SourceInputs, id: string | undefined): Error =>
  new Error(
    `${sayName(inputs)} is in the stack already (id ${id}), and is not taken for a new one. Where it is being replaced under the name that it has, set the option deleteBeforeReplace. Where it belongs to another resource, use another name; where that resource was given another name in the program, say so with the option aliases.`,
  );

/**
 * What is said where the name is that of another's source.
 *
 * @param holder its id, where it can be read.
 * @param isUntold whether it would be ours if only it were known that the stack does not have it.
 */
export function conflict(
  inputs: SourceInputs,
  holder: string | undefined,
  cause: GenesysError,
  isUntold = false,
): Error {
  const who =
    holder === undefined
      ? "exists already, or is still being made: it cannot be read yet."
      : `exists already: its id is ${holder}.`;
  const trace = cause.correlationId === undefined ? "" : `, correlation id ${cause.correlationId}`;
  const untold = isUntold
    ? ' It may be what an earlier run has made, but whether the stack has it could not be told: "pulumi stack export" gave no state of this stack. Put pulumi on the PATH and run in the folder of the project; or go on as with another\'s.'
    : "";
  const ways =
    inputs.onConflict === "adopt"
      ? "Run the same command again when it can be read, and it is adopted; or use another name."
      : 'Import it, or set onConflict: "adopt" to take it over and bring it to what the program asks for, or use another name. Where it is being replaced (--replace, state taint), set the option deleteBeforeReplace.';
  return new Error(
    `${sayName(inputs)} ${who}${untold} ${ways} [${cause.method} ${cause.path}: ${cause.status} ${cause.code}${trace}]`,
    { cause },
  );
}

/** What is said where what is to be adopted cannot become what is asked for. @param why what no update can change. */
export const cannotBeAdopted = (
  inputs: SourceInputs,
  id: string | undefined,
  why: readonly string[],
): Error =>
  new Error(
    `${sayName(inputs)} exists already (id ${id}) and cannot be adopted: ${why.join(" and ")}, which no update can change. Use another name, or delete that source first.`,
  );
