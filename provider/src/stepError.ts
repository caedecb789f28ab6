/** The error that a failed step ends in, with what records are told of it beside its words. */
import { GenesysError } from "./genesys/errors.js";
import type { JobTrouble } from "./genesys/jobs.js";

/** What records are told of a failure. */
export interface Told {
  /** The HTTP status of the request that failed; `null` where it was none. */
  status: number | null;
  code: string;
  /** The job that did not bring about what it was for. */
  jobId?: string;
}

/** For whoever reports the step, and made here alone. No class that others could catch: what is decided upon is a value. */
class StepError extends Error {
  constructor(
    message: string,
    readonly told: Told,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** How records call the bad ends of jobs, and have from the first release. */
const CODES = {
  failed: "job.failed",
  vanished: "job.missing",
  running: "job.timeout",
  "unknown status": "job.unknown.status",
} as const satisfies Record<JobTrouble["end"], string>;

/** A step fails because a job did not succeed. */
export const jobFailure = ({ end, jobId, why }: JobTrouble): Error =>
  new StepError(why, { status: null, code: CODES[end], jobId });

/** An error that says more than the one that has led to it; records are told the same of both. */
export const sayingMore = (message: string, cause: unknown): Error =>
  new StepError(message, toldOf(cause), { cause });

/** What records are told of an error that a step ends in, whatever was thrown. */
export function toldOf(error: unknown): Told {
  if (error instanceof StepError) return error.told;
  if (error instanceof GenesysError) return { status: error.status, code: error.code };
  return { status: null, code: "step.failed" };
}
