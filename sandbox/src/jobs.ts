/** How a job goes on with time, and how the API shows it. */
import type { Job, JobError } from "./model.js";
import { compact } from "./present.js";
import type { Variants } from "./variants.js";

/** What the control plane has in store for the jobs to come. */
export interface JobOutcome {
  /** For how many jobs; 1 by default. */
  times?: number;
  /** "failed", "cancelled", any other status to end with, or "stuck": pending for ever. */
  status: string;
  error?: JobError;
  /** Instead of the usual duration. */
  afterMs?: number;
  /** Whether the source is made (changed, deleted) all the same. By default only where the status is a success. */
  sourceMade?: boolean;
}

export const successStatuses = ["completed", "active"];

const queuedPart = 0.2;

/** When a job's effect comes and, unless it is stuck, its end. */
export function endOf(job: Job): number {
  return job.accepted_at + job.duration_ms;
}

export function isPending(job: Job, now: number): boolean {
  return job.final_status === "stuck" || now < endOf(job);
}

/** The job as the API shows it at this moment. */
export function presentJob(job: Job, now: number, variants: Variants): Record<string, unknown> {
  const pending = isPending(job, now);
  const part = Math.min((now - job.accepted_at) / Math.max(job.duration_ms, 1), 1);
  const status = pending ? (part < queuedPart ? "queued" : "running") : job.final_status;
  const bearsSource = variants.jobSourceId === "onCompletion" && successStatuses.includes(status);
  return compact({
    job_id: job.job_id,
    status,
    source_id: bearsSource ? job.source_id : undefined,
    progress: variants.jobProgress ? progressOf(job, pending, part) : undefined,
    error: pending ? undefined : (job.error ?? undefined),
    date_created: variants.jobDates ? new Date(job.accepted_at).toISOString() : undefined,
    date_completed: variants.jobDates && !pending ? new Date(endOf(job)).toISOString() : undefined,
  });
}

function progressOf(job: Job, pending: boolean, part: number): number {
  if (!pending) return 100;
  const furthest = job.final_status === "stuck" ? 50 : 99;
  return Math.min(Math.floor(part * 100), furthest);
}
