import { isAmbiguous, isNameTaken } from "../genesys/errors.js";
import { pauseBefore, sleep } from "../genesys/retry.js";
import { isUnanswered, type JournalEntry } from "../journal.js";
import { eventually, SETTLES_WITHIN_MS, type Step } from "../step.js";
import { type SourceApi, sourceApi } from "./api.js";
import { adoptOrMakeRoom, claim, restore } from "./claim.js";
import { conflict, sayName } from "./conflict.js";
import type { SourceInputs, SourceOutputs } from "./model.js";
import { fingerprintOf } from "./ours.js";
import { toWire, type WireSource } from "./wire.js";

/** What is known of a source as soon as it is posted, or found: its id, its job, or both. */
export interface Posted
  extends Pick<SourceOutputs, "sourceId" | "jobId" | "__postedAt" | "__until" | "__met"> {
  /** As it was just read, where it was there already. */
  seen?: WireSource;
  /** Hashes of what was posted, where the journal alone knows it. */
  fingerprints?: readonly string[];
}

/**
 * How long after a POST whose answer was lost its source may come about to be known again, at least, in milliseconds: as
 * long as creates wait by default. What comes later may as well be another's.
 */
export const ARRIVES_WITHIN_MS = 10 * 60_000;
/** The version of what was made and not changed since. */
const FIRST_VERSION = 1;
/** The longest pause between two looks for a source that a job is still making, in milliseconds. */
const LONGEST_LOOK_MS = 10_000;

/**
 * Posts a source, or finds that it is there already and may be used. The journal knows of it before the API does.
 *
 * A POST whose answer was lost is never blindly repeated: what bears the name, is what was sent and was not there
 * before is taken for ours; when there is nothing of that name the POST is sent again, which a unique name makes safe.
 *
 * @param replacing whether the source takes the place of one of the same name: that one is never adopted.
 */
export async function ensurePosted(inputs: SourceInputs, replacing: boolean, step: Step): Promise<Posted> {
  const { budget, context } = step;
  const { __urn: urn } = inputs;
  const api = sourceApi(context.client, budget);
  const earlier = urn === undefined ? undefined : await context.journal.find(urn);
  if (inputs.onConflict === "adopt") {
    const existing = await api.findLive(inputs.name);
    const given = { inputs, earlier, replacing };
    const adopted = existing && (await adoptOrMakeRoom(existing, given, step));
    if (adopted !== undefined && adopted !== "made room") return adopted;
  }
  if (earlier !== undefined) await keepInSight(earlier, inputs, step);
  const begun = context.now();
  let isAnswerLost = false;
  for (let attempt = 0; ; attempt++) {
    try {
      return await post(api, inputs, { earlier, begun }, step);
    } catch (error) {
      if (!isNameTaken(error) && !isAmbiguous(error)) {
        if (!isAnswerLost) await restore(urn, earlier, step);
        throw error;
      }
      const isTaken = isNameTaken(error);
      isAnswerLost ||= !isTaken;
      const look = () => (isTaken ? holderOf(api, inputs.name) : api.findLive(inputs.name));
      // Most likely the name is held by what an attempt made, or is still making, whose answer was lost. And what is to
      // be adopted may be in no list yet.
      const mayAppear = isTaken && (isAnswerLost || inputs.onConflict === "adopt");
      const holder = mayAppear ? await eventually(step, look) : await look();
      if (holder !== undefined) {
        const given = { inputs, earlier, begun, isAnswerLost, replacing, refusal: error };
        const claimed = await claim(holder, given, step);
        if (claimed !== "made room") return claimed;
        continue;
      }
      if (isTaken) {
        const mayBeOurs = isAnswerLost || inputs.__autonamed || earlier?.name === inputs.name;
        if (mayBeOurs && (await isTimeLeft(inputs, attempt, step))) continue;
        // What an attempt may have made is to be known by the next run.
        if (!isAnswerLost) await restore(urn, earlier, step);
        throw conflict(inputs, undefined, error);
      }
      const pause = pauseBefore(error, attempt + 1);
      if (attempt >= context.settings.maxRetries || pause >= budget.left()) throw error;
      await sleep(pause, budget.signal);
      if (budget.signal.aborted) throw error;
      budget.retryCount += 1;
    }
  }
}

/** What was posted just now, at the version that it then has. */
export const asPosted = (inputs: SourceInputs): SourceInputs & { version: number } => ({
  ...inputs,
  version: FIRST_VERSION,
});

/**
 * What an earlier run has posted under another name, and may still come about, is not to be forgotten for what is posted
 * now.
 */
async function keepInSight(earlier: JournalEntry, { name, __urn: urn }: SourceInputs, { context }: Step) {
  const { earliest } = context.client.clock.at(context.now());
  const mayArrive = earlier.until === undefined || earlier.until + SETTLES_WITHIN_MS > earliest;
  if (!isUnanswered(earlier) || earlier.taken || earlier.name === name || !mayArrive) return;
  await context.journal.setAside(earlier);
  context
    .log(urn)
    .warn(
      `an earlier run has posted ${sayName(earlier)}, and what became of that is not certain: should it come about, "genesyscloud-eventbridge doctor" names it`,
    );
}

/** One POST: the journal has it before it is sent, and its job or id as soon as it is answered. */
async function post(
  api: SourceApi,
  inputs: SourceInputs,
  { earlier, begun }: { earlier: JournalEntry | undefined; begun: number },
  { context, budget }: Step,
): Promise<Posted> {
  const { __urn: urn, name } = inputs;
  const { clock } = context.client;
  const known = earlier?.name === name && isUnanswered(earlier) ? earlier : undefined;
  const fingerprints = [...(known?.fingerprints ?? []), fingerprintOf(inputs)];
  const until = () => clock.at(Math.max(context.now() + budget.left(), begun + ARRIVES_WITHIN_MS)).latest;
  const entry = () => ({
    name,
    postedAt: known?.postedAt ?? clock.at(begun).earliest,
    until: until(),
    fingerprints,
  });
  if (urn !== undefined) await context.journal.write({ urn, ...entry() });
  // The specification creates in draft; the status asked for is brought about once the source is there.
  const posted = await api.create(toWire({ ...inputs, status: "draft" }));
  if (urn !== undefined) await context.journal.write({ urn, ...entry(), ...posted });
  return { ...posted, __postedAt: clock.at(begun).earliest, __until: until() };
}

/** Waits a while for a source that is still in the making. @returns whether there is time for another look. */
async function isTimeLeft(
  inputs: SourceInputs,
  attempt: number,
  { context, budget }: Step,
): Promise<boolean> {
  const pause = Math.min(LONGEST_LOOK_MS, 250 * 2 ** attempt);
  if (pause >= budget.left() || budget.signal.aborted) return false;
  context.log(inputs.__urn).status(`${sayName(inputs)} is being made by an earlier run`);
  await sleep(pause, budget.signal);
  return !budget.signal.aborted;
}

/** Best effort: the conflict is what the user must learn of, also when its holder cannot be read. */
async function holderOf(api: SourceApi, name: string): Promise<WireSource | undefined> {
  try {
    return await api.findLive(name);
  } catch {
    return undefined;
  }
}
