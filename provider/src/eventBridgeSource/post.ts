import { type GenesysError, isAmbiguous, isNameTaken } from "../genesys/errors.js";
import { pauseBefore, sleep } from "../genesys/retry.js";
import type { JournalEntry } from "../journal.js";
import { eventually, type Step } from "../step.js";
import { type SourceApi, sourceApi } from "./api.js";
import { differingFields } from "./diff.js";
import { REPLACING_FIELDS, type SourceFields, type SourceInputs, type SourceOutputs } from "./model.js";
import { fingerprintOf, isUnanswered, ownerOf } from "./ours.js";
import { fieldsFromWire, toWire, type WireSource } from "./wire.js";

/** What is known of a source as soon as it is posted, or found: its id, its job, or both. */
export type Posted = Pick<SourceOutputs, "sourceId" | "jobId">;

/** The longest pause between two looks for a source that a job is still making, in milliseconds. */
const LONGEST_LOOK_MS = 10_000;

/**
 * Posts a source, or finds that it is there already and may be used. The journal knows of it before the API does.
 *
 * A POST whose answer was lost is never blindly repeated: what bears the name and is what was sent is taken
 * for ours; when there is nothing of that name the POST is sent again, which a unique name makes safe.
 *
 * @param replacing whether the source takes the place of one of the same name: that one is never adopted.
 */
export async function ensurePosted(inputs: SourceInputs, replacing: boolean, step: Step): Promise<Posted> {
  const { budget, context } = step;
  const { __urn: urn } = inputs;
  const api = sourceApi(context.client, budget);
  const earlier = urn === undefined ? undefined : await context.journal.find(urn);
  if (inputs.onConflict === "adopt") {
    const existing = await api.findByName(inputs.name);
    if (existing !== undefined) return adopt(existing, inputs, replacing, step);
  }
  for (let attempt = 0; ; attempt++) {
    try {
      return await post(api, inputs, earlier, step);
    } catch (error) {
      if (isNameTaken(error)) {
        const owned = await takeOwn(api, { inputs, earlier, attempt, refusal: error }, step);
        if (owned !== "in the making") return owned;
        continue;
      }
      if (!isAmbiguous(error)) {
        await restore(urn, earlier, step);
        throw error;
      }
      const arrived = await api.findByName(inputs.name);
      if (arrived !== undefined) {
        if (isWhatWasSent(arrived, inputs)) return { sourceId: arrived.source_id };
        throw conflict(inputs, arrived.source_id, error);
      }
      const pause = pauseBefore(error, attempt + 1);
      if (attempt >= context.settings.maxRetries || context.now() + pause >= budget.deadline) throw error;
      await sleep(pause, budget.signal);
      if (budget.signal.aborted) throw error;
      budget.retryCount += 1;
    }
  }
}

/** One POST: the journal has it before it is sent, and its job or id as soon as it is answered. */
async function post(
  api: SourceApi,
  inputs: SourceInputs,
  earlier: JournalEntry | undefined,
  { context }: Step,
): Promise<Posted> {
  const { __urn: urn, name } = inputs;
  const known = earlier?.name === name && isUnanswered(earlier) ? earlier : undefined;
  const fingerprints = [...(known?.fingerprints ?? []), fingerprintOf(inputs)];
  const entry = urn && { urn, name, postedAt: known?.postedAt ?? context.now(), fingerprints };
  if (entry) await context.journal.write(entry);
  // The specification creates in draft; the status asked for is brought about once the source is there.
  const posted = await api.create(toWire({ ...inputs, status: "draft" }));
  if (entry) await context.journal.write({ ...entry, ...posted });
  return posted;
}

/** After a POST that came to nothing, the journal says what it said before. */
async function restore(
  urn: string | undefined,
  earlier: JournalEntry | undefined,
  { context }: Step,
): Promise<void> {
  if (urn === undefined) return;
  if (earlier === undefined) await context.journal.forget(urn);
  else await context.journal.write(earlier);
}

/**
 * What to do with a name that is taken: its source is used where it is ours.
 *
 * @throws Error where it is another's, or the one to be replaced.
 */
async function takeOwn(
  api: SourceApi,
  given: {
    inputs: SourceInputs;
    earlier: JournalEntry | undefined;
    attempt: number;
    refusal: GenesysError;
  },
  step: Step,
): Promise<Posted | "in the making"> {
  const { inputs, earlier, attempt, refusal } = given;
  const { context, budget } = step;
  const isAnswerLost = attempt > 0;
  // Most likely the name is held by what an attempt made, or is still making, whose answer was lost.
  const look = () => holderOf(api, inputs.name);
  const holder = isAnswerLost ? await eventually(step, look) : await look();
  if (holder === undefined) {
    const pause = Math.min(LONGEST_LOOK_MS, 250 * 2 ** attempt);
    const mayBeOurs = inputs.__autonamed || earlier?.name === inputs.name;
    if (!mayBeOurs || context.now() + pause >= budget.deadline || budget.signal.aborted) {
      await restore(inputs.__urn, earlier, step);
      throw conflict(inputs, undefined, refusal);
    }
    context.log(inputs.__urn).status(`${sayName(inputs)} is being made by an earlier run`);
    await sleep(pause, budget.signal);
    return "in the making";
  }
  if (isAnswerLost && isWhatWasSent(holder, inputs)) return { sourceId: holder.source_id };
  await restore(inputs.__urn, earlier, step);
  const owner = await ownerOf(holder, inputs, earlier, context);
  if (owner === "held") throw isHeld(inputs, holder.source_id);
  if (owner !== "ours") throw conflict(inputs, holder.source_id, refusal);
  context
    .log(inputs.__urn)
    .info(`${sayName(inputs)} was made by an earlier run (id ${holder.source_id}): it is kept`);
  return { sourceId: holder.source_id };
}

async function adopt(
  existing: WireSource,
  inputs: SourceInputs,
  replacing: boolean,
  { context }: Step,
): Promise<Posted> {
  const { __urn: urn } = inputs;
  const id = existing.source_id;
  const isOld =
    replacing || (urn !== undefined && id !== undefined && (await context.holds(urn, id)) === true);
  if (isOld) throw isHeld(inputs, id);
  const present = fieldsFromWire(existing);
  const fixed = REPLACING_FIELDS.filter((field) => present[field] !== inputs[field]);
  if (fixed.length === 0) return { sourceId: id };
  const differences = fixed.map(
    (field) => `its ${field} is ${JSON.stringify(present[field])}, not ${JSON.stringify(inputs[field])}`,
  );
  throw new Error(
    `${sayName(inputs)} exists already (id ${id}) and cannot be adopted: ${differences.join(" and ")}, which no update can change. Use another name, or delete that source first.`,
  );
}

/** Whether a source is the one that was posted. The status is left out: it is brought about later. */
export const isWhatWasSent = (source: WireSource, sent: SourceFields): boolean =>
  differingFields({ ...fieldsFromWire(source, sent), status: sent.status }, sent).length === 0;

/** Best effort: the conflict is what the user must learn of, also when its holder cannot be read. */
async function holderOf(api: SourceApi, name: string): Promise<WireSource | undefined> {
  try {
    return await api.findByName(name);
  } catch {
    return undefined;
  }
}

const isHeld = (inputs: SourceInputs, id: string | undefined): Error =>
  new Error(
    `${sayName(inputs)} is in the stack already (id ${id}), and is not taken for a new one. Where it is being replaced under the name that it has, set the option deleteBeforeReplace; where it belongs to another resource, use another name.`,
  );

function conflict(inputs: SourceInputs, holder: string | undefined, cause: GenesysError): Error {
  const who =
    holder === undefined ? "but it cannot be read; it may still be in the making" : `its id is ${holder}`;
  const trace = cause.correlationId === undefined ? "" : `, correlation id ${cause.correlationId}`;
  const ways =
    inputs.onConflict === "adopt"
      ? "Run the same command again when it can be read, and it is adopted; or use another name."
      : 'Import it, or set onConflict: "adopt" to take it over and bring it to what the program asks for, or use another name. Where it is being replaced (--replace, state taint), set the option deleteBeforeReplace.';
  return new Error(
    `${sayName(inputs)} exists already: ${who}. ${ways} [${cause.method} ${cause.path}: ${cause.status} ${cause.code}${trace}]`,
    { cause },
  );
}

/** How messages call a source. */
export const sayName = (source: { name: string }): string =>
  `EventBridge source ${JSON.stringify(source.name)}`;
