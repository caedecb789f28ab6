import { GenesysError, isVersionConflict } from "../genesys/errors.js";
import { type Job, JobError, waitForJob } from "../genesys/jobs.js";
import { sleep } from "../genesys/retry.js";
import { sayDuration } from "../genesys/say.js";
import { eventually, SETTLES_WITHIN_MS, type Step, unlessMissing } from "../step.js";
import { type SourceApi, sourceApi } from "./api.js";
import { sayName } from "./conflict.js";
import { differingFields } from "./diff.js";
import {
  REPLACING_FIELDS,
  type SourceFields,
  type SourceInputs,
  type SourceOutputs,
  type SourceState,
} from "./model.js";
import { fingerprintOf, isMadeWithin, isWhatWasSent, type Period } from "./ours.js";
import type { Posted } from "./post.js";
import { fieldsFromWire, toWire, type WireSource } from "./wire.js";

/** A source that is there. */
export interface Found {
  sourceId: string;
  /** As it was just read, where it was. */
  seen?: WireSource;
  /** Why its job is over, where that failed and the source is there all the same: it may be on its way out. */
  failure?: JobError;
}

type Named = Pick<SourceState, "name" | "__urn">;

/**
 * The source that was posted, once its job is over.
 *
 * @param isEarlier whether another run has posted it: then no create follows that would find what lists do not show yet.
 * @throws JobError when the job failed and made nothing, or is not over in time.
 * @throws UnusableError when it succeeded, and there is no source.
 */
export async function foundOf(
  posted: Posted,
  sent: SourceFields & Named,
  step: Step,
  isEarlier = false,
): Promise<Found> {
  const { sourceId, jobId, seen } = posted;
  if (jobId === undefined) {
    if (sourceId !== undefined) return { sourceId, seen };
    throw new Error(`${sayName(sent)} has neither an id nor a job.`);
  }
  let job: Job;
  try {
    job = await follow(jobId, sent, step);
    if (sourceId !== undefined) return { sourceId };
    if (job.source_id !== undefined) return { sourceId: job.source_id };
  } catch (error) {
    if (!madeNothing(error, jobId)) throw error;
    const left = await leftBehind(posted, sent, error.job, step, isEarlier);
    if (left === undefined) throw error;
    return { sourceId: left.sourceId, failure: error };
  }
  const lookedFrom = step.context.now();
  const found = await madeBy(job, posted, sent, step);
  if (found !== undefined) return found;
  const message = `Job ${jobId} is over, but no source of the name ${JSON.stringify(sent.name)} is to be found.`;
  if (step.context.now() - lookedFrom >= SETTLES_WITHIN_MS) throw new GoneError(message);
  throw new UnusableError(message);
}

/**
 * What a job has made that succeeded without telling its id. The name proves nothing: whoever has removed the source may
 * have given it to another since. It must have been made while the job was at work; where it is just what was posted,
 * the platform's clocks may be apart.
 */
export async function madeBy(
  job: Job,
  { __postedAt: postedAt }: Pick<Posted, "__postedAt">,
  sent: SourceFields,
  step: Step,
): Promise<Found | undefined> {
  const api = sourceApi(step.context.client, step.budget);
  const { from = -Infinity, until = Infinity } = timeOf(job, postedAt);
  const nearly = { from: from - CLOCKS_APART_MS, until: until + CLOCKS_APART_MS };
  const seen = await eventually(step, async () => {
    const bearer = await api.findLive(sent.name);
    if (bearer === undefined) return undefined;
    const period = isWhatWasSent(bearer, sent) ? nearly : { from, until };
    return isMadeWithin(bearer, period) ? bearer : undefined;
  });
  return seen?.source_id === undefined ? undefined : { sourceId: seen.source_id, seen };
}

/** How far the clocks of a gateway, of jobs and of sources may be apart, in milliseconds; the platform publishes no number. */
const CLOCKS_APART_MS = 60_000;

/** When a job was at work, as far as it is known. */
function timeOf(job: Job | undefined, postedAt: number | undefined): Partial<Period> {
  const [began, ended] = [timeIn(job?.date_created), timeIn(job?.date_completed)];
  return { from: postedAt ?? began, until: ended === undefined ? undefined : ended + END_MS };
}

function timeIn(date: string | undefined): number | undefined {
  const time = Date.parse(date ?? "");
  return Number.isNaN(time) ? undefined : time;
}

/** Whether a source goes while reads catch up. */
async function vanishes(api: SourceApi, sourceId: string, step: Step): Promise<boolean> {
  const gone = await eventually(step, async () =>
    (await unlessMissing(api.get(sourceId))) === undefined ? true : undefined,
  );
  return gone === true;
}

/**
 * What is there although its job failed or vanished. A name and its content alone prove nothing: it may be
 * another's source that bears it, and the reason why the job failed. It must have been made while the job was at work.
 *
 * @param job as it was seen last; `undefined` where the platform does not know it any more.
 * @param isPatient whether to wait for lists to catch up with what a job has made that was over just now.
 */
export async function leftBehind(
  { sourceId, __postedAt: postedAt, fingerprints = [] }: Posted,
  sent: SourceFields,
  job: Job | undefined,
  step: Step,
  isPatient: boolean,
): Promise<Found | undefined> {
  const { context } = step;
  const api = sourceApi(context.client, step.budget);
  if (sourceId !== undefined) {
    const seen = await unlessMissing(api.get(sourceId));
    return seen && { sourceId, seen };
  }
  if (job?.error?.code === NAME_TAKEN) return undefined;
  const { earliest, latest } = context.client.clock.at(context.now());
  const { from = Infinity, until = latest } = timeOf(job, postedAt);
  const look = async () => {
    const bearer = await api.findLive(sent.name);
    if (bearer === undefined || !isMadeWithin(bearer, { from, until })) return undefined;
    const isIt = isWhatWasSent(bearer, sent) || fingerprints.includes(fingerprintOf(fieldsFromWire(bearer)));
    return isIt ? bearer : undefined;
  };
  const mayBeUnseen = job !== undefined && until > earliest - SETTLES_WITHIN_MS;
  const seen = await (isPatient && mayBeUnseen ? eventually(step, look) : look());
  return seen?.source_id === undefined ? undefined : { sourceId: seen.source_id, seen };
}

/** What a job says that failed because another's source bears the name. */
const NAME_TAKEN = "name.already.exists";
/** How long before its source a job may say that it was over, in milliseconds. */
const END_MS = 1_000;

/** Whether this job, and no other, ended without having done what it was for. */
export const hasFailed = (error: unknown, jobId: string | undefined): boolean =>
  error instanceof JobError && error.jobId === jobId && error.trouble === "failed";

/** Whether nothing can be expected of this job any more: it failed, or the platform has forgotten it. */
export const madeNothing = (error: unknown, jobId: string | undefined): error is JobError =>
  hasFailed(error, jobId) ||
  (error instanceof JobError && error.jobId === jobId && error.trouble === "missing");

/** Follows a job to its end, its progress on the resource's own row. */
function follow(jobId: string, named: Named, { context, budget }: Step): Promise<Job> {
  return waitForJob(context.client, jobId, budget, {
    show: context.log(named.__urn).status,
    now: context.now,
  });
}

/**
 * What was made cannot become what is asked for: it is gone, or differs in what no update can change. Whoever goes on
 * with an earlier create posts again, which a unique name makes safe.
 */
export class UnusableError extends Error {
  constructor(
    message: string,
    /** The source, where it is still there. */
    readonly sourceId?: string,
  ) {
    super(message);
  }
}

/** It was made and is there no more: it has not been seen for as long as lists may lag behind. */
export class GoneError extends UnusableError {}

/**
 * Brings an existing source to what is asked for, with a PUT only where it differs.
 *
 * @throws UnusableError
 * @throws JobError that made it doubtful whether it is there to stay, when it is not.
 */
export async function ensureFields(
  { sourceId, seen, failure }: Found,
  wanted: SourceInputs,
  step: Step,
): Promise<WireSource> {
  const api = sourceApi(step.context.client, step.budget);
  if (failure !== undefined && (await vanishes(api, sourceId, step))) throw failure;
  const source = seen ?? (await eventually(step, () => unlessMissing(api.get(sourceId))));
  if (source === undefined) throw new UnusableError(`source ${sourceId} was made, but cannot be read.`);
  const present = fieldsFromWire(source, wanted);
  const fixed = REPLACING_FIELDS.filter((field) => present[field] !== wanted[field]);
  if (fixed.length > 0)
    throw new UnusableError(`no update can change ${fixed.join(" and ")} of source ${sourceId}.`, sourceId);
  if (differingFields(present, wanted).length === 0) return source;
  return replaceFields(sourceId, { ...present, version: source.version }, wanted, step);
}

/** Replaces a source's fields, reading it again when somebody else changed it meanwhile. */
export async function replaceFields(
  sourceId: string,
  olds: SourceFields & SourceOutputs,
  news: SourceInputs,
  step: Step,
): Promise<WireSource> {
  const { context, budget } = step;
  const api = sourceApi(context.client, budget);
  let version = olds.version ?? (await api.get(sourceId)).version;
  for (let conflicts = 0; ; conflicts++) {
    try {
      const accepted = await api.replace(sourceId, { ...toWire(news), version });
      if ("jobId" in accepted) await follow(accepted.jobId, news, step);
      const answered = "source" in accepted && isWhole(accepted.source) ? accepted.source : undefined;
      const changed = answered ?? (await readChanged(api, sourceId, version, step));
      return await untilStatus(api, changed, sourceId, news, step);
    } catch (error) {
      if (!isVersionConflict(error) || conflicts >= context.settings.maxRetries) throw error;
      const source = await api.get(sourceId);
      // At the version that was sent, it was something else that is in conflict: another source's name.
      if (source.version === version) throw await nameTaken(api, sourceId, news, error);
      const present = fieldsFromWire(source, news);
      if (differingFields(present, news).length === 0) return source;
      refuseToOverwrite(present, olds, news);
      version = source.version;
      budget.retryCount += 1;
    }
  }
}

/** What to say of a refused change that is not about the version: who has the name, if that is it. */
async function nameTaken(
  api: SourceApi,
  sourceId: string,
  news: SourceInputs,
  refusal: GenesysError,
): Promise<GenesysError> {
  const holder = (await api.findByName(news.name))?.source_id;
  if (holder === undefined || holder === sourceId) return refusal;
  const advice = `The name ${JSON.stringify(news.name)} is taken by the source ${holder}: use another, or rename or delete that one first.`;
  return refusal.with({ advice });
}

/** Whether a value was secret in the program is not told to a provider: what customers' data can be in is not shown. */
const CAN_BE_SECRET: readonly (keyof SourceFields)[] = ["filters", "webhookUrl"];

/** @throws Error naming both values of every field that somebody else changed and the program wants otherwise. */
function refuseToOverwrite(present: SourceFields, olds: SourceFields, news: SourceInputs): void {
  const wantedOtherwise = differingFields(present, news);
  const disputed = differingFields(present, olds).filter((field) => wantedOtherwise.includes(field));
  if (disputed.length === 0) return;
  const values = disputed.map((field) =>
    CAN_BE_SECRET.includes(field)
      ? `${field} (its values may be secret and are not shown)`
      : `${field} is ${JSON.stringify(present[field])}, was ${JSON.stringify(olds[field])}, and the program asks for ${JSON.stringify(news[field])}`,
  );
  throw new Error(
    `${sayName(news)} was changed outside of Pulumi since it was last read: ${values.join("; ")}. Run "pulumi refresh" to take the change into the state, then "pulumi up" to decide.`,
  );
}

/** Whether an answer is the source itself, and not just a part: what it leaves out would pass for empty. */
const isWhole = (answered: WireSource): boolean =>
  [answered.source_id, answered.name, answered.event_topic_id, answered.status, answered.targets].every(
    (each) => each !== undefined,
  );

/** A source that was just changed, read again until it is no longer as it was: reads may lag behind. */
async function readChanged(
  api: SourceApi,
  sourceId: string,
  before: number | undefined,
  step: Step,
): Promise<WireSource> {
  let source: WireSource = {};
  await eventually(step, async () => {
    source = await api.get(sourceId);
    return before === undefined || source.version !== before ? source : undefined;
  });
  return source;
}

/** The source in the status asked for; an answer may come before the status has changed. */
async function untilStatus(
  api: SourceApi,
  changed: WireSource,
  sourceId: string,
  wanted: SourceInputs,
  step: Step,
): Promise<WireSource> {
  let source = changed;
  if (source.status === wanted.status) return source;
  const reached = await eventually(step, async () => {
    source = await api.get(sourceId);
    return source.status === wanted.status ? source : undefined;
  });
  if (reached !== undefined) return reached;
  throw new Error(
    `the status of ${sayName(wanted)} (id ${sourceId}) is ${JSON.stringify(source.status)} though ${JSON.stringify(wanted.status)} was asked for.`,
  );
}

/** The longest pause between two attempts to delete what a job keeps busy, in milliseconds. */
const LONGEST_BUSY_MS = 10_000;

/**
 * Deletes a source and waits until it is gone. While another job is at work on it the platform refuses with 409: then
 * it is tried again until the step has to be over.
 */
export async function removeSource(sourceId: string, named: Named, step: Step): Promise<void> {
  const { context, budget } = step;
  const api = sourceApi(context.client, budget);
  for (let pause = 500; ; pause = Math.min(pause * 2, LONGEST_BUSY_MS)) {
    try {
      const accepted = await api.remove(sourceId);
      if (accepted === undefined) return;
      if ("jobId" in accepted) await follow(accepted.jobId, named, step);
      return await untilGone(sourceId, named, step);
    } catch (error) {
      const isBusy = error instanceof GenesysError && error.status === 409;
      if (!isBusy || context.now() + pause >= budget.deadline || budget.signal.aborted) throw error;
      context.log(named.__urn).status(`${sayName(named)} is busy, next try in ${sayDuration(pause)}`);
      await sleep(pause, budget.signal);
      budget.retryCount += 1;
    }
  }
}

/** Waits until a deleted source can no longer be read. */
async function untilGone(sourceId: string, named: Named, step: Step): Promise<void> {
  const { context, budget } = step;
  const begun = context.now();
  if (await vanishes(sourceApi(context.client, budget), sourceId, step)) return;
  const waited = sayDuration(context.now() - begun);
  throw new Error(
    `${sayName(named)} (id ${sourceId}) was deleted, but it is still there after ${waited}. Run the same command again later.`,
  );
}
