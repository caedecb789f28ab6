/** What has become of a step, from what it returned or threw. */
import type { Hide } from "../masking.js";
import { messageOf } from "../messageOf.js";
import { printable } from "../printable.js";
import type { Made, Summary } from "../resourceHandler.js";
import { toldOf } from "../stepError.js";
import type { Failure } from "./lifecycle.js";

/** Why a step failed, fit to be kept and sent. @param hide takes every secret out. */
export function failureOf(error: unknown, hide: Hide): Failure {
  const { status, code } = toldOf(error);
  return { status, code, message: printable(hide(messageOf(error))) };
}

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
  // The job that the step was waiting for, where it was one that ended it.
  if (kept === undefined) return { ...before, jobId: toldOf(error).jobId ?? before.jobId };
  // Who is told is what the step was asked for, even where the state keeps what was there before.
  return { ...summary(kept.state, kept.id), webhookUrl: before.webhookUrl };
}
