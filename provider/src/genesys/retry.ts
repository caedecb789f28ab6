import { GenesysError, NOT_SENT } from "./errors.js";
import { sayDuration } from "./say.js";

/** The first pause of the exponential backoff; what is waited is a random part of the pause (full jitter). */
const FIRST_PAUSE_MS = 500;
/** The longest pause of the backoff. A `Retry-After` may be longer. */
const LONGEST_PAUSE_MS = 30_000;
/** How each of the three forms of an HTTP date begins. */
const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /;

/** What a step allows its requests, and what they cost it. */
export interface StepBudget {
  /** When the step has to be over, in milliseconds since the epoch. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  /** Requests repeated so far. */
  retryCount: number;
}

/**
 * Repeats a request as long as that is safe, allowed and in time.
 *
 * - 429 is always repeated: the platform says that it did not take the request.
 * - 502, 503, 504 and no answer at all are repeated only when carrying the request out twice does no harm;
 *   a POST whose answer was lost must be looked for first.
 * - `Retry-After` is waited out in full, never shortened; when it reaches past the step's deadline, the
 *   request fails at once.
 */
export async function withRetry<T>(
  budget: StepBudget,
  options: {
    maxRetries: number;
    idempotent: boolean;
    now: () => number;
    /** Where a kind of request has rules of its own. */
    transient?: (error: GenesysError, byDefault: boolean) => boolean;
  },
  send: () => Promise<T>,
): Promise<T> {
  const { default: pRetry } = await import("p-retry");
  const begun = options.now();
  let repeated = 0;
  try {
    return await pRetry(send, {
      retries: options.maxRetries,
      // The pause is made in shouldRetry, so that Retry-After is kept to the letter.
      minTimeout: 0,
      shouldRetry: async ({ error, attemptNumber }) => {
        if (!(error instanceof GenesysError)) return false;
        const byDefault = isTransient(error, options.idempotent);
        if (!(options.transient?.(error, byDefault) ?? byDefault)) return false;
        const pause = pauseBefore(error, attemptNumber);
        if (options.now() + pause >= budget.deadline) return false;
        await sleep(pause, budget.signal);
        if (budget.signal.aborted) return false;
        repeated += 1;
        budget.retryCount += 1;
        return true;
      },
    });
  } catch (error) {
    if (!(error instanceof GenesysError) || repeated === 0) throw error;
    const times = repeated === 1 ? "once" : `${repeated} times`;
    const tried = `${error.said.replace(/\.$/, "")} (repeated ${times} over ${sayDuration(options.now() - begun)})`;
    throw error.with({ retryCount: repeated, message: tried });
  }
}

function isTransient(error: GenesysError, idempotent: boolean): boolean {
  if (error.code === NOT_SENT) return false;
  return error.isThrottled || (idempotent && (error.status === 0 || [502, 503, 504].includes(error.status)));
}

/** How long to wait before the next attempt. */
export function pauseBefore(error: GenesysError, attempt: number): number {
  const backoff = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
  return error.retryAfterMs ?? Math.random() * backoff;
}

/**
 * Milliseconds that a `Retry-After` header asks for: seconds or an HTTP date.
 *
 * @returns `undefined` for anything else, so that the backoff decides.
 */
export function parseRetryAfter(header: unknown, now: number): number | undefined {
  if (typeof header !== "string" && typeof header !== "number") return undefined;
  const text = String(header).trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1_000);
  // Date.parse makes a date of nearly any text with a number in it.
  if (!HTTP_DATE.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Waits, or less long when the signal aborts. */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
  });
}
