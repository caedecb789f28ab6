/** Reads an object and makes the inputs and the state of it that a stack would have, had its program made it. */
import { isSameAddress } from "../addressDigest.js";
import { GenesysError, NOT_SENT } from "../genesys/errors.js";
import { toldIn } from "../lifecycle/foretold.js";
import { createHandler } from "../lifecycle/handler.js";
import type { Inputs, Properties, State } from "../lifecycle/inputs.js";
import type { Kind } from "../lifecycle/kind.js";
import { LONGEST } from "../limits.js";
import { printable } from "../printable.js";
import type { Context } from "../resourceHandler.js";
import { PREVIEW_KEY } from "../stub.js";
import { UnheldError } from "../unheld.js";

/** An object as it enters a stack. */
export interface Imported {
  kind: Kind;
  /** What its program writes of it: nothing that is said by default, and no secret. */
  args: Properties;
  inputs: Inputs;
  state: State;
  /** Its webhook address is not the one that the program gets by default: it stays what it is only if the program says so. */
  keepsWebhookUrl: boolean;
}

/** `gone`: it was deleted meanwhile. `problems`: no program can describe it. */
export type Taken = Imported | "gone" | { problems: string[] };

/**
 * Takes an object in such a way that a preview of the program finds no change: its inputs are what the provider's own
 * check makes of the program's arguments, its state what the provider's own read finds.
 */
export async function takeIn(
  kind: Kind,
  context: Context,
  { id, urn }: { id: string; urn: string },
): Promise<Taken> {
  const handler = createHandler(kind);
  const { webhookUrl: byDefault } = context.settings;
  // An API that keeps addresses to itself is taken to have the one that the program will ask for.
  const assumed = byDefault === undefined ? undefined : ({ webhookUrl: byDefault } as State);
  const found = await handler.read(context, id, assumed).catch(toProblems);
  if (found === undefined) return "gone";
  if ("problems" in found) return found;
  const args = kind.inPrograms.args(found.state);
  // What it refers to is its own affair, as long as the program does not change it.
  const unasking: Context = Object.create(context, {
    settings: { value: { ...context.settings, validateReferences: "off" } },
  });
  // It makes nothing, as a preview.
  const checked = await handler.check(unasking, undefined, { ...args, __urn: urn, [PREVIEW_KEY]: true });
  if ("problems" in checked)
    return {
      problems: checked.problems.map(({ path, reason }) =>
        path === "" ? reason : `${path}: ${reason}${platformWord(kind, args, path)}`,
      ),
    };
  const { webhookUrl } = found.state;
  const keepsWebhookUrl = !isSameAddress(webhookUrl, checked.inputs.webhookUrl);
  const { webhookUrl: _, ...others } = checked.inputs;
  // The check was not to ask, and has foretold nothing; the next one copies it from here.
  const foretold = toldIn(kind, found.state);
  const inputs: Inputs = { ...others, ...foretold, ...(webhookUrl === undefined ? {} : { webhookUrl }) };
  const state: State = { ...inputs, ...found.state };
  if (handler.diff(state, inputs).inputs)
    return { problems: ["what the API shows of it cannot be written in a program without changing it"] };
  return { kind, args, inputs, state, keepsWebhookUrl };
}

/** What the platform has in the place of one of its own words, which nobody could guess. */
function platformWord({ inPrograms }: Kind, args: Properties, path: string): string {
  const word = inPrograms.platformWords.includes(path) ? args[path] : undefined;
  return word === undefined ? "" : `, and is ${JSON.stringify(printable(String(word), LONGEST.word))}`;
}

/** What is of one object alone keeps none of the others out. */
function toProblems(error: unknown): { problems: string[] } {
  if (error instanceof UnheldError)
    return { problems: error.unheld.map(({ path, text, reason }) => `${path}: ${text} ${reason}`) };
  const isItsOwn =
    error instanceof GenesysError && (error.code === "answer.malformed" || error.code === NOT_SENT);
  if (isItsOwn) return { problems: [error.message] };
  throw error;
}
