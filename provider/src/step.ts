/** A step of a resource: the time and the requests that it has, and what it waits for. */
import { parseDuration } from "./duration.js";
import { isNotFound, isPartMissing } from "./genesys/errors.js";
import type { StepBudget } from "./genesys/retry.js";
import { countdown } from "./genesys/time.js";
import type { Context } from "./resourceHandler.js";
import { doubling, type Ended, reachedIn, waitFor } from "./waitFor.js";
import { SETTLES_FIRST_MS, SETTLES_WITHIN_MS } from "./waits.js";

/** A step under way: what it may still use, and what it has used. */
export interface Step {
  readonly context: Context;
  readonly budget: StepBudget;
  /** Seconds since it began, to the millisecond, and the requests that had to be repeated. */
  spent(): { latencySeconds: number; retryCount: number };
}

/** Starts the clock of a step. @param timeout a checked duration such as `10m` */
export function beginStep(context: Context, timeout: string): Step {
  const begun = context.elapsed();
  const milliseconds = parseDuration(timeout);
  if (milliseconds === undefined) throw new Error(`"${timeout}" is no duration`);
  const budget = budgetFor(context, countdown(context.elapsed, milliseconds));
  return {
    context,
    budget,
    spent: () => ({ latencySeconds: (context.elapsed() - begun) / 1_000, retryCount: budget.retryCount }),
  };
}

/** What is repeated counts for the step that the context belongs to, if it belongs to one. */
function budgetFor({ signal, hide, tally = { retryCount: 0 } }: Context, left: () => number): StepBudget {
  return {
    left,
    signal,
    hide,
    get retryCount() {
      return tally.retryCount;
    },
    set retryCount(count) {
      tally.retryCount = count;
    },
  };
}

/**
 * Looks again and again, at growing intervals, until there is something or reads should have caught up. It takes half
 * of a step's time at most: what is not there is to be known, and acted upon, before the step has to be over.
 *
 * @throws GenesysError where the last look still found the object without a part of it.
 */
export async function eventually<T>(
  { budget, context }: Step,
  look: () => Promise<T | undefined>,
): Promise<Ended<T>> {
  const left = countdown(context.elapsed, Math.min(SETTLES_WITHIN_MS, budget.left() / 2));
  let inPart: unknown;
  const lookPatiently = () => {
    inPart = undefined;
    return look().catch((error: unknown) => {
      inPart = error;
      return unlessPartMissing(error);
    });
  };
  const pause = (looks: number) => {
    if (looks === 0) return 0;
    return left() > 0 ? Math.min(doubling(looks, SETTLES_FIRST_MS), left()) : undefined;
  };
  const ended = await waitFor(lookPatiently, { signal: budget.signal, pause });
  if (ended.end === "timed out" && inPart !== undefined) throw inPart;
  return ended;
}

/**
 * What was waited for; `undefined` where it had its time, and did not come about.
 *
 * @param what was to be seen, such as `whether it is gone`.
 * @throws Error where the run is to stop: what was not seen by then may be so all the same.
 */
export function unlessStopped<T>(ended: Ended<T>, what: string): T | undefined {
  if (ended.end === "aborted") throw new Error(`The run was stopped before it was seen ${what}.`);
  return reachedIn(ended);
}

/** A part may be there later than the rest, or be gone sooner: while reads may lag behind it proves nothing. */
export function unlessPartMissing(error: unknown): undefined {
  if (!isPartMissing(error)) throw error;
}

/** `undefined` for a 404; every other error stays one, so that "not allowed" is never taken for "gone". */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
