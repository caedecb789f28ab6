/** Follows a job to its end. */
import { waitFor } from "../waitFor.js";
import { JOB_APPEARS_WITHIN_MS } from "../waits.js";
import type { GenesysClient } from "./client.js";
import { GenesysError, isNotFound, UNTRUSTED } from "./errors.js";
import { getJob, hasSucceeded, type Job, MEANING, meaningOf } from "./job.js";
import type { Watch } from "./pace.js";
import type { StepBudget } from "./retry.js";
import { sayDuration } from "./say.js";

/** How a job has ended, in the words of table E of `lifecycle`. */
export type JobEnd = { end: "succeeded"; job: Job } | JobTrouble;

/** A job that did not end in success, or whose end was not seen. */
export interface JobTrouble {
  /** `vanished`: the platform does not know it; `running`: the time was up, or the run was stopped. */
  end: "failed" | "vanished" | "running" | "unknown status";
  jobId: string;
  /** What there is to say of it. */
  why: string;
  /** The job as it was seen last; not in a status that nobody knows. */
  job?: Job;
  /** Whether it was seen at work by who waited for it. */
  wasAtWork: boolean;
}

/** How a job has ended that was just seen; nothing where it is still going on. */
function endOf(jobId: string, job: Job, wasAtWork: boolean): JobEnd | undefined {
  const meaning = meaningOf(job);
  if (meaning === "pending") return undefined;
  if (meaning === "succeeded") return { end: meaning, job };
  if (meaning === "failed")
    return { end: meaning, jobId, why: `Job ${jobId} ${saysWhy(job)}`, job, wasAtWork };
  const why = `Job ${jobId} is in the unknown status ${JSON.stringify(job.status)}; known are ${Object.keys(MEANING).join(", ")}.`;
  return { end: "unknown status", jobId, why, wasAtWork: false };
}

/**
 * How often it is glanced at before the job itself is asked, where calls are short: a list may lag behind, and shows nothing of a
 * job that failed.
 */
const MOST_GLANCES = 2;

/** What a shared look has shown: that it is made, or not yet, or nothing that counts. Only the job itself tells that it is over. */
export type Glanced = "made" | "not yet" | "unknown";

/** A look at what jobs are to make, which those who wait for them share. */
export interface Glance {
  /** How many calls one takes now; `undefined` where there is none to be had. */
  calls(): number | undefined;
  /**
   * Looks whether what the job is to make is there yet.
   *
   * @param isNew whether only a page counts that is asked for from now on, in the place of one since the job was posted.
   */
  look(isNew: boolean): Promise<Glanced>;
}

/** How a job is followed. */
export interface Following {
  /** Is told where the job stands, as often as that is learned. */
  show: (status: string) => void;
  elapsed: () => number;
  /**
   * Goes ahead of looks at the job. Where calls are short, of the first ones. Where it takes fewer calls than asking each job, of
   * all.
   */
  glance?: Glance;
}

/** Follows a job to its end; `polling.ts` says when it is looked at. @throws GenesysError where it cannot be asked. */
export async function waitForJob(
  client: GenesysClient,
  jobId: string,
  budget: StepBudget,
  { show, elapsed, glance }: Following,
): Promise<JobEnd> {
  const begun = elapsed();
  const waited = () => elapsed() - begun;
  const watch = client.pace.watch("job", glance?.calls);
  const watched: Watched = { polls: 0, notBefore: 0, glances: 0 };
  try {
    const ended = await untilOver(client, jobId, budget, { show, glance, waited, watch, watched });
    if (ended.end === "succeeded") {
      watch.over(durationOf(ended.job));
      if (watched.polls > 1) show(`job ${jobId} ${ended.job.status} after ${sayDuration(waited())}`);
    }
    return ended;
  } finally {
    watch.leave();
  }
}

/** What is known of a job that is waited for. */
interface Watched {
  polls: number;
  last?: Job;
  /** How long the platform asks to leave it alone, in milliseconds. */
  notBefore: number;
  /** Looks that were shared with others in its place. */
  glances: number;
}

/** Looks at a job until it is over, or the time is up. */
async function untilOver(
  client: GenesysClient,
  jobId: string,
  budget: StepBudget,
  {
    show,
    glance,
    waited,
    watch,
    watched,
  }: Omit<Following, "elapsed"> & { waited: () => number; watch: Watch; watched: Watched },
): Promise<JobEnd> {
  const isYoung = () => waited() < JOB_APPEARS_WITHIN_MS;
  const ended = await waitFor(
    async () => {
      // What was asked to be waited for has passed.
      watched.notBefore = 0;
      const glanced = await glanceFirst(watched, watch, glance);
      if (glanced === "not yet" && !(watch.isShared && watch.isDue)) return undefined;
      return look(client, jobId, budget, { watched, watch, isYoung: isYoung(), glanced });
    },
    {
      signal: budget.signal,
      pause: () => {
        const left = budget.left();
        return left <= watched.notBefore ? undefined : watch.pause(watched.notBefore, left);
      },
      pausesOn: () => watch.isLeftToOthers,
      onPause: (ms) => {
        if (watched.last !== undefined && watch.isDue)
          show(`job ${jobId} ${describe(watched.last)}, next look in ${sayDuration(ms)}`);
      },
    },
  );
  if (ended.end === "reached") return ended.value;
  // Stopped or out of time: the job goes on, and whoever waited for it keeps what is known of it.
  const notBefore = budget.left() > 0 ? watched.notBefore : 0;
  return notOver(jobId, { ...watched, waited: waited(), notBefore });
}

/** Takes a shared look, where one goes ahead. */
async function glanceFirst(watched: Watched, watch: Watch, glance: Glance | undefined): Promise<Glanced> {
  if (glance === undefined) return "unknown";
  if (watch.isShared) return glance.look(true);
  if (watched.glances >= MOST_GLANCES || !watch.isShort) return "unknown";
  watched.glances += 1;
  return glance.look(false);
}

/** One look at a job. @returns how it has ended, where there is no need of another look */
async function look(
  client: GenesysClient,
  jobId: string,
  budget: StepBudget,
  {
    watched,
    watch,
    isYoung,
    glanced,
  }: { watched: Watched; watch: Watch; isYoung: boolean; glanced: Glanced },
): Promise<JobEnd | undefined> {
  const wasAtWork = watched.last !== undefined;
  const seen = await poll(client, jobId, budget, isYoung);
  if (seen === undefined) {
    const why = `Job ${jobId} is not known to Genesys Cloud (any more).`;
    return { end: "vanished", jobId, why, wasAtWork };
  }
  watched.polls += 1;
  watched.notBefore = "retryAfterMs" in seen ? seen.retryAfterMs : 0;
  if ("retryAfterMs" in seen) return undefined;
  watched.last = seen;
  watch.seen(seen.progress);
  const ended = endOf(jobId, seen, wasAtWork);
  if (watch.isShared && ended?.end !== "unknown status") compare(glanced, seen, watch);
  return ended;
}

/** Sets what a page has shown beside the job itself. Of a job that made nothing no page can show that it is over. */
function compare(glanced: Glanced, job: Job, watch: Watch): void {
  const hasMade = hasSucceeded(job);
  if (glanced === "made" || (glanced === "not yet" && hasMade))
    watch.compared(hasMade === (glanced === "made"));
}

/** How long the job took by the platform's own clock, where it tells. */
function durationOf({ date_created, date_completed }: Job): number | undefined {
  const duration = Date.parse(date_completed ?? "") - Date.parse(date_created ?? "");
  return duration >= 0 ? duration : undefined;
}

/**
 * The job, or how long to wait at least when there is nothing to learn yet: the platform is in trouble, or does not know a young
 * job yet. `undefined` where it does not know an older one.
 */
async function poll(
  client: GenesysClient,
  jobId: string,
  budget: StepBudget,
  isYoung: boolean,
): Promise<Job | { retryAfterMs: number } | undefined> {
  try {
    return await getJob(client, jobId, budget);
  } catch (error) {
    if (isNotFound(error)) return isYoung ? { retryAfterMs: 0 } : undefined;
    const mayPass =
      error instanceof GenesysError &&
      error.code !== UNTRUSTED &&
      (error.status === 0 || error.status === 429 || error.status >= 500);
    if (mayPass) return { retryAfterMs: error.retryAfterMs ?? 0 };
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

/** A job whose end was not seen. */
function notOver(jobId: string, { last: job, ...seen }: Watched & { waited: number }): JobTrouble {
  const asked =
    seen.notBefore > 0
      ? `, and Genesys Cloud asks to wait ${sayDuration(seen.notBefore)} before the next look`
      : "";
  const last = job === undefined ? "it was not seen yet" : `its last status was ${describe(job)}`;
  const why = `Job ${jobId} was not over after ${sayDuration(seen.waited)}${asked}: ${last}, asked ${seen.polls} times.`;
  return { end: "running", jobId, why, job, wasAtWork: job !== undefined };
}
