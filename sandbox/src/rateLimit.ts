/** The platform's rate limit: its windows, its headers and its refusal. */
import { PlatformError } from "./platformError.js";
import type { Settings } from "./settings.js";
import type { Variants } from "./variants.js";

/** Where a token stands in its window. */
export interface Allowance {
  count: number;
  allowed: number;
  /** Seconds until the window ends. */
  reset: number;
}

/** Counts each token's calls in fixed windows that begin with the first call. */
export class RateLimiter {
  private readonly windows = new Map<string, { endsAt: number; count: number }>();

  count(tokenHash: string, now: number, { allowed, windowSeconds }: Settings["rateLimit"]): Allowance {
    let window = this.windows.get(tokenHash);
    if (!window || window.endsAt <= now) {
      window = { endsAt: now + windowSeconds * 1000, count: 0 };
      this.windows.set(tokenHash, window);
    }
    window.count += 1;
    return { count: window.count, allowed, reset: Math.ceil((window.endsAt - now) / 1000) };
  }

  clear(): void {
    this.windows.clear();
  }
}

export function rateLimitHeaders({ count, allowed, reset }: Allowance): Record<string, string> {
  return {
    "inin-ratelimit-count": String(count),
    "inin-ratelimit-allowed": String(allowed),
    "inin-ratelimit-reset": String(reset),
  };
}

export function tooManyRequests(
  seconds: number,
  now: number,
  written: Variants["retryAfter"],
): PlatformError {
  // An HTTP date has whole seconds only: rounded down, it would invite the client back too early.
  const date = new Date(Math.ceil(now / 1000 + seconds) * 1000).toUTCString();
  return new PlatformError(429, {
    code: "too.many.requests.retry.after",
    message: `Rate limit exceeded the maximum. Retry the request in [${seconds}] seconds`,
    headers: { "Retry-After": written === "date" ? date : String(seconds) },
  });
}
