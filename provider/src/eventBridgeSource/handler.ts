import { getJob, hasSucceeded, isOver, JobError } from "../genesys/jobs.js";
import type { JournalEntry } from "../journal.js";
import { type Context, PartialStepError, type ResourceHandler } from "../resourceHandler.js";
import { beginStep, eventually, LOOKUP_TIMEOUT, type Step, unlessMissing } from "../step.js";
import { sourceApi } from "./api.js";
import { DEFAULTS } from "./args.js";
import { createCheck } from "./check.js";
import { sayName } from "./conflict.js";
import {
  ensureFields,
  type Found,
  foundOf,
  GoneError,
  hasFailed,
  leftBehind,
  madeNothing,
  removeSource,
  replaceFields,
  UnusableError,
} from "./converge.js";
import { diff, differingFields } from "./diff.js";
import { INPUT_KEYS, type SourceInputs, type SourceOutputs, type SourceState } from "./model.js";
import { JOB_PREFIX, jobResourceId, leftByEarlierRun } from "./ours.js";
import { ensurePosted, type Posted } from "./post.js";
import { takeOver } from "./takeOver.js";
import { fieldsFromWire, outputsFromWire, type WireSource } from "./wire.js";

/** The handler of `EventBridgeSource`; one serves a whole process. */
export function createSourceHandler(): ResourceHandler<SourceInputs, SourceState> {
  const replaced = new Map<string, string>();
  /**
   * Sources that creates of this process have brought into the stack. A run with --replace or after "state taint" may
   * take over the very source that it then deletes as the old one: the engine tells neither.
   */
  const made = new Set<string>();
  /** Sources of which this process has left as many entries of the stack to go, while others still have them. */
  const letGo = new Map<string, number>();
  const isReplacing = ({ __urn, name }: SourceInputs) => __urn !== undefined && replaced.get(__urn) === name;

  function taken({ stack }: Context, sourceId: string): void {
    made.add(sourceId);
    stack.taken(sourceId);
  }

  /**
   * Whether a source stays in the stack when this entry of it goes: one that was imported or adopted can be in the
   * stack as two resources, or as the old and the new one of a replacement that was cut short.
   */
  async function isStillInStack(
    { stack }: Context,
    id: string,
    { __urn: urn }: SourceState,
  ): Promise<boolean> {
    if (made.has(id)) return true;
    if (urn === undefined) return false;
    const gone = (letGo.get(id) ?? 0) + 1;
    letGo.set(id, gone);
    return (await stack.entriesOf(urn, id)) > gone;
  }

  async function create(context: Context, inputs: SourceInputs): Promise<{ id: string; state: SourceState }> {
    const step = beginStep(context, inputs.timeouts?.create ?? DEFAULTS.timeouts.create);
    const { __import: importId, ...wanted } = inputs;
    if (importId !== undefined) {
      const source = await takeOver(importId, wanted, step);
      taken(context, importId);
      return { id: importId, state: finished(wanted, source, {}, step) };
    }
    const left = await leftByEarlierRun(inputs, replaced.get(inputs.__urn ?? ""), step);
    if (left !== undefined) return goOn(left, inputs, step);
    const { seen, ...posted } = await ensurePosted(inputs, isReplacing(inputs), step);
    const state: SourceState = { ...inputs, ...posted };
    return keepingWhatIsMade(state, step, async () => {
      const found = await foundOf({ ...posted, seen }, inputs, step);
      state.sourceId = found.sourceId;
      const source = await ensureFields(found, inputs, step);
      taken(context, state.sourceId);
      return { id: state.sourceId, state: finished(inputs, source, state, step) };
    });
  }

  /** Goes on with what an earlier run has left, of which the engine does not know. */
  async function goOn(
    left: JournalEntry,
    inputs: SourceInputs,
    step: Step,
  ): Promise<{ id: string; state: SourceState }> {
    const { jobId, sourceId, name, postedAt } = left;
    const what = sourceId === undefined ? `job ${jobId}` : `id ${sourceId}`;
    step.context
      .log(inputs.__urn)
      .info(`${sayName(inputs)} was begun by an earlier run (${what}): this one goes on with it`);
    const state: SourceState = { ...inputs, jobId, sourceId, __postedAt: postedAt };
    return keepingWhatIsMade(state, step, async () => {
      // The name that was posted: what it is derived from may have changed since.
      const done = await bringAbout(state, { ...inputs, name }, inputs, step, left);
      taken(step.context, String(state.sourceId));
      return { id: String(state.sourceId), state: done };
    });
  }

  /** Goes on with a create that got part of the way, of which the engine knows. */
  async function resume(
    context: Context,
    id: string,
    olds: SourceState,
    inputs: SourceInputs,
  ): Promise<SourceState> {
    const step = beginStep(context, inputs.timeouts?.create ?? DEFAULTS.timeouts.create);
    const state: SourceState = { ...olds, sourceId: olds.sourceId ?? sourceIdIn(id) };
    return keepingWhatIsMade(
      state,
      step,
      async () => {
        const done = await bringAbout(state, olds, inputs, step);
        taken(context, String(state.sourceId));
        return done;
      },
      id,
    );
  }

  async function read(context: Context, id: string, known: SourceState | undefined) {
    const step = beginStep(context, LOOKUP_TIMEOUT);
    const made: "pending" | Found | undefined = isInTheMaking(id, known)
      ? await soFar(id, known, step)
      : { sourceId: known?.sourceId ?? id };
    if (made === "pending") return known && { id, state: known, inputs: inputsOf(known) };
    if (made === undefined) return undefined;
    const { sourceId, seen } = made;
    const look = () => unlessMissing(sourceApi(context.client, step.budget).get(sourceId));
    // Of what was only just made, "not found" may mean "not yet".
    const source = seen ?? (known?.__unfinished === undefined ? await look() : await eventually(step, look));
    if (source === undefined) {
      if (known?.__urn !== undefined) await forgetSource(context, known.__urn, sourceId);
      return undefined;
    }
    const { webhookUrl: _, ...kept } = known ?? ({} as Partial<SourceState>);
    const state: SourceState = {
      ...kept,
      ...fieldsFromWire(source, known),
      ...outputsFromWire(source),
      sourceId,
    };
    return { id: sourceId, state, inputs: inputsOf(state) };
  }

  async function update(
    context: Context,
    id: string,
    olds: SourceState,
    news: SourceInputs,
  ): Promise<SourceState> {
    if (olds.__unfinished !== undefined) return resume(context, id, olds, news);
    // A change of time-outs alone, or of the code in the state, is none of the API's business.
    if (differingFields(olds, news).length === 0) return { ...outputsOf(olds), ...news };
    const step = beginStep(context, news.timeouts?.update ?? DEFAULTS.timeouts.update);
    const source = await replaceFields(olds.sourceId ?? id, olds, news, step);
    return finished(news, source, olds, step);
  }

  async function remove(context: Context, id: string, state: SourceState): Promise<"deleted" | "kept"> {
    const step = beginStep(context, state.timeouts?.delete ?? DEFAULTS.timeouts.delete);
    // What a job is still making cannot be deleted yet, and would be there afterwards.
    const sourceId = isInTheMaking(id, state)
      ? await sourceOnceMade(id, state, step)
      : (state.sourceId ?? id);
    if (sourceId === undefined) return "deleted";
    if (await isStillInStack(context, sourceId, state)) {
      const why = "another resource of the stack has it, too";
      context.log(state.__urn).info(`${sayName(state)} (id ${sourceId}) is kept: ${why}`);
      return "kept";
    }
    await removeSource(sourceId, state, step);
    return "deleted";
  }

  return {
    kind: "EventBridge source",
    secrets: ["webhookUrl"],
    isState: (properties) => "sourceId" in properties || "jobId" in properties,
    summary: (properties: SourceInputs | SourceState, id) => {
      const { sourceId, jobId, version } = properties as SourceState;
      const { name, status, webhookUrl, __urn: urn } = properties;
      return {
        id: sourceId ?? (id === undefined ? undefined : sourceIdIn(id)),
        name,
        status,
        version,
        jobId,
        urn,
        webhookUrl,
      };
    },
    check: createCheck(replaced),
    diff,
    create,
    read,
    update,
    delete: remove,
  };
}

/** A resource's id is the source's, unless only its job was known when it was written. */
const sourceIdIn = (id: string): string | undefined => (id.startsWith(JOB_PREFIX) ? undefined : id);

/** The job to ask. An update must not change the id: when it posted again, only the state knows the new job. */
const jobIdOf = (id: string, state: SourceState | undefined): string =>
  state?.jobId ?? id.slice(JOB_PREFIX.length);

/**
 * What somebody deleted is not to be looked for by the create that follows. What was posted since stays known: it may
 * have arrived.
 */
async function forgetSource({ journal }: Context, urn: string, sourceId: string): Promise<void> {
  if ((await journal.find(urn))?.sourceId === sourceId) await journal.forget(urn);
}

/** Whether the job of a create may still be at work. */
const isInTheMaking = (id: string, known: SourceState | undefined): boolean =>
  id.startsWith(JOB_PREFIX)
    ? known?.sourceId === undefined || known.__unfinished !== undefined
    : known?.__unfinished !== undefined && known.jobId !== undefined;

/** The source that a job made, without waiting: `"pending"` while it is at it, nothing when it made none. */
async function soFar(
  id: string,
  known: SourceState | undefined,
  step: Step,
): Promise<"pending" | Found | undefined> {
  const { client } = step.context;
  const jobId = jobIdOf(id, known);
  const job = await unlessMissing(getJob(client, jobId, step.budget));
  // What an unknown status means is not for a read to decide: the state is kept.
  if (job !== undefined && !isOver(job)) return "pending";
  const sourceId = known?.sourceId ?? job?.source_id;
  if (sourceId !== undefined) return { sourceId };
  if (known === undefined) return undefined;
  if (job === undefined || !hasSucceeded(job)) return leftBehind(known, known, job, step);
  const seen = await sourceApi(client, step.budget).findLive(known.name);
  return seen?.source_id === undefined ? undefined : { sourceId: seen.source_id, seen };
}

/** A source that an earlier create has made is in the stack by now: somebody has imported it. */
class ImportedError extends Error {}

/**
 * Brings about what an earlier create has begun, posting again only what is known not to have come about, or cannot
 * become what is asked for now.
 *
 * @param state bears the ids so far, and learns of new ones.
 * @param sent what was posted, as far as it is known.
 * @param left what the journal knows of it, where the stack does not.
 */
async function bringAbout(
  state: SourceState,
  sent: SourceState,
  inputs: SourceInputs,
  step: Step,
  left?: JournalEntry,
): Promise<SourceState> {
  const { __urn: urn } = inputs;
  const { context } = step;
  try {
    const isNew = state.sourceId === undefined;
    const found = await foundOfEarlier(state, sent, step);
    const { sourceId } = found;
    if (
      left !== undefined &&
      isNew &&
      urn !== undefined &&
      (await context.stack.holds(urn, sourceId)) === true
    )
      throw new ImportedError();
    state.sourceId = sourceId;
    return finished(inputs, await ensureFields(found, inputs, step), state, step);
  } catch (error) {
    if (error instanceof UnusableError && error.sourceId !== undefined)
      await removeSource(error.sourceId, inputs, step);
    else if (!madeNothing(error, state.jobId) && !isPastUse(error, left)) throw error;
  }
  // From here on nothing that was begun earlier is to be kept.
  Object.assign(state, { sourceId: undefined, jobId: undefined });
  if (urn !== undefined) await context.journal.forget(urn);
  const { seen, ...posted } = await ensurePosted(inputs, false, step);
  Object.assign(state, posted);
  const found = await foundOf({ ...posted, seen }, inputs, step);
  state.sourceId = found.sourceId;
  return finished(inputs, await ensureFields(found, inputs, step), state, step);
}

/** Whether nothing more can come of what was begun. A job that is beyond us is left alone once it was taken out of the stack. */
const isPastUse = (error: unknown, left: JournalEntry | undefined): boolean =>
  error instanceof UnusableError ||
  error instanceof ImportedError ||
  (left?.returned === true && error instanceof JobError && error.trouble === "unknown status");

/** As `foundOf`, for a job of an earlier run: its status being unknown must not keep a stack stuck. */
async function foundOfEarlier(posted: Posted, sent: SourceState, step: Step): Promise<Found> {
  try {
    return await foundOf(posted, sent, step);
  } catch (error) {
    if (!(error instanceof JobError) || error.trouble !== "unknown status") throw error;
    const found = await leftBehind(posted, sent, undefined, step);
    if (found !== undefined) return found;
    const message = `${error.message} No source of the name ${JSON.stringify(sent.name)} is there. When you are sure that the job will make none, take the resource out of the stack with "pulumi state delete".`;
    throw new JobError(message, error.trouble, error.jobId);
  }
}

/** What the job of an unfinished create made, waiting for its end; `undefined` when it made nothing. */
async function sourceOnceMade(id: string, state: SourceState, step: Step): Promise<string | undefined> {
  const jobId = jobIdOf(id, state);
  try {
    return (await foundOfEarlier({ ...state, jobId }, state, step)).sourceId;
  } catch (error) {
    if (madeNothing(error, jobId)) return undefined;
    if (!(error instanceof UnusableError)) throw error;
    const message = `${error.message} ${REMOVED_OR_RENAMED}`;
    if (!(error instanceof GoneError)) throw new UnusableError(`${message} ${LOOK_LATER}`);
    step.context.log(state.__urn).warn(`${message} There is nothing to delete.`);
    return undefined;
  }
}

const REMOVED_OR_RENAMED = "Somebody has removed it, or given it another name.";
const LOOK_LATER = `Run the same command again; with timeouts.delete of 2 minutes or more it waits until lists have caught up, and takes it for gone then.`;

/**
 * Runs what comes after something was made. When that fails, the id and all that is known are kept, so that
 * the next `up` goes on from there. A job that made nothing leaves nothing to keep.
 *
 * @param known the id that the resource has already: an update cannot give it another.
 */
async function keepingWhatIsMade<T>(
  state: SourceState,
  step: Step,
  rest: () => Promise<T>,
  known?: string,
): Promise<T> {
  try {
    return await rest();
  } catch (error) {
    const made = state.sourceId ?? (state.jobId === undefined ? undefined : jobResourceId(state.jobId));
    const id = made && (known ?? made);
    const why = error instanceof Error ? error.message : String(error);
    if (id === undefined || hasFailed(error, state.jobId))
      throw new Error(`${sayName(state)} was not made. ${why}`, { cause: error });
    throw new PartialStepError(
      `${sayName(state)} is not finished: ${why} It is kept in the stack's state as ${id}, and the next "pulumi up" goes on from there.`,
      { id, state: { ...state, ...step.spent() }, unfinished: why },
      { cause: error },
    );
  }
}

/** The state after a step that went through. */
function finished(
  inputs: SourceInputs,
  source: WireSource,
  { jobId }: SourceOutputs,
  step: Step,
): SourceState {
  return {
    ...inputs,
    ...fieldsFromWire(source, inputs),
    ...outputsFromWire(source),
    ...(jobId === undefined ? {} : { jobId }),
    ...step.spent(),
  };
}

const isInput = (key: string): boolean => (INPUT_KEYS as readonly string[]).includes(key);

const inputsOf = (state: SourceState): SourceInputs =>
  Object.fromEntries(Object.entries(state).filter(([key]) => isInput(key))) as unknown as SourceInputs;

const outputsOf = (state: SourceState): SourceOutputs =>
  Object.fromEntries(Object.entries(state).filter(([key]) => !isInput(key)));
