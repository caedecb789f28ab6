import { sayDuration } from "../duration.js";
import type { Log } from "../resourceHandler.js";
import type { GenesysClient } from "./client.js";
import { GenesysError, isNotFound } from "./errors.js";
import { type StepBudget, sleep } from "./retry.js";

/** A job as the API answers it. */
export interface Job {
  job_id?: string;
  status: string;
  source_id?: string;
  /** Percent. */
  progress?: number;
  error?: { code?: string; message?: string };
}

/** What a status means; one that is in neither list is an error, by name. */
const MEANING: Readonly<Record<string, "pending" | "succeeded" | "failed">> = {
  queued: "pending",
  running: "pending",
  completed: "succeeded",
  active: "succeeded",
  failed: "failed",
  cancelled: "failed",
};

/** The first pause where nothing is known of how long jobs take. */
const FIRST_PAUSE_MS = 500;
/** The longest pause between two polls. */
const LONGEST_PAUSE_MS = 10_000;
/** How long a job that was just accepted may still be unknown to the server that is asked. */
const APPEARS_WITHIN_MS = 10_000;

/** How waiting for a job ended badly. */
export type JobTrouble = "failed" | "unknown status" | "timeout" | "missing";

/** A job that did not end in success, or whose end was not seen. */
export class JobError extends Error {
  constructor(
    message: string,
    readonly trouble: JobTrouble,
    readonly jobId: string,
  ) {
    super(message);
    this.name = "JobError";
  }
}

/** The job as it stands. */
export async function getJob(client: GenesysClient, jobId: string, budget: StepBudget): Promise<Job> {
  const { body } = await client.send<Job>(
    { method: "GET", path: "/api/v2/asyncapi/jobs/{jobId}", pathParams: { jobId } },
    budget,
  );
  return { ...body, source_id: body.source_id ?? undefined };
}

const meaningOf = (job: Job) => (Object.hasOwn(MEANING, job.status) ? MEANING[job.status] : undefined);

/** Whether a job has done what it was for. */
export const hasSucceeded = (job: Job): boolean => meaningOf(job) === "succeeded";

/** Whether a job is still going on. @throws JobError for a status that the contract does not know. */
export function isPending(jobId: string, job: Job): boolean {
  const meaning = meaningOf(job);
  if (meaning !== undefined) return meaning === "pending";
  throw new JobError(
    `Job ${jobId} is in the unknown status ${JSON.stringify(job.status)}; known are ${Object.keys(MEANING).join(", ")}.`,
    "unknown status",
    jobId,
  );
}

/**
 * Follows a job to its end.
 *
 * @throws JobError when it failed, when its status is unknown, when the platform does not know the job, or when
 *   the budget's deadline came first; then with the last status seen.
 */
export async function waitForJob(
  client: GenesysClient,
  jobId: string,
  budget: StepBudget,
  { log, now }: { log: Log; now: () => number },
): Promise<Job> {
  const begun = now();
  let polls = 0;
  let last: Job | undefined;
  let notBefore = 0;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.max(notBefore, nextPause(now() - begun))) {
    const left = budget.deadline - now();
    if (left <= notBefore || budget.signal.aborted)
      throw timedOut(jobId, { last, polls, waited: now() - begun });
    await sleep(Math.min(pause, left), budget.signal);
    const seen = await poll(client, jobId, budget, now() - begun < APPEARS_WITHIN_MS);
    polls += 1;
    notBefore = "retryAfterMs" in seen ? seen.retryAfterMs : 0;
    if ("retryAfterMs" in seen) continue;
    const job = seen;
    last = job;
    if (!isPending(jobId, job)) {
      if (hasSucceeded(job)) return job;
      throw new JobError(`Job ${jobId} ${saysWhy(job)}`, "failed", jobId);
    }
    log.status(`job ${jobId} ${describe(job)}, ${sayDuration(now() - begun)} so far`);
  }
}

/** A job asked when a half of the time so far has passed again is seen to end at most a third too late. */
const nextPause = (waited: number): number =>
  Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, waited / 2));

/** How long to wait at least when there is nothing to learn yet: the platform is in trouble, or does not know the job yet. */
async function poll(
  client: GenesysClient,
  jobId: string,
  budget: StepBudget,
  young: boolean,
): Promise<Job | { retryAfterMs: number }> {
  try {
    return await getJob(client, jobId, budget);
  } catch (error) {
    if (isNotFound(error)) {
      if (young) return { retryAfterMs: 0 };
      throw new JobError(`Job ${jobId} is not known to Genesys Cloud (any more).`, "missing", jobId);
    }
    if (error instanceof GenesysError && (error.status === 0 || error.status === 429 || error.status >= 500))
      return { retryAfterMs: error.retryAfterMs ?? 0 };
    throw error;
  }
}

const describe = (job: Job): string =>
  typeof job.progress === "number" ? `${job.status} (${Math.round(job.progress)} %)` : job.status;

function saysWhy(job: Job): string {
  const { code, message } = job.error ?? {};
  const reason = [code, message].filter((each) => each !== undefined && each !== "").join(": ");
  if (job.status === "cancelled") return `was cancelled${reason === "" ? "" : `: ${reason}`}.`;
  return reason === "" ? "failed, and the platform gave no reason." : `failed: ${reason}.`;
}

function timedOut(jobId: string, seen: { last: Job | undefined; polls: number; waited: number }): JobError {
  const last = seen.last === undefined ? "it was not seen yet" : `its last status was ${describe(seen.last)}`;
  return new JobError(
    `Job ${jobId} was not over after ${sayDuration(seen.waited)}: ${last}, asked ${seen.polls} times.`,
    "timeout",
    jobId,
  );
}
