import type { GenesysError } from "../genesys/errors.js";
import type { JournalEntry } from "../journal.js";
import type { Step } from "../step.js";
import { conflict, isHeld, sayName } from "./conflict.js";
import { REPLACING_FIELDS, type SourceInputs } from "./model.js";
import { isKept, isMadeWithin, isWhatWasSent, ownerOf } from "./ours.js";
import type { Posted } from "./post.js";
import { removeSource } from "./remove.js";
import { fieldsFromWire, type WireSource } from "./wire.js";

/** A create that has met a source of the name that it asks for. */
interface Claim {
  inputs: SourceInputs;
  /** What the journal knew before it. */
  earlier: JournalEntry | undefined;
  /** When it posted first, by this machine's clock. */
  begun: number;
  /** Whether it has posted, and does not know what became of it. */
  isAnswerLost: boolean;
  replacing: boolean;
  refusal: GenesysError;
}

/**
 * Uses what bears the name where it is ours: what this create has just made, or what an earlier run has. What an earlier
 * run has made and no update can make what is asked for now is deleted.
 *
 * @throws Error where it is another's, or in the stack already.
 */
export async function claim(holder: WireSource, given: Claim, step: Step): Promise<Posted | "made room"> {
  const { inputs, earlier, begun, isAnswerLost, replacing, refusal } = given;
  const { context } = step;
  const { __urn: urn } = inputs;
  const { source_id: id } = holder;
  const from = context.client.clock.at(begun).earliest;
  const isArrived = isAnswerLost && isWhatWasSent(holder, inputs) && isMadeWithin(holder, { from });
  if (isArrived && (await isKept(holder, inputs, context.stack)) !== true) {
    await noteOurs(holder, inputs, step);
    return { sourceId: id, seen: holder };
  }
  const owner = await ownerOf(holder, inputs, earlier, context);
  if (owner === "ours") return keepOrMakeRoom(holder, inputs, step);
  // Names are unique: where another bears it, nothing was made.
  if (!isArrived) await restore(urn, earlier, step);
  if (owner === "held") throw isHeld(inputs, id);
  if (inputs.onConflict === "adopt") return adopt(holder, inputs, replacing, step);
  throw conflict(inputs, id, refusal, owner === "unknown");
}

/** Uses what an earlier run has made, or deletes it where no update can make it what is asked for now. */
async function keepOrMakeRoom(
  ours: WireSource,
  inputs: SourceInputs,
  step: Step,
): Promise<Posted | "made room"> {
  const { source_id: id } = ours;
  const log = step.context.log(inputs.__urn);
  const earlierOne = `${sayName(inputs)} was made by an earlier run (id ${id})`;
  const fixed = fixedDifferences(ours, inputs);
  if (id === undefined || fixed.length === 0) {
    log.info(`${earlierOne}: it is kept`);
    await noteOurs(ours, inputs, step);
    return { sourceId: id, seen: ours };
  }
  log.info(`${earlierOne}, and makes room: ${fixed.join(" and ")}`);
  await removeSource(id, inputs, step);
  return "made room";
}

/**
 * What is there before anything is posted is taken over, whosever it is. Only what is ours may be deleted to make room.
 *
 * @throws Error as `adopt`.
 */
export async function adoptOrMakeRoom(
  existing: WireSource,
  given: Pick<Claim, "inputs" | "earlier" | "replacing">,
  step: Step,
): Promise<Posted | "made room"> {
  const { inputs, earlier, replacing } = given;
  const isOurs =
    fixedDifferences(existing, inputs).length > 0 &&
    (await ownerOf(existing, inputs, earlier, step.context)) === "ours";
  return isOurs ? keepOrMakeRoom(existing, inputs, step) : adopt(existing, inputs, replacing, step);
}

/** What was known again as ours the journal knows by its id from now on: what is taken over later is not it. */
async function noteOurs(
  { source_id: sourceId }: WireSource,
  inputs: SourceInputs,
  step: Step,
): Promise<void> {
  const { journal, now } = step.context;
  const { __urn: urn, name } = inputs;
  if (urn === undefined) return;
  const known = await journal.find(urn);
  if (known?.sourceId === sourceId) return;
  const entry = known === undefined || known.taken ? { urn, name, postedAt: now(), fingerprints: [] } : known;
  await journal.write({ ...entry, name, sourceId, jobId: undefined });
}

/** After a POST that came to nothing, the journal says what it said before. */
export async function restore(
  urn: string | undefined,
  earlier: JournalEntry | undefined,
  { context }: Step,
): Promise<void> {
  if (urn === undefined) return;
  if (earlier === undefined) await context.journal.forget(urn);
  else await context.journal.write(earlier);
}

/** Takes over what is there already. @throws Error where it is in the stack, or no update makes it what is asked for. */
async function adopt(
  existing: WireSource,
  inputs: SourceInputs,
  replacing: boolean,
  { context }: Step,
): Promise<Posted> {
  const { source_id: id } = existing;
  const isInStack = (await isKept(existing, inputs, context.stack)) ?? replacing;
  if (isInStack) throw isHeld(inputs, id);
  const fixed = fixedDifferences(existing, inputs);
  // Of two that would take it over at the same time, only one does.
  if (fixed.length === 0 && id !== undefined && !context.stack.takes(id)) throw isHeld(inputs, id);
  if (fixed.length === 0) return { sourceId: id, seen: existing };
  throw new Error(
    `${sayName(inputs)} exists already (id ${id}) and cannot be adopted: ${fixed.join(" and ")}, which no update can change. Use another name, or delete that source first.`,
  );
}

/** In words, what of a source differs from what is asked for, and cannot be changed by an update. No value: it may be secret. */
function fixedDifferences(source: WireSource, inputs: SourceInputs): string[] {
  const present = fieldsFromWire(source);
  return REPLACING_FIELDS.filter((field) => present[field] !== inputs[field]).map(
    (field) => `its ${field} is not the one that the program asks for`,
  );
}
