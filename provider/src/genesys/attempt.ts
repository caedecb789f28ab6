// One request, one answer or one error of ours.

import { toGenesysError } from "./answer.js";
import type { RequestName } from "./errors.js";
import type { StepBudget } from "./retry.js";
import { underSignal } from "./sdk.js";

/** Sends once; bounded by the request time-out, by what the step has left, and by a stop. @throws GenesysError */
export type Attempt = <T>(name: RequestName, budget: StepBudget, call: () => Promise<T>) => Promise<T>;

/** For what is awaited to its end, whatever becomes of the step: the request time-out alone bounds it. */
export const toItsEnd = (budget: StepBudget): StepBudget =>
  Object.create(budget, {
    left: { value: () => Number.POSITIVE_INFINITY },
    signal: { value: new AbortController().signal },
  });

/** @param now the time of day. */
export function createAttempt(requestTimeoutMs: number, now: () => number): Attempt {
  return async (name, budget, call) => {
    const timeout = new AbortController();
    const left = Math.max(0, budget.left());
    const timer = setTimeout(() => timeout.abort(), Math.min(requestTimeoutMs, left));
    try {
      return await underSignal(AbortSignal.any([timeout.signal, budget.signal]), call);
    } catch (error) {
      const overdue = timeout.signal.aborted ? (left < requestTimeoutMs ? "step" : "request") : undefined;
      throw toGenesysError(error, name, { now: now(), overdue, hide: budget.hide });
    } finally {
      clearTimeout(timer);
    }
  };
}
