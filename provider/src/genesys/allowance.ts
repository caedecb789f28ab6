// What the answers tell of a token's allowance: how many requests a window has room for, and when it is over.
import { ON_ITS_WAY_MS, RESET_ROUNDED_MS } from "../waits.js";

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

/** What is left of a window. */
export interface Room {
  /** Requests that may still be sent. */
  calls: number;
  /** When the window is over for certain, in milliseconds from now. */
  overInMs: number;
}

/** Counts a token's requests as the platform may be counting them. */
export interface Allowance {
  /** When the next request may go; now or earlier means at once, `undefined` when an answer has to come first. */
  opensAt(): number | undefined;
  /** Until then nothing can go, whatever answers are on their way; now or earlier where that is not certain. */
  closedUntil(): number;
  /** Requests allowed in a window, as the last answer said. */
  allowed(): number | undefined;
  /** What this window still holds; `undefined` where there is no limit, or none that is known. */
  room(): Room | undefined;
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

/**
 * Never finds more room than the window has, counting as used what is unanswered, and what got no answer until the
 * answer to a later request counts it. At the beginning of a window one request goes ahead as a scout: what others have
 * used is not known before its answer. A server that says nothing of an allowance has room for everything.
 */
export const createAllowance = (elapsed: () => number): Allowance => new TokenAllowance(elapsed);

class TokenAllowance implements Allowance {
  private seen: Seen[] = [];
  private scoutIsOut = false;
  private limited = true;
  private unanswered = 0;
  private sentSoFar = 0;
  /** Of each request that got no answer: how many had been sent when that was known. */
  private lost: number[] = [];

  constructor(private readonly elapsed: () => number) {}

  allowed(): number | undefined {
    return this.seen.at(-1)?.allowed;
  }

  opensAt(): number | undefined {
    if (!this.limited) return 0;
    const latest = this.current().at(-1);
    if (latest === undefined) return this.scoutIsOut ? undefined : 0;
    if (this.used() < latest.allowed) return 0;
    const changesAt = this.seen.reduce((earliest, { overAt }) => Math.min(earliest, overAt), Infinity);
    return Math.max(this.closedUntil(), changesAt);
  }

  closedUntil(): number {
    const allowed = this.current().at(-1)?.allowed ?? 0;
    const full = this.limited ? this.seen.filter(({ count }) => count >= allowed) : [];
    return full.reduce((latest, { overAt }) => Math.max(latest, overAt), 0);
  }

  room(): Room | undefined {
    const latest = this.limited ? this.current().at(-1) : undefined;
    if (latest === undefined) return undefined;
    return { calls: Math.max(0, latest.allowed - this.used()), overInMs: latest.overAt - this.elapsed() };
  }

  sent(): Admission {
    const isScout = this.limited && this.current().length === 0;
    if (isScout) this.scoutIsOut = true;
    this.unanswered += 1;
    this.sentSoFar += 1;
    const number = this.sentSoFar;
    return {
      ended: (said) => {
        this.unanswered -= 1;
        if (isScout) this.scoutIsOut = false;
        if (typeof said === "object") this.learn(said, number);
        else if (said === "nothing" && this.current().length === 0) this.limited = false;
        else this.lost.push(this.sentSoFar);
      },
    };
  }

  /** An answer may be of the window that is over or of the next: each counts until its own is over for certain. */
  private current(): Seen[] {
    this.seen = this.seen.filter(({ overAt }) => overAt > this.elapsed());
    return this.seen;
  }

  private used(): number {
    const counted = this.seen.reduce((most, { count }) => Math.max(most, count), 0);
    return counted + this.unanswered + this.lost.length + this.usedByOthersSoon();
  }

  /** What others are likely to use until a request sent now arrives, if they go on as before. */
  private usedByOthersSoon(): number {
    const [first, last] = [this.seen[0], this.seen.at(-1)];
    if (first === undefined || last === undefined || last.at <= first.at) return 0;
    // Of what is on its way, about a half has been counted already.
    const ours = this.seen.length - 1 + this.unanswered / 2;
    const others = last.count - first.count - ours;
    return others <= 0 ? 0 : Math.ceil((others / (last.at - first.at)) * ON_ITS_WAY_MS) + 1;
  }

  private learn({ allowed, count, reset }: RateHeaders, number: number): void {
    const slack = Number.isInteger(reset) ? RESET_ROUNDED_MS : 0;
    const at = this.elapsed();
    this.limited = true;
    this.seen.push({ allowed, count, at, overAt: at + reset * 1_000 + slack });
    // The platform had them before this one: it has counted them, or never will.
    this.lost = this.lost.filter((sentBefore) => sentBefore >= number);
  }
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
