import { getJob, hasSucceeded, isOver, JobError } from "../genesys/jobs.js";
import { JOB_PREFIX } from "../jobResource.js";
import type { CreateRecord } from "../lifecycle/record.js";
import { type Step, unlessMissing } from "../step.js";
import { ensureFields } from "./converge.js";
import { asPosted, ensurePosted } from "./create.js";
import { insistHere, whereabouts } from "./elsewhere.js";
import { type Found, foundOf, GoneError, leftBehind, madeBy, madeNothing, UnusableError } from "./made.js";
import { INPUT_KEYS, type SourceInputs, type SourceState } from "./model.js";
import { removeSource } from "./remove.js";
import type { Posted } from "./reply.js";
import { finished } from "./state.js";

/** A resource's id is the source's, unless only its job was known when it was written. */
export const sourceIdIn = (id: string): string | undefined => (id.startsWith(JOB_PREFIX) ? undefined : id);

/** The job to ask. An update must not change the id: when it posted again, only the state knows the new job. */
const jobIdOf = (id: string, state: SourceState | undefined): string =>
  state?.jobId ?? id.slice(JOB_PREFIX.length);

/** Whether the job of a create may still be at work. */
export const isInTheMaking = (id: string, known: SourceState | undefined): boolean =>
  id.startsWith(JOB_PREFIX)
    ? known?.sourceId === undefined || known.__unfinished !== undefined
    : known?.__unfinished !== undefined && known.jobId !== undefined;

/** The source that a job made, without waiting: `"pending"` while it is at it, nothing when it made none. */
export async function soFar(
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
  if (job === undefined || !hasSucceeded(job))
    return leftBehind(known, known, { job }, step, "until lists have caught up");
  // It was made; not being found may mean "not yet".
  return madeBy(job, known, known, step);
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
export async function bringAbout(
  state: SourceState,
  sent: SourceState,
  inputs: SourceInputs,
  step: Step,
  left?: CreateRecord,
): Promise<SourceState> {
  const { __urn: urn } = inputs;
  const { context } = step;
  const isNew = state.sourceId === undefined;
  try {
    const found = await foundOfEarlier({ ...state, fingerprints: left?.fingerprints }, sent, step);
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
    else if (!isNew && error instanceof UnusableError) insistHere(`id ${state.sourceId}`, state, context);
  }
  // From here on nothing that was begun earlier is to be kept. The journal still knows of it, until the POST is taken.
  if (state.jobId !== undefined) context.stack.expectsNothingOf(state.jobId);
  Object.assign(state, { sourceId: undefined, jobId: undefined, __asked: undefined });
  const { seen, ...posted } = await ensurePosted(inputs, false, step);
  // The state bears what was posted: the next run looks for that.
  for (const key of INPUT_KEYS) delete state[key as keyof SourceState];
  Object.assign(state, inputs, posted, whereabouts(context), { __met: seen !== undefined || undefined });
  const found = await foundOf({ ...posted, seen }, asPosted(inputs), step);
  state.sourceId = found.sourceId;
  return finished(inputs, await ensureFields(found, inputs, step), state, step);
}

/** Whether nothing more can come of what was begun. A job that is beyond us is left alone once it was taken out of the stack. */
const isPastUse = (error: unknown, left: CreateRecord | undefined): boolean =>
  error instanceof UnusableError ||
  error instanceof ImportedError ||
  (left?.phase === "returned" && error instanceof JobError && error.trouble === "unknown status");

/** As `foundOf`, for a job of an earlier run: its status being unknown must not keep a stack stuck. */
async function foundOfEarlier(posted: Posted, sent: SourceState, step: Step): Promise<Found> {
  try {
    return await foundOf(posted, sent, step, "until lists have caught up");
  } catch (error) {
    if (!(error instanceof JobError) || error.trouble !== "unknown status") throw error;
    const found = await leftBehind(posted, sent, error, step, "once");
    if (found !== undefined) return found;
    const message = `${error.message} No source of the name ${JSON.stringify(sent.name)} is there. When you are sure that the job will make none, take the resource out of the stack with "pulumi state delete".`;
    throw new JobError(message, error.trouble, error.jobId);
  }
}

/** What the job of an unfinished create made, waiting for its end; `undefined` when it made nothing. */
export async function sourceOnceMade(
  id: string,
  state: SourceState,
  step: Step,
): Promise<string | undefined> {
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
