import { parseDuration } from "./duration.js";
import { isNotFound } from "./genesys/errors.js";
import { type StepBudget, sleep } from "./genesys/retry.js";
import { countdown } from "./genesys/time.js";
import type { Context } from "./resourceHandler.js";

/**
 * How long the look-ups of a check, or a read, may take with all retries. The allowance is one of a minute: of many reads
 * at once the last have to wait for the next window, and the one after it.
 */
export const LOOKUP_TIMEOUT = "5m";
/** How long reads and lists may lag behind a change, in milliseconds; the platform publishes no number. */
export const SETTLES_WITHIN_MS = 30_000;
/** The first pause between two looks at something that is expected to change any moment. */
const FIRST_LOOK_MS = 250;

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
 */
export const eventually = <T>(step: Step, look: () => Promise<T | undefined>): Promise<T | undefined> =>
  waitFor(step, look, {
    patienceMs: Math.min(SETTLES_WITHIN_MS, step.budget.left() / 2),
    firstMs: FIRST_LOOK_MS,
    growth: 2,
    longestMs: Number.POSITIVE_INFINITY,
  });

/** How to wait: as long as there is patience, at pauses that grow. */
export interface Patience {
  /** In milliseconds. */
  patienceMs: number;
  /** The first pause, in milliseconds. */
  firstMs: number;
  /** By how much each pause is longer than the one before. */
  growth: number;
  /** The longest pause, in milliseconds. */
  longestMs: number;
  /** Is told of every pause before it begins. @param ms in milliseconds */
  onPause?(ms: number): void;
}

/**
 * Looks until there is something. The end is one of three: it is there, patience is at an end, or the run is to end.
 *
 * @returns `undefined` where it did not come about.
 */
export async function waitFor<T>(
  { budget, context }: Step,
  look: () => Promise<T | undefined>,
  { patienceMs, firstMs, growth, longestMs, onPause }: Patience,
): Promise<T | undefined> {
  const left = countdown(context.elapsed, patienceMs);
  for (let pause = firstMs; ; pause = Math.min(longestMs, pause * growth)) {
    const found = await look();
    if (found !== undefined || left() <= 0 || budget.signal.aborted) return found;
    const planned = Math.min(pause, left());
    onPause?.(planned);
    await sleep(planned, budget.signal);
  }
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
