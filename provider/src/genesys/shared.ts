// Work that is done once, however many steps wait for it.

import { sleep } from "../waitFor.js";
import { GenesysError } from "./errors.js";
import type { StepBudget } from "./retry.js";

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
 */
export class Shared<T> {
  private readonly waiting = new Set<Waiting<T>>();
  /** Of the work that is under way. */
  private stop: AbortController | undefined;
  /** Kept when nobody waits any more: whoever comes next has no reason to be earlier. */
  private pause: { until: number; trouble: GenesysError } | undefined;

  constructor(
    private readonly work: (shared: SharedWork) => Promise<T>,
    private readonly elapsed: () => number,
  ) {}

  /**
   * Waits for the work, and starts it where it is not under way.
   *
   * @throws what the work throws, why it pauses for too long, or `tooLate` when the step has to be over in the middle of
   *   it or is told to stop.
   */
  wait(budget: StepBudget, tooLate: () => Error): Promise<T> {
    return new Promise((resolve, reject) => {
      const giveUp = () => one.reject(tooLate());
      const timer = setTimeout(giveUp, Math.max(0, budget.left()));
      budget.signal.addEventListener("abort", giveUp);
      const leave = () => {
        clearTimeout(timer);
        budget.signal.removeEventListener("abort", giveUp);
        this.waiting.delete(one);
        if (this.waiting.size === 0) this.stop?.abort();
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
      this.waiting.add(one);
      if (budget.signal.aborted) return giveUp();
      this.dismissWhereTooLong(one);
      if (this.stop === undefined && this.waiting.size > 0) void this.begin();
    });
  }

  private async begin(): Promise<void> {
    const stop = new AbortController();
    this.stop = stop;
    const { signal } = stop;
    try {
      const rest = this.restOfPause();
      if (rest > 0) await sleep(rest, signal);
      if (signal.aborted) throw this.pause?.trouble;
      const budget = { left: () => this.left(), signal, retryCount: 0 };
      const onPause = (milliseconds: number, trouble: GenesysError) => this.pauses(milliseconds, trouble);
      const value = await this.work({ budget, onPause });
      this.end(({ resolve }) => resolve(value));
    } catch (error) {
      // It was given up when nobody waited: whoever has come since wants it done all the same.
      if (signal.aborted && this.waiting.size > 0) return this.begin();
      if (error instanceof GenesysError && error.retryAfterMs !== undefined)
        this.pauses(error.retryAfterMs, error);
      this.end(({ reject }) => reject(error));
    }
  }

  private end(tell: (one: Waiting<T>) => void): void {
    this.stop = undefined;
    for (const one of [...this.waiting]) tell(one);
  }

  private left(): number {
    return [...this.waiting].reduce((most, { budget }) => Math.max(most, budget.left()), 0);
  }

  private restOfPause(): number {
    return Math.max(0, (this.pause?.until ?? 0) - this.elapsed());
  }

  private pauses(milliseconds: number, trouble: GenesysError): void {
    this.pause = { until: this.elapsed() + milliseconds, trouble };
    for (const one of [...this.waiting]) this.dismissWhereTooLong(one);
  }

  private dismissWhereTooLong({ budget, reject }: Waiting<T>): void {
    const rest = this.restOfPause();
    if (this.pause !== undefined && rest > 0 && rest >= budget.left()) reject(this.pause.trouble);
  }
}
