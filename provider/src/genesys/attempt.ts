// One request, one answer or one error of ours.

import { toGenesysError } from "./answer.js";
import type { RequestName } from "./errors.js";
import type { StepBudget } from "./retry.js";
import { underSignal } from "./sdk.js";

/** Sends once; bounded by the request time-out and by what the step has left. @throws GenesysError */
export type Attempt = <T>(name: RequestName, budget: StepBudget, call: () => Promise<T>) => Promise<T>;

/** @param now the time of day. */
export function createAttempt(requestTimeoutMs: number, now: () => number): Attempt {
  return async (name, budget, call) => {
    const timeout = new AbortController();
    const left = Math.max(0, budget.left());
    const timer = setTimeout(() => timeout.abort(), Math.min(requestTimeoutMs, left));
    try {
      // A change that is on its way is answered also when everything is to stop: its job must not be lost.
      const signals = name.method === "GET" ? [timeout.signal, budget.signal] : [timeout.signal];
      return await underSignal(AbortSignal.any(signals), call);
    } catch (error) {
      const overdue = timeout.signal.aborted ? (left < requestTimeoutMs ? "step" : "request") : undefined;
      throw toGenesysError(error, name, { now: now(), overdue, hide: budget.hide });
    } finally {
      clearTimeout(timer);
    }
  };
}
