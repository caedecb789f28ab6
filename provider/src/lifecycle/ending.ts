/** Follows what was posted to its end: observes what table E depends on, and looks up what to do. */
import { getJob, hasSucceeded, isOver, type Job } from "../genesys/job.js";
import { unlessMissing } from "../step.js";
import { jobFailure } from "../stepError.js";
import { SETTLES_WITHIN_MS } from "../waits.js";
import { glanceOf } from "./belief.js";
import type { Posted } from "./creation.js";
import { followJob } from "./follow.js";
import type { Inputs } from "./inputs.js";
import { JOB_END, type JobFacts, type JobVerdict } from "./jobEnd.js";
import { noteFound, recordOfJob } from "./jobRecord.js";
import type { KindStep } from "./kind.js";
import { keyOf } from "./kind.js";
import { type Asked, type Found, lookFor, type Sent, timeIn } from "./madeByJob.js";
import { sayName } from "./messages.js";
import { observeAndDecide } from "./table.js";

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

/**
 * @param wasReturned a create has returned it to the engine, and the stack does not have it.
 * @param key beside that of what was posted; default: the same.
 */
export async function endingOf(
  posted: Posted,
  sent: Sent,
  step: KindStep,
  {
    asker,
    wasReturned = false,
    key = "the one asked for",
  }: { asker: JobFacts["asker"]; wasReturned?: boolean; key?: JobFacts["key"] },
): Promise<Ending> {
  const asked = await ask(posted, sent, step, asker);
  const told = posted.objectId ?? asked.job?.objectId;
  const record = await recordWorthNoting(posted, sent, step, told !== undefined && asker === "create");
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
    return isSettled(asked, step) ? "nothing" : "nothing yet";
  };
  const next = await observeAndDecide(JOB_END, {
    asker,
    job: asked.facts,
    id: objectId === undefined ? "unknown" : "known",
    look,
    wasReturned: wasReturned ? "yes" : "no",
    key,
  });
  if (next !== "USE" && next !== "USE, if it stays")
    return {
      next,
      why: whyNot(posted, sent, asked, step),
      wasAtWork: asked.facts === "running" && (asked.trouble?.wasAtWork ?? false),
      isUnseen: asked.facts === "succeeded",
    };
  await noteFound(record, found?.objectId, step);
  return {
    next,
    found: {
      ...(found as unknown as Found),
      ...(asked.facts === "none" ? { seen: posted.seen ?? posted.bare } : {}),
      sent: posted.isMet ? undefined : sent,
      since: asked.begun,
      failure: next === "USE" ? undefined : whyNot(posted, sent, asked, step),
    },
  };
}

/** The record of the job: an earlier run may have noted there what it made. A create that has just posted needs none. */
const recordWorthNoting = async ({ jobId }: Posted, sent: Sent, step: KindStep, isToldToCreate: boolean) =>
  isToldToCreate ? undefined : recordOfJob(jobId, sent.__urn, step);

/** Whether lists have had the time to show what a job has made. */
function isSettled({ at, job }: Asked, { context }: KindStep): boolean {
  if (context.elapsed() - at >= SETTLES_WITHIN_MS) return true;
  const ended = timeIn(job?.date_completed);
  const { earliest } = context.client.clock.at(context.now());
  return ended !== undefined && ended + SETTLES_WITHIN_MS < earliest;
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
  const ended = await followJob(jobId, sent, step, glance);
  const known = { facts: ended.end, job: ended.job, at: at() };
  return ended.end === "succeeded" ? { ...known, begun } : { ...known, trouble: ended };
}

/** What one look at a job shows. What an unknown status means is not for a read to decide. */
function factsOf(job: Job | undefined): JobFacts["job"] {
  if (job === undefined) return "vanished";
  if (!isOver(job)) return "running";
  return hasSucceeded(job) ? "succeeded" : "failed";
}

/** Why there is nothing to use. */
function whyNot({ jobId }: Posted, sent: Sent, { facts, trouble }: Asked, { kind }: KindStep): Error {
  const key = `${kind.noun} of the ${kind.key.field} ${JSON.stringify(keyOf(kind, sent))}`;
  if (facts === "none") return new Error(`${sayName(kind, sent)} has neither an id nor a job.`);
  if (facts === "succeeded") return new Error(`Job ${jobId} is over, but no ${key} is to be found.`);
  if (trouble === undefined) return new Error(`Job ${jobId} is not over.`);
  if (facts !== "unknown status") return jobFailure(trouble);
  const why = `${trouble.why} No ${key} is there. When you are sure that the job will make none, take the resource out of the stack with "pulumi state delete".`;
  return jobFailure({ ...trouble, why });
}
