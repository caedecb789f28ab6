// What the answers tell of a token's allowance: how many requests a window has room for, and when it is over.

/** What the platform says of the token's allowance, on every answer. */
export interface RateHeaders {
  /** Requests allowed in a window: `inin-ratelimit-allowed`. */
  allowed: number;
  /** Requests counted in this window, this one and other clients' included: `inin-ratelimit-count`. */
  count: number;
  /** Seconds until the window is over: `inin-ratelimit-reset`. */
  reset: number;
}

/**
 * How a request ended: what its answer said of the allowance, that it said nothing, or that there was no answer that
 * could be trusted to. Then the platform may have counted it all the same.
 */
export type Ending = RateHeaders | "nothing" | "no answer";

/** A request that is on its way; its end must be told, whatever it was. */
export interface Admission {
  ended(said: Ending): void;
}

/** Counts a token's requests as the platform may be counting them. */
export interface Allowance {
  /** When the next request may go; now or earlier means at once, `undefined` when an answer has to come first. */
  opensAt(): number | undefined;
  /** Until then nothing can go, whatever answers are on their way; now or earlier where that is not certain. */
  closedUntil(): number;
  /** Requests allowed in a window, as the last answer said. */
  allowed(): number | undefined;
  /** A request goes. */
  sent(): Admission;
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

/** How long a request is on its way, for guessing what others use meanwhile. In milliseconds. */
const ON_ITS_WAY_MS = 500;

/**
 * Never finds more room than the window has, counting as used what is unanswered, and what got no answer until the
 * answer to a later request counts it. At the beginning of a window one request goes ahead as a scout: what others have
 * used is not known before its answer. A server that says nothing of an allowance has room for everything.
 */
export function createAllowance(elapsed: () => number): Allowance {
  let seen: Seen[] = [];
  let scoutIsOut = false;
  let limited = true;
  let unanswered = 0;
  let sentSoFar = 0;
  /** Of each request that got no answer: how many had been sent when that was known. */
  let lost: number[] = [];

  /** An answer may be of the window that is over or of the next: each counts until its own is over for certain. */
  function current(): Seen[] {
    seen = seen.filter(({ overAt }) => overAt > elapsed());
    return seen;
  }

  function hasRoom(latest: Seen): boolean {
    const counted = seen.reduce((most, { count }) => Math.max(most, count), 0);
    return counted + unanswered + lost.length + usedByOthersSoon() < latest.allowed;
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

  function learn({ allowed, count, reset }: RateHeaders, number: number): void {
    const slack = Number.isInteger(reset) ? 1_000 : 0;
    limited = true;
    seen.push({ allowed, count, at: elapsed(), overAt: elapsed() + reset * 1_000 + slack });
    // The platform had them before this one: it has counted them, or never will.
    lost = lost.filter((sentBefore) => sentBefore >= number);
  }

  function closedUntil(): number {
    const allowed = current().at(-1)?.allowed ?? 0;
    const full = limited ? seen.filter(({ count }) => count >= allowed) : [];
    return full.reduce((latest, { overAt }) => Math.max(latest, overAt), 0);
  }

  return {
    closedUntil,
    allowed: () => seen.at(-1)?.allowed,
    opensAt: () => {
      if (!limited) return 0;
      const latest = current().at(-1);
      if (latest === undefined) return scoutIsOut ? undefined : 0;
      if (hasRoom(latest)) return 0;
      const changesAt = seen.reduce((earliest, { overAt }) => Math.min(earliest, overAt), Infinity);
      return Math.max(closedUntil(), changesAt);
    },
    sent: () => {
      const isScout = limited && seen.length === 0;
      if (isScout) scoutIsOut = true;
      unanswered += 1;
      sentSoFar += 1;
      const number = sentSoFar;
      return {
        ended: (said) => {
          unanswered -= 1;
          if (isScout) scoutIsOut = false;
          if (typeof said === "object") learn(said, number);
          else if (said === "nothing" && current().length === 0) limited = false;
          else lost.push(sentSoFar);
        },
      };
    },
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
