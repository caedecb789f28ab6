/** Looks for what a job has made, where it does not tell or failed: by the id where that is known, else by the key. */
import type { Job } from "../genesys/job.js";
import type { JobTrouble } from "../genesys/jobs.js";
import { eventually, unlessMissing, unlessStopped } from "../step.js";
import { JOB_BEFORE_OBJECT_MS, SETTLES_WITHIN_MS } from "../waits.js";
import type { Posted } from "./creation.js";
import { insistHere } from "./elsewhere.js";
import type { CommonOutputs, Properties } from "./inputs.js";
import type { JobFacts } from "./jobEnd.js";
import type { KindStep } from "./kind.js";
import { keyOf } from "./kind.js";
import type { Observed } from "./kindApi.js";
import { findLive } from "./look.js";
import { sayName } from "./messages.js";
import { isIt, isOneOf, isWhatWasSent, type Period, whenMade } from "./recognise.js";
import type { Whereabouts } from "./whereabouts.js";

/** An object that is there. */
export interface Found {
  objectId: string;
  /** As it was just read, where it was. */
  seen?: Observed;
  /**
   * What was sent to make it, as far as that is known, and the version that it had then: an API may keep an address to
   * itself, and other fields in its own way. Nothing of what was met there, whoever has made it.
   */
  sent?: Sent;
  /** When it had been posted already, by this machine's clock that never jumps; where its job was followed. */
  since?: number;
  /** Why its job is over, where that failed and the object is there all the same: it may be on its way out. */
  failure?: Error;
}

/** What was posted, as far as it is known. */
export type Sent = Properties & { name: string; __urn?: string } & Pick<CommonOutputs, "version"> &
  Whereabouts;

/** What is known of a job that was asked. */
export interface Asked {
  facts: JobFacts["job"];
  job?: Job;
  /** Why it is no success. */
  trouble?: JobTrouble;
  /** When it was asked, by this machine's clock that never jumps. */
  at: number;
  /** When its following began, by the same clock: what it was to make was posted before. */
  begun?: number;
}

/**
 * What a job has made, where it does not tell, or failed, or vanished. Lists are given the time to catch up. A create whose
 * own job failed looks once: what lists do not show yet the next create finds. Of an earlier run's job there may be no next.
 */
export function lookFor(
  posted: Posted,
  sent: Sent,
  asked: Asked,
  step: KindStep,
  asker: JobFacts["asker"],
): Promise<Found | undefined> {
  if (asked.facts === "succeeded") return madeBy(asked.job as Job, posted, sent, step);
  const isPatient = asker !== "create" || asked.facts === "vanished";
  return leftBehind(posted, sent, asked, step, isPatient);
}

/**
 * What a job has made that succeeded without telling its id. The key proves nothing: whoever has removed the object may
 * have given it to another since. It must have been made while the job was at work; where it is just what was posted,
 * the platform's clocks may be apart.
 */
async function madeBy(
  job: Job,
  { postedAt }: Posted,
  sent: Sent,
  step: KindStep,
): Promise<Found | undefined> {
  const { from = -Infinity, until } = timeOf(job, postedAt);
  const bearer = () => bearerOf(sent, { evidence: "job succeeded", period: { from, until } }, step);
  return untilShown(sent, step, bearer);
}

/** What bears the key that was posted, where the evidence shows that it is what was posted. */
async function bearerOf(
  sent: Sent,
  {
    evidence,
    period,
    fingerprints,
  }: Pick<Posted, "fingerprints"> & {
    evidence: "job succeeded" | "unanswered, failed or vanished";
    period: Period;
  },
  step: KindStep,
): Promise<Found | undefined> {
  const { kind } = step;
  const bearer = await findLive(keyOf(kind, sent), step);
  if (bearer?.id === undefined) return undefined;
  const isSent = isWhatWasSent(kind, bearer, sent) || isOneOf(kind, fingerprints ?? [], bearer);
  const made = whenMade(bearer, period);
  const isOurs = isIt({ evidence, made, content: isSent ? "equal" : "different" });
  return isOurs ? { objectId: bearer.id, seen: bearer } : undefined;
}

/** Looks until reads and lists have caught up. @throws Error where the run is to stop before */
const untilShown = async <T>(
  sent: Sent,
  step: KindStep,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> =>
  unlessStopped(await eventually(step, look), `what has become of ${sayName(step.kind, sent)}`);

/** When a job was at work, as far as it is known. */
function timeOf(job: Job | undefined, postedAt: number | undefined): Partial<Period> {
  const [began, ended] = [timeIn(job?.date_created), timeIn(job?.date_completed)];
  return { from: postedAt ?? began, until: ended === undefined ? undefined : ended + JOB_BEFORE_OBJECT_MS };
}

export function timeIn(date: string | undefined): number | undefined {
  const time = Date.parse(date ?? "");
  return Number.isNaN(time) ? undefined : time;
}

/**
 * What a job has made although it failed or vanished. Key and content alone prove nothing: another's object may bear the key, and
 * be why the job failed. It must have been made while the job was at work.
 *
 * @param isPatient whether to wait for lists to catch up with what was made just now.
 */
async function leftBehind(
  { objectId, jobId, postedAt, until: expectedUntil = Infinity, fingerprints = [] }: Posted,
  sent: Sent,
  { job, trouble }: Asked,
  step: KindStep,
  isPatient: boolean,
): Promise<Found | undefined> {
  const { context, api } = step;
  const { earliest, latest } = context.client.clock.at(context.now());
  // What came later than it could be expected may as well be another's.
  const latestEnd = trouble?.wasAtWork ? latest : Math.min(latest, expectedUntil);
  const { from = Infinity, until = latestEnd } = timeOf(job, postedAt);
  const mayBeUnseen = until > earliest - SETTLES_WITHIN_MS;
  const looking = <T>(look: () => Promise<T | undefined>) =>
    isPatient && mayBeUnseen ? untilShown(sent, step, look) : look();
  if (objectId !== undefined) {
    const seen = await looking(() => unlessMissing(api.get(objectId)));
    if (seen !== undefined) return { objectId, seen };
    if (job === undefined) await insistHere(`id ${objectId}`, sent, step);
    return undefined;
  }
  // Of the job of another organisation this one knows nothing; what bears the key here has nothing to do with it.
  if (job === undefined) await insistHere(`job ${jobId}`, sent, step);
  // Whatever bears the key is the reason why the job failed: there is no need to look.
  if (job?.error?.isNameTaken) return undefined;
  const evidence = "unanswered, failed or vanished";
  return looking(() => bearerOf(sent, { evidence, period: { from, until }, fingerprints }, step));
}
