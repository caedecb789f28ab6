/** Follows what was posted to its end: observes what table E depends on, and looks up what to do. */
import { getJob, hasSucceeded, isOver, type Job } from "../genesys/job.js";
import { JobError } from "../genesys/jobs.js";
import { eventually, unlessMissing } from "../step.js";
import { JOB_BEFORE_OBJECT_MS, SETTLES_WITHIN_MS } from "../waits.js";
import { glanceOf } from "./belief.js";
import { insistHere } from "./elsewhere.js";
import { followJob } from "./follow.js";
import type { CommonOutputs, Inputs, Properties } from "./inputs.js";
import { JOB_END, type JobFacts, type JobVerdict } from "./jobEnd.js";
import { noteFound, recordOfJob } from "./jobRecord.js";
import type { KindStep } from "./kind.js";
import { keyOf } from "./kind.js";
import type { Observed } from "./kindApi.js";
import { findLive } from "./look.js";
import { sayName } from "./messages.js";
import { isIt, isOneOf, isWhatWasSent, type Period, whenMade } from "./recognise.js";
import type { Posted } from "./reply.js";
import { observeAndDecide } from "./table.js";
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

/** What has become of what was posted. */
export type Ending =
  | { next: Extract<JobVerdict, "USE" | "USE, if it stays">; found: Found }
  | {
      next: Exclude<JobVerdict, "USE" | "USE, if it stays">;
      why: Error;
      /** The job was seen at work by this run. */
      wasAtWork: boolean;
      /** The job has succeeded, and no list shows what it has made. */
      isUnseen: boolean;
    };

/** What is known of a job that was asked. */
interface Asked {
  facts: JobFacts["job"];
  job?: Job;
  /** Why it is no success. */
  trouble?: JobError;
  /** When it was asked, by this machine's clock that never jumps. */
  at: number;
  /** When its following began, by the same clock: what it was to make was posted before. */
  begun?: number;
}

/** @param wasReturned a create has returned it to the engine, and the stack does not have it. */
export async function endingOf(
  posted: Posted,
  sent: Sent,
  step: KindStep,
  { asker, wasReturned = false }: { asker: JobFacts["asker"]; wasReturned?: boolean },
): Promise<Ending> {
  const asked = await ask(posted, sent, step, asker);
  const told = posted.objectId ?? asked.job?.objectId;
  const record = told === undefined ? await recordOfJob(posted.jobId, sent.__urn, step) : undefined;
  const objectId = told ?? record?.objectId;
  let found: Found | undefined = objectId === undefined ? undefined : { objectId };
  const look = async (): Promise<JobFacts["look"]> => {
    found = await lookFor(
      { ...posted, objectId: posted.objectId ?? record?.objectId },
      sent,
      asked,
      step,
      asker,
    );
    if (found !== undefined) return "it";
    return step.context.elapsed() - asked.at >= SETTLES_WITHIN_MS ? "nothing" : "nothing yet";
  };
  const next = await observeAndDecide(JOB_END, {
    asker,
    job: asked.facts,
    id: objectId === undefined ? "unknown" : "known",
    look,
    wasReturned: wasReturned ? "yes" : "no",
  });
  if (next !== "USE" && next !== "USE, if it stays")
    return {
      next,
      why: whyNot(posted, sent, asked, step),
      wasAtWork: asked.facts === "running" && (asked.trouble?.wasAtWork ?? false),
      isUnseen: asked.facts === "succeeded",
    };
  await noteFound(record, found?.objectId, step);
  const isMet = posted.seen !== undefined || posted.__met === true;
  return {
    next,
    found: {
      ...(found as unknown as Found),
      ...(asked.facts === "none" ? { seen: posted.seen ?? posted.bare } : {}),
      sent: isMet ? undefined : sent,
      since: asked.begun,
      failure: next === "USE" ? undefined : asked.trouble,
    },
  };
}

/** Waits for the end of the job, if there is one. A read takes one look. */
async function ask({ jobId }: Posted, sent: Sent, step: KindStep, asker: JobFacts["asker"]): Promise<Asked> {
  const { context, budget } = step;
  const at = () => context.elapsed();
  if (jobId === undefined) return { facts: "none", at: at() };
  if (asker === "read") {
    const job = await unlessMissing(getJob(context.client, jobId, budget));
    return { facts: factsOf(job), job, at: at() };
  }
  const begun = at();
  const glance = asker === "create" ? glanceOf(sent as Inputs, begun, step) : undefined;
  try {
    return { facts: "succeeded", job: await followJob(jobId, sent, step, glance), at: at(), begun };
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    return { facts: FACTS[error.trouble], job: error.job, trouble: error, at: at() };
  }
}

const FACTS = {
  failed: "failed",
  missing: "vanished",
  timeout: "running",
  "unknown status": "unknown status",
} as const satisfies Record<JobError["trouble"], JobFacts["job"]>;

/** What one look at a job shows. What an unknown status means is not for a read to decide. */
function factsOf(job: Job | undefined): JobFacts["job"] {
  if (job === undefined) return "vanished";
  if (!isOver(job)) return "running";
  return hasSucceeded(job) ? "succeeded" : "failed";
}

/**
 * What a job has made, where it does not tell, or failed. Lists are given the time to catch up, but by a create whose job
 * failed: the next one finds what they do not show yet. For the job of an earlier run there may be no next one.
 */
function lookFor(
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
  { __postedAt: postedAt }: Posted,
  sent: Sent,
  step: KindStep,
): Promise<Found | undefined> {
  const { from = -Infinity, until } = timeOf(job, postedAt);
  return eventually(step, async () => {
    const bearer = await findLive(keyOf(step.kind, sent), step);
    if (bearer?.id === undefined) return undefined;
    const made = whenMade(bearer, { from, until });
    const content = isWhatWasSent(step.kind, bearer, sent) ? "equal" : "different";
    const isOurs = isIt({ evidence: "job succeeded", made, content });
    return isOurs ? { objectId: bearer.id, seen: bearer } : undefined;
  });
}

/** When a job was at work, as far as it is known. */
function timeOf(job: Job | undefined, postedAt: number | undefined): Partial<Period> {
  const [began, ended] = [timeIn(job?.date_created), timeIn(job?.date_completed)];
  return { from: postedAt ?? began, until: ended === undefined ? undefined : ended + JOB_BEFORE_OBJECT_MS };
}

function timeIn(date: string | undefined): number | undefined {
  const time = Date.parse(date ?? "");
  return Number.isNaN(time) ? undefined : time;
}

/**
 * What is there although its job failed or vanished. A key and its content alone prove nothing: it may be another's object
 * that bears it, and the reason why the job failed. It must have been made while the job was at work.
 *
 * @param isPatient whether to wait for lists to catch up with what was made just now.
 */
async function leftBehind(
  { objectId, jobId, __postedAt: postedAt, __until: expectedUntil = Infinity, fingerprints = [] }: Posted,
  sent: Sent,
  { job, trouble }: Asked,
  step: KindStep,
  isPatient: boolean,
): Promise<Found | undefined> {
  const { context, kind, api } = step;
  if (objectId !== undefined) {
    const seen = await unlessMissing(api.get(objectId));
    if (seen !== undefined) return { objectId, seen };
    if (job === undefined) await insistHere(`id ${objectId}`, sent, step);
    return undefined;
  }
  // Of the job of another organisation this one knows nothing; what bears the key here has nothing to do with it.
  if (job === undefined) await insistHere(`job ${jobId}`, sent, step);
  // Whatever bears the key is the reason why the job failed: there is no need to look.
  if (job?.error?.isNameTaken) return undefined;
  const { earliest, latest } = context.client.clock.at(context.now());
  // What came later than it could be expected may as well be another's.
  const latestEnd = trouble?.wasAtWork ? latest : Math.min(latest, expectedUntil);
  const { from = Infinity, until = latestEnd } = timeOf(job, postedAt);
  const look = async () => {
    const bearer = await findLive(keyOf(kind, sent), step);
    if (bearer?.id === undefined) return undefined;
    const isSent = isWhatWasSent(kind, bearer, sent) || isOneOf(kind, fingerprints, bearer);
    const made = whenMade(bearer, { from, until });
    const content = isSent ? "equal" : "different";
    const isOurs = isIt({ evidence: "unanswered, failed or vanished", made, content });
    return isOurs ? { objectId: bearer.id, seen: bearer } : undefined;
  };
  const mayBeUnseen = until > earliest - SETTLES_WITHIN_MS;
  return isPatient && mayBeUnseen ? eventually(step, look) : look();
}

/** Why there is nothing to use. */
function whyNot({ jobId }: Posted, sent: Sent, { facts, trouble }: Asked, { kind }: KindStep): Error {
  const key = `${kind.noun} of the ${kind.key.field} ${JSON.stringify(keyOf(kind, sent))}`;
  if (facts === "none") return new Error(`${sayName(kind, sent)} has neither an id nor a job.`);
  if (facts === "succeeded") return new Error(`Job ${jobId} is over, but no ${key} is to be found.`);
  if (facts !== "unknown status") return trouble ?? new Error(`Job ${jobId} is not over.`);
  return new Error(
    `${trouble?.message} No ${key} is there. When you are sure that the job will make none, take the resource out of the stack with "pulumi state delete".`,
    { cause: trouble },
  );
}
