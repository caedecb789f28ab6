import { type Job, JobError } from "../genesys/jobs.js";
import { eventually, SETTLES_WITHIN_MS, type Step, unlessMissing } from "../step.js";
import { sourceApi } from "./api.js";
import { sayName } from "./conflict.js";
import { insistHere } from "./elsewhere.js";
import { followJob, type Named } from "./follow.js";
import type { SourceFields, SourceOutputs, SourceState } from "./model.js";
import { isIt, isOneOf, isWhatWasSent, type Period, whenMade } from "./ours.js";
import type { Posted } from "./reply.js";
import type { WireSource } from "./wire.js";

/** A source that is there. */
export interface Found {
  sourceId: string;
  /** As it was just read, where it was. */
  seen?: WireSource;
  /**
   * What was sent to make it, as far as that is known, and the version that it had then: an API may keep an address to
   * itself, and other fields in its own way. Nothing of what was met there, whoever has made it.
   */
  sent?: SourceFields & Pick<SourceOutputs, "version">;
  /** Why its job is over, where that failed and the source is there all the same: it may be on its way out. */
  failure?: JobError;
}

/** Whether to wait for lists to catch up with what a job has made that was over just now. */
type Looking = "once" | "until lists have caught up";

/**
 * The source that was posted, once its job is over.
 *
 * @param looking how to look for what a job has made that failed. A create that has just posted need not wait: the next
 * one finds what lists do not show yet. For the job of an earlier run there may be no next one.
 * @throws JobError when the job failed and made nothing, or is not over in time.
 * @throws UnusableError when it succeeded, and there is no source.
 */
export async function foundOf(
  posted: Posted,
  sent: SourceFields & Named & Pick<SourceState, "__host" | "version">,
  step: Step,
  looking: Looking = "once",
): Promise<Found> {
  const { sourceId, jobId, seen } = posted;
  const known = seen === undefined && !posted.__met ? sent : undefined;
  if (jobId === undefined) {
    if (sourceId !== undefined) return { sourceId, seen, sent: known };
    throw new Error(`${sayName(sent)} has neither an id nor a job.`);
  }
  let job: Job;
  try {
    job = await followJob(jobId, sent, step);
    if (sourceId !== undefined) return { sourceId, sent: known };
    if (job.source_id !== undefined) return { sourceId: job.source_id, sent: known };
  } catch (error) {
    if (!madeNothing(error, jobId)) throw error;
    const left = await leftBehind(posted, sent, error, step, looking);
    if (left === undefined) throw error;
    return { sourceId: left.sourceId, sent: known, failure: error };
  }
  const lookedFrom = step.context.elapsed();
  const found = await madeBy(job, posted, sent, step);
  if (found !== undefined) return { ...found, sent: known };
  const message = `Job ${jobId} is over, but no source of the name ${JSON.stringify(sent.name)} is to be found.`;
  if (step.context.elapsed() - lookedFrom >= SETTLES_WITHIN_MS) throw new GoneError(message);
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
  const { from = -Infinity, until } = timeOf(job, postedAt);
  const seen = await eventually(step, async () => {
    const bearer = await api.findLive(sent.name);
    if (bearer === undefined) return undefined;
    const made = whenMade(bearer, { from, until });
    const content = isWhatWasSent(bearer, sent) ? "equal" : "different";
    return isIt({ evidence: "job succeeded", made, content }) ? bearer : undefined;
  });
  return seen?.source_id === undefined ? undefined : { sourceId: seen.source_id, seen };
}

/** When a job was at work, as far as it is known. */
function timeOf(job: Job | undefined, postedAt: number | undefined): Partial<Period> {
  const [began, ended] = [timeIn(job?.date_created), timeIn(job?.date_completed)];
  return { from: postedAt ?? began, until: ended === undefined ? undefined : ended + END_MS };
}

function timeIn(date: string | undefined): number | undefined {
  const time = Date.parse(date ?? "");
  return Number.isNaN(time) ? undefined : time;
}

/**
 * What is there although its job failed or vanished. A name and its content alone prove nothing: it may be
 * another's source that bears it, and the reason why the job failed. It must have been made while the job was at work.
 *
 * @param seen the job, where the platform still knows it, and whether it was at work just now.
 */
export async function leftBehind(
  { sourceId, jobId, __postedAt: postedAt, __until: expectedUntil = Infinity, fingerprints = [] }: Posted,
  sent: SourceFields & Pick<SourceState, "__host">,
  { job, wasAtWork = false }: { job?: Job; wasAtWork?: boolean },
  step: Step,
  looking: Looking,
): Promise<Found | undefined> {
  const { context } = step;
  const api = sourceApi(context.client, step.budget);
  if (sourceId !== undefined) {
    const seen = await unlessMissing(api.get(sourceId));
    if (seen !== undefined) return { sourceId, seen };
    if (job === undefined) insistHere(`id ${sourceId}`, sent, context);
    return undefined;
  }
  // Of the job of another organisation this one knows nothing; what bears the name here has nothing to do with it.
  if (job === undefined) insistHere(`job ${jobId}`, sent, context);
  // Whatever bears the name is the reason why the job failed: there is no need to look.
  if (job?.error?.isNameTaken) return undefined;
  const { earliest, latest } = context.client.clock.at(context.now());
  // What came later than it could be expected may as well be another's.
  const latestEnd = wasAtWork ? latest : Math.min(latest, expectedUntil);
  const { from = Infinity, until = latestEnd } = timeOf(job, postedAt);
  const look = async () => {
    const bearer = await api.findLive(sent.name);
    if (bearer === undefined) return undefined;
    const content = isWhatWasSent(bearer, sent) || isOneOf(fingerprints, bearer) ? "equal" : "different";
    const made = whenMade(bearer, { from, until });
    return isIt({ evidence: "unanswered, failed or vanished", made, content }) ? bearer : undefined;
  };
  const mayBeUnseen = job !== undefined && until > earliest - SETTLES_WITHIN_MS;
  const isPatient = looking === "until lists have caught up" && mayBeUnseen;
  const seen = await (isPatient ? eventually(step, look) : look());
  return seen?.source_id === undefined ? undefined : { sourceId: seen.source_id, seen };
}

/** How long before its source a job may say that it was over, in milliseconds. */
const END_MS = 1_000;

/** Whether this job, and no other, ended without having done what it was for. */
export const hasFailed = (error: unknown, jobId: string | undefined): boolean =>
  error instanceof JobError && error.jobId === jobId && error.trouble === "failed";

/** Whether nothing can be expected of this job any more: it failed, or the platform has forgotten it. */
export const madeNothing = (error: unknown, jobId: string | undefined): error is JobError =>
  hasFailed(error, jobId) ||
  (error instanceof JobError && error.jobId === jobId && error.trouble === "missing");

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
