/** Which requests are repeated, after which pause, and how often. */
import { sleep } from "../waitFor.js";
import { BACKOFF_FIRST_MS, BACKOFF_LONGEST_MS, FOR_EVER_MS } from "../waits.js";
import { GenesysError, NOT_SENT, UNTRUSTED } from "./errors.js";
import { parseHttpDate } from "./httpDate.js";
import { sayDuration } from "./say.js";

/** What a step allows its requests, and what they cost it. */
export interface StepBudget {
  /** Milliseconds until the step has to be over; zero or less when it has to be by now. */
  left(): number;
  readonly signal: AbortSignal;
  /** Requests repeated so far. */
  retryCount: number;
  /** What the platform says, without what must not be told of it; default: as it is. Never throws. */
  readonly hide?: (text: string) => string;
  /** Is told when the rate limit has let a request through: what is asked for from then on it may not show. */
  readonly onSend?: () => void;
}

/** How a request is repeated. */
export interface RetryOptions {
  maxRetries: number;
  /** Whether carrying it out twice does no harm. */
  idempotent: boolean;
  elapsed: () => number;
  /** Where a kind of request has rules of its own. */
  transient?: (error: GenesysError, byDefault: boolean) => boolean;
  /** Is told of each pause as it begins. */
  onPause?: (milliseconds: number, error: GenesysError) => void;
}

/**
 * Repeats a request as long as that is safe, allowed and in time.
 *
 * - 429 is always repeated: the platform says that it did not take the request.
 * - 502, 503, 504 and no answer at all are repeated only when carrying the request out twice does no harm;
 *   a POST whose answer was lost must be looked for first.
 * - `Retry-After` is waited out in full, never shortened, and never shorter than the backoff; when it reaches
 *   past the step's deadline, the request fails at once.
 * - A certificate that was refused is not: it does not get better by waiting.
 */
export async function withRetry<T>(
  budget: StepBudget,
  options: RetryOptions,
  send: () => Promise<T>,
): Promise<T> {
  const { default: pRetry } = await import("p-retry");
  const begun = options.elapsed();
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
        if (pause >= budget.left()) return false;
        options.onPause?.(pause, error);
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
    const tried = `${error.said.replace(/\.$/, "")} (repeated ${times} over ${sayDuration(options.elapsed() - begun)})`;
    throw error.with({ retryCount: repeated, message: tried });
  }
}

function isTransient(error: GenesysError, idempotent: boolean): boolean {
  if (error.code === NOT_SENT || error.code === UNTRUSTED) return false;
  return error.isThrottled || (idempotent && (error.status === 0 || [502, 503, 504].includes(error.status)));
}

/** How long to wait before the next attempt. @param attempt the number of the one that failed, from 1 */
export function pauseBefore(error: GenesysError, attempt: number): number {
  const longest = Math.min(BACKOFF_FIRST_MS * 2 ** (attempt - 1), BACKOFF_LONGEST_MS);
  const backoff = longest * (0.5 + Math.random() / 2);
  return Math.max(error.retryAfterMs ?? 0, backoff);
}

/**
 * How long an answer asks to wait, in milliseconds. A date is measured by the clock that wrote it: the `Date` of the
 * same answer.
 *
 * @param now this machine's time of day, for an answer that bears no date.
 */
export const retryAfterIn = (headers: Readonly<Record<string, unknown>>, now: number): number | undefined =>
  parseRetryAfter(headers["retry-after"], parseHttpDate(headers.date) ?? now);

/**
 * Milliseconds that a `Retry-After` header asks for: seconds or an HTTP date.
 *
 * @param now the time of day by the clock of whoever has written it.
 * @returns `undefined` for anything else, so that the backoff decides.
 */
export function parseRetryAfter(header: unknown, now: number): number | undefined {
  if (typeof header !== "string" && typeof header !== "number") return undefined;
  const text = String(header).trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Math.ceil(Number(text) * 1_000), FOR_EVER_MS);
  const date = parseHttpDate(text);
  return date === undefined ? undefined : Math.max(0, date - now);
}
