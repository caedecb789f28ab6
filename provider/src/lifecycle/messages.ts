/** What is said where a create meets what is there already. */
import type { GenesysError } from "../genesys/errors.js";
import { messageOf } from "../messageOf.js";
import { inQuotes } from "../printable.js";
import { sayingMore } from "../stepError.js";
import type { Inputs } from "./inputs.js";
import type { Kind } from "./kind.js";

/** Advice where the key may be that of the very object which is being replaced. */
export const WHERE_REPLACED =
  "Where it is being replaced (--replace, state taint), set the option deleteBeforeReplace";

/** How messages call an object. */
export const sayName = ({ label }: Pick<Kind, "label">, { name }: { name: string }): string =>
  `${label} ${inQuotes(name)}`;

/** The key is that of an object which the stack has. */
export const heldAlready = (kind: Kind, inputs: Inputs, id: string | undefined): Error =>
  new Error(
    `${sayName(kind, inputs)} is in the stack already, or in another stack of the project (id ${id}), and is not taken for a new one. Where it is being replaced under the name that it has, set the option deleteBeforeReplace. Where it belongs to another resource, use another name; where that resource was given another name in the program, say so with the option aliases.`,
  );

/**
 * The key is that of another's object.
 *
 * @param holder its id, where it can be read.
 * @param cause the refusal; none where it was seen before anything was posted.
 * @param isUntold whether it would be ours if only it were known that the stack does not have it.
 */
export function conflict(
  kind: Kind,
  inputs: Inputs,
  holder: string | undefined,
  cause: GenesysError | undefined,
  isUntold = false,
): Error {
  const who =
    holder === undefined
      ? "exists already, or is still being made: it cannot be read yet."
      : `exists already: its id is ${holder}.`;
  const untold = isUntold
    ? ' It may be what an earlier run has made, but whether the stack has it could not be told: "pulumi stack export" gave no state of this stack. Put pulumi on the PATH and run in the folder of the project; or go on as with another\'s.'
    : "";
  const ways =
    inputs.onConflict === "adopt"
      ? "Run the same command again when it can be read, and it is adopted; or use another name."
      : `Import it, or set onConflict: "adopt" to have the program manage it and bring it to what it asks for, or use another name. ${WHERE_REPLACED}.`;
  const message = `${sayName(kind, inputs)} ${who}${untold} ${ways}`;
  return cause === undefined ? new Error(message) : sayingMore(`${message} ${sayRefusal(cause)}`, cause);
}

const sayRefusal = ({ method, path, status, code, correlationId }: GenesysError): string => {
  const trace = correlationId === undefined ? "" : `, correlation id ${correlationId}`;
  return `[${method} ${path}: ${status} ${code}${trace}]`;
};

/** What is to be adopted cannot become what is asked for. @param why what no update can change. */
export const cannotBeAdopted = (
  kind: Kind,
  inputs: Inputs,
  id: string | undefined,
  why: readonly string[],
): Error =>
  new Error(
    `${sayName(kind, inputs)} exists already (id ${id}) and cannot be adopted: ${why.join(" and ")}, which no update can change. Use another name, or delete that ${kind.noun} first.`,
  );

/** Whether a POST was carried out is not known. @param look why the look for what it may have made failed */
export const outcomeUnknown = (kind: Kind, inputs: Inputs, lost: GenesysError, look: unknown): Error =>
  sayingMore(
    `whether ${sayName(kind, inputs)} was made is not known: ${lost.message} The look for it failed, too: ${messageOf(look)} Run the same command again: what this one has posted is looked for, and no second one is left.`,
    lost,
  );
