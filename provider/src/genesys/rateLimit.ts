/** Which waiting request goes first: a change before a poll, a poll before a look-up. */
export const PRIORITIES = ["change", "poll", "lookup"] as const;
/** Which waiting request goes first. */
export type Priority = (typeof PRIORITIES)[number];

/** What the platform says of the token's allowance, on every answer. */
export interface RateHeaders {
  /** Requests allowed in a window: `inin-ratelimit-allowed`. */
  allowed: number;
  /** Requests counted in this window, this one and other clients' included: `inin-ratelimit-count`. */
  count: number;
  /** Seconds until the window is over: `inin-ratelimit-reset`. */
  reset: number;
}

/** A request that was let through; its end must be told, whatever it was. */
export interface Admission {
  /** @param said what the answer said of the allowance. */
  ended(said: RateHeaders | "nothing" | "no answer"): void;
}

/** Why a request was not let through. */
export class NotAdmittedError extends Error {}

/** Paces the requests of a process so that they meet no 429 of their own making. */
export interface RateGovernor {
  /**
   * Waits until there is room. As long as there is, nothing waits.
   *
   * @param until when waiting makes no sense any more, in milliseconds since the epoch.
   * @throws NotAdmittedError when there is no room until then, or when the signal aborts.
   */
  admit(priority: Priority, until: number, signal: AbortSignal): Promise<Admission>;
  /** The platform refused a request with 429: nobody sends before that time, in milliseconds since the epoch. */
  pause(until: number): void;
}

/** An answer, as long as the window that it speaks of can still be going on. */
interface Seen extends Pick<RateHeaders, "allowed" | "count"> {
  at: number;
  /**
   * When its window is over for certain, by our clock. `reset` is in whole seconds and says not whether they
   * are rounded up or down, so a second is added; a fraction is taken as it is.
   */
  overAt: number;
}

interface Waiting {
  priority: Priority;
  admit(): void;
}

/** A timer that is longer goes off at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** How long a request is on its way, for guessing what others use meanwhile. In milliseconds. */
const ON_ITS_WAY_MS = 500;

/**
 * A governor that learns the allowance from the answers.
 *
 * It never lets more requests out than the window has room for, counting everything unanswered as used. At the
 * beginning of a window one request goes ahead as a scout: what others have used is not known before its
 * answer. A server that says nothing of an allowance is not paced.
 */
export function createRateGovernor(now: () => number): RateGovernor {
  let seen: Seen[] = [];
  let scoutIsOut = false;
  let limited = true;
  let unanswered = 0;
  let pausedUntil = 0;
  let timer: NodeJS.Timeout | undefined;
  const waiting: Waiting[] = [];

  /** When the next request may go; now or earlier means at once, `undefined` when an answer has to come first. */
  function nextAt(): number | undefined {
    if (now() < pausedUntil) return pausedUntil;
    if (!limited) return 0;
    // An answer may be of the window that is over or of the next: each counts until its own is over for certain.
    seen = seen.filter(({ overAt }) => overAt > now());
    const latest = seen.at(-1);
    if (latest === undefined) return scoutIsOut ? undefined : 0;
    const used = Math.max(...seen.map(({ count }) => count)) + unanswered + usedByOthersSoon();
    if (used < latest.allowed) return 0;
    return Math.min(...seen.map(({ overAt }) => overAt));
  }

  /** What others are likely to use until a request sent now arrives, if they go on as before. */
  function usedByOthersSoon(): number {
    const [first, last] = [seen[0], seen.at(-1)];
    if (first === undefined || last === undefined || last.at <= first.at) return 0;
    // Of what is on its way, about a half has been counted already.
    const ours = seen.length - 1 + unanswered / 2;
    const others = last.count - first.count - ours;
    return others <= 0 ? 0 : Math.ceil((others / (last.at - first.at)) * ON_ITS_WAY_MS) + 1;
  }

  function letOut(): void {
    clearTimeout(timer);
    timer = undefined;
    while (waiting.length > 0) {
      const at = nextAt();
      if (at === undefined) return;
      if (at > now()) {
        timer = setTimeout(letOut, Math.min(at - now(), LONGEST_TIMER_MS));
        return;
      }
      const first = PRIORITIES.map((each) => waiting.findIndex(({ priority }) => priority === each)).find(
        (i) => i >= 0,
      );
      waiting.splice(first ?? 0, 1)[0]?.admit();
    }
  }

  function learn({ allowed, count, reset }: RateHeaders): void {
    const slack = Number.isInteger(reset) ? 1_000 : 0;
    seen.push({ allowed, count, at: now(), overAt: now() + reset * 1_000 + slack });
  }

  function admission(): Admission {
    const isScout = limited && seen.length === 0;
    if (isScout) scoutIsOut = true;
    unanswered += 1;
    return {
      ended: (said) => {
        unanswered -= 1;
        if (isScout) scoutIsOut = false;
        if (said === "nothing" && seen.length === 0) limited = false;
        if (typeof said === "object") {
          limited = true;
          learn(said);
        }
        letOut();
      },
    };
  }

  return {
    pause: (until) => {
      pausedUntil = Math.max(pausedUntil, until);
    },
    admit: (priority, until, signal) =>
      new Promise((resolve, reject) => {
        const leave = (reason: string) => () => {
          waiting.splice(waiting.indexOf(entry), 1);
          finish();
          reject(new NotAdmittedError(reason));
        };
        const giveUp = leave("the rate limit leaves no room before the step has to be over");
        const stop = leave("the provider was told to stop");
        const deadline = setTimeout(giveUp, Math.max(0, until - now()));
        const finish = () => {
          clearTimeout(deadline);
          signal.removeEventListener("abort", stop);
        };
        const entry: Waiting = {
          priority,
          admit: () => {
            finish();
            resolve(admission());
          },
        };
        signal.addEventListener("abort", stop);
        waiting.push(entry);
        if (signal.aborted) stop();
        else letOut();
      }),
  };
}

/** What an answer's headers say of the allowance; nothing unless they say all of it. */
export function rateHeaders(headers: Readonly<Record<string, unknown>>): RateHeaders | undefined {
  const number = (name: string) => {
    const value = headers[name];
    return value === undefined || value === null || value === "" ? Number.NaN : Number(value);
  };
  const allowed = number("inin-ratelimit-allowed");
  const count = number("inin-ratelimit-count");
  const reset = number("inin-ratelimit-reset");
  return [allowed, count, reset].every((each) => Number.isFinite(each) && each >= 0)
    ? { allowed, count, reset }
    : undefined;
}
