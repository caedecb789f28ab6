// Work that is done once, however many steps wait for it.

import { GenesysError } from "./errors.js";
import { type StepBudget, sleep } from "./retry.js";

/** What the work is told of, and tells. */
export interface SharedWork {
  /** As much as the most patient of those who wait has left; the signal aborts when nobody waits any more. */
  budget: StepBudget;
  /** It pauses, so long, because of this. */
  onPause(milliseconds: number, trouble: GenesysError): void;
}

interface Waiting<T> {
  budget: StepBudget;
  resolve(value: T): void;
  reject(reason: unknown): void;
}

/**
 * Shares work among those who wait for it. It goes on as long as one of them has time: who gives up ends it for nobody
 * else. Whoever has less time than a pause takes is told so as it begins, and whoever comes in the middle of one at once.
 *
 * @returns what waits for it, and starts it where it is not under way. Rejects with `tooLate` when the step has to be over
 *   in the middle of it, or is told to stop.
 */
export function createShared<T>(
  work: (shared: SharedWork) => Promise<T>,
  elapsed: () => number,
): (budget: StepBudget, tooLate: () => Error) => Promise<T> {
  const waiting = new Set<Waiting<T>>();
  /** Of the work that is under way. */
  let stop: AbortController | undefined;
  /** Kept when nobody waits any more: whoever comes next has no reason to be earlier. */
  let pause: { until: number; trouble: GenesysError } | undefined;

  const left = () => Math.max(0, ...[...waiting].map(({ budget }) => budget.left()));
  const restOfPause = () => Math.max(0, (pause?.until ?? 0) - elapsed());

  function onPause(milliseconds: number, trouble: GenesysError): void {
    pause = { until: elapsed() + milliseconds, trouble };
    for (const one of [...waiting]) dismissWhereTooLong(one);
  }

  function dismissWhereTooLong({ budget, reject }: Waiting<T>): void {
    const rest = restOfPause();
    if (pause !== undefined && rest > 0 && rest >= budget.left()) reject(pause.trouble);
  }

  async function begin(): Promise<void> {
    const stopThis = new AbortController();
    stop = stopThis;
    const { signal } = stopThis;
    const end = (tell: (one: Waiting<T>) => void) => {
      stop = undefined;
      for (const one of [...waiting]) tell(one);
    };
    try {
      const rest = restOfPause();
      if (rest > 0) await sleep(rest, signal);
      if (signal.aborted) throw pause?.trouble;
      const value = await work({ budget: { left, signal, retryCount: 0 }, onPause });
      end(({ resolve }) => resolve(value));
    } catch (error) {
      // It was given up when nobody waited: whoever has come since wants it done all the same.
      if (signal.aborted && waiting.size > 0) return begin();
      if (error instanceof GenesysError && error.retryAfterMs !== undefined)
        onPause(error.retryAfterMs, error);
      end(({ reject }) => reject(error));
    }
  }

  return (budget, tooLate) =>
    new Promise((resolve, reject) => {
      const giveUp = () => one.reject(tooLate());
      const timer = setTimeout(giveUp, Math.max(0, budget.left()));
      budget.signal.addEventListener("abort", giveUp);
      const leave = () => {
        clearTimeout(timer);
        budget.signal.removeEventListener("abort", giveUp);
        waiting.delete(one);
        if (waiting.size === 0) stop?.abort();
      };
      const one: Waiting<T> = {
        budget,
        resolve: (value) => {
          leave();
          resolve(value);
        },
        reject: (reason) => {
          leave();
          reject(reason);
        },
      };
      waiting.add(one);
      if (budget.signal.aborted) return giveUp();
      dismissWhereTooLong(one);
      if (stop === undefined && waiting.size > 0) void begin();
    });
}
