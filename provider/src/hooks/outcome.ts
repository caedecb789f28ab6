/** What has become of a step, from what it returned or threw. */
import { GenesysError } from "../genesys/errors.js";
import { JobError } from "../genesys/jobs.js";
import type { Hide } from "../masking.js";
import { messageOf } from "../messageOf.js";
import { printable } from "../printable.js";
import type { Made, Summary } from "../resourceHandler.js";
import type { Failure } from "./lifecycle.js";

/** An error and all that led to it, outermost first. */
function causesOf(error: unknown): unknown[] {
  const causes: unknown[] = [];
  for (let each = error; each !== undefined && !causes.includes(each); each = (each as Error).cause) {
    causes.push(each);
    if (!(each instanceof Error)) break;
  }
  return causes;
}

const find = <T>(error: unknown, kind: abstract new (...args: never[]) => T): T | undefined =>
  causesOf(error).find((each): each is T => each instanceof kind);

/** Why a step failed, fit to be kept and sent. @param hide takes every secret out. */
export function failureOf(error: unknown, hide: Hide): Failure {
  const message = printable(hide(messageOf(error)));
  const request = find(error, GenesysError);
  if (request !== undefined) return { status: request.status, code: request.code, message };
  const job = find(error, JobError);
  const code = job === undefined ? "step.failed" : `job.${job.trouble.replace(" ", ".")}`;
  return { status: null, code, message };
}

/** The job that a failed step was waiting for, where it was one that ended it. */
const jobIn = (error: unknown): string | undefined => find(error, JobError)?.jobId;

/**
 * What is known of the resource after a step that failed.
 *
 * @param kept what the engine keeps of it, where it got part of the way.
 */
export function leftBy(
  error: unknown,
  before: Summary,
  kept: Made<object> | undefined,
  summary: (state: object, id: string) => Summary,
): Summary {
  if (kept === undefined) return { ...before, jobId: jobIn(error) ?? before.jobId };
  // Who is told is what the step was asked for, even where the state keeps what was there before.
  return { ...summary(kept.state, kept.id), webhookUrl: before.webhookUrl };
}
