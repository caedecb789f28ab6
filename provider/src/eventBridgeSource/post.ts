import { GenesysError, isAmbiguous } from "../genesys/errors.js";
import { pauseBefore, sleep } from "../genesys/retry.js";
import { eventually, type Step } from "../step.js";
import { type SourceApi, sourceApi } from "./api.js";
import { differingFields } from "./diff.js";
import { REPLACING_FIELDS, type SourceFields, type SourceInputs, type SourceOutputs } from "./model.js";
import { fieldsFromWire, toWire, type WireSource } from "./wire.js";

/** What is known of a source as soon as it is posted, or found: its id, its job, or both. */
export type Posted = Pick<SourceOutputs, "sourceId" | "jobId">;

/**
 * Posts a source, or finds that it is there already and may be used.
 *
 * A POST whose answer was lost is never blindly repeated: what bears the name and is what was sent is taken
 * for ours; when there is nothing of that name the POST is sent again, which a unique name makes safe.
 *
 * @param replacing whether the source takes the place of one of the same name: that one is never adopted.
 */
export async function ensurePosted(inputs: SourceInputs, replacing: boolean, step: Step): Promise<Posted> {
  const { budget, context } = step;
  const api = sourceApi(context.client, budget);
  if (inputs.onConflict === "adopt") {
    const existing = await api.findByName(inputs.name);
    if (existing !== undefined) return adopt(existing, inputs, replacing);
  }
  for (let attempt = 0; ; attempt++) {
    try {
      // The specification creates in draft; the status asked for is brought about once the source is there.
      return await api.create(toWire({ ...inputs, status: "draft" }));
    } catch (error) {
      if (error instanceof GenesysError && error.status === 409) {
        if (attempt === 0) throw conflict(inputs, (await holderOf(api, inputs.name))?.source_id, error);
        // Most likely the name is held by what the attempt made, or is still making, whose answer was lost.
        const holder = await eventually(step, () => holderOf(api, inputs.name));
        if (holder !== undefined && isWhatWasSent(holder, inputs)) return { sourceId: holder.source_id };
        throw conflict(inputs, holder?.source_id, error);
      }
      if (!isAmbiguous(error)) throw error;
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

function adopt(existing: WireSource, inputs: SourceInputs, replacing: boolean): Posted {
  const called = sayName(inputs);
  if (replacing)
    throw new Error(
      `${called} is being replaced under the name that it has, so the old one cannot be adopted as the new one. Set the option deleteBeforeReplace, or leave the name to Pulumi.`,
    );
  const present = fieldsFromWire(existing);
  const fixed = REPLACING_FIELDS.filter((field) => present[field] !== inputs[field]);
  if (fixed.length === 0) return { sourceId: existing.source_id };
  const differences = fixed.map(
    (field) => `its ${field} is ${JSON.stringify(present[field])}, not ${JSON.stringify(inputs[field])}`,
  );
  throw new Error(
    `${called} exists already (id ${existing.source_id}) and cannot be adopted: ${differences.join(" and ")}, which no update can change. Use another name, or delete that source first.`,
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
