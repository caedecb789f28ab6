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
export async function eventually<T>(step: Step, look: () => Promise<T | undefined>): Promise<T | undefined> {
  const { budget, context } = step;
  const left = countdown(context.elapsed, Math.min(SETTLES_WITHIN_MS, budget.left() / 2));
  for (let pause = FIRST_LOOK_MS; ; pause *= 2) {
    const found = await look();
    if (found !== undefined || left() <= 0 || budget.signal.aborted) return found;
    await sleep(Math.min(pause, left()), budget.signal);
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
