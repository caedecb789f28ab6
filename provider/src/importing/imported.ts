import { DEFAULTS } from "../eventBridgeSource/args.js";
import type { Filter, SourceFields, SourceInputs, SourceState } from "../eventBridgeSource/model.js";
import { GenesysError, NOT_SENT } from "../genesys/errors.js";
import { LONGEST } from "../limits.js";
import { printable } from "../printable.js";
import type { Context, ResourceHandler } from "../resourceHandler.js";
import { UnheldError } from "../unheld.js";

/** What a program writes of a source: nothing that is said by default, and no secret. */
export interface ProgramArgs {
  name: string;
  description?: string;
  eventTopicId: string;
  targets: { targetId: string; priority?: number }[];
  filters?: (Omit<Filter, "action"> & { action?: string })[];
  sourceType?: string;
  status?: string;
}

/** A source as it enters a stack. */
export interface Imported {
  args: ProgramArgs;
  inputs: SourceInputs;
  state: SourceState;
  /** Its webhook address is not the one that the program gets by default: it stays what it is only if the program says so. */
  keepsWebhookUrl: boolean;
}

/** `gone`: it was deleted meanwhile. `problems`: no program can describe it. */
export type Taken = Imported | "gone" | { problems: string[] };

/**
 * Takes a source in such a way that a preview of the program finds no change: its inputs are what the provider's own
 * check makes of the program's arguments, its state what the provider's own read finds.
 */
export async function takeIn(
  handler: ResourceHandler<SourceInputs, SourceState>,
  context: Context,
  { id, urn }: { id: string; urn: string },
): Promise<Taken> {
  const { webhookUrl: byDefault } = context.settings;
  // An API that keeps addresses to itself is taken to have the one that the program will ask for.
  const assumed = byDefault === undefined ? undefined : ({ webhookUrl: byDefault } as SourceState);
  const found = await handler.read(context, id, assumed).catch(toProblems);
  if (found === undefined) return "gone";
  if ("problems" in found) return found;
  const args = argsOf(found.state);
  // What it refers to is its own affair, as long as the program does not change it.
  const unasking: Context = Object.create(context, {
    settings: { value: { ...context.settings, validateReferences: "off" } },
  });
  const checked = await handler.check(unasking, undefined, { ...args, __urn: urn });
  if ("problems" in checked)
    return {
      problems: checked.problems.map(({ path, reason }) =>
        path === "" ? reason : `${path}: ${reason}${shown(args, path)}`,
      ),
    };
  const { webhookUrl } = found.state;
  const keepsWebhookUrl = webhookUrl !== checked.inputs.webhookUrl;
  const { webhookUrl: _, ...others } = checked.inputs;
  const inputs: SourceInputs = { ...others, ...(webhookUrl === undefined ? {} : { webhookUrl }) };
  const state: SourceState = { ...inputs, ...found.state };
  if (handler.diff(state, inputs).inputs)
    return { problems: ["what the API shows of it cannot be written in a program without changing it"] };
  return { args, inputs, state, keepsWebhookUrl };
}

/** What the platform has in the place of one of its own words, which nobody could guess. */
const shown = ({ status, sourceType }: ProgramArgs, path: string): string => {
  const word = path === "status" ? status : path === "sourceType" ? sourceType : undefined;
  return word === undefined ? "" : `, and is ${JSON.stringify(printable(word, LONGEST.word))}`;
};

/** What is of one source alone keeps none of the others out. */
function toProblems(error: unknown): { problems: string[] } {
  if (error instanceof UnheldError)
    return { problems: error.unheld.map(({ path, text, reason }) => `${path}: ${text} ${reason}`) };
  const isItsOwn =
    error instanceof GenesysError && (error.code === "answer.malformed" || error.code === NOT_SENT);
  if (isItsOwn) return { problems: [error.message] };
  throw error;
}

/** The least that a program has to say. */
function argsOf(fields: SourceFields): ProgramArgs {
  const { name, description, eventTopicId, targets, filters, sourceType, status } = fields;
  const inSequence = targets.every(({ priority }, index) => priority === index + 1);
  return {
    name,
    ...(description === DEFAULTS.description ? {} : { description }),
    eventTopicId,
    targets: inSequence ? targets.map(({ targetId }) => ({ targetId })) : targets,
    ...(filters.length === 0 ? {} : { filters: filters.map(withoutDefaultAction) }),
    ...(sourceType === DEFAULTS.sourceType ? {} : { sourceType }),
    ...(status === DEFAULTS.status ? {} : { status }),
  };
}

function withoutDefaultAction({ action, ...filter }: Filter) {
  return action === DEFAULTS.action ? filter : { ...filter, action };
}
