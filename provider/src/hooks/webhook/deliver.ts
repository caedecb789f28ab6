import { sleep } from "../../genesys/retry.js";
import { AddressRefusedError } from "./address.js";
import { type Answer, type Message, post } from "./attempt.js";

/** The first pause between two attempts; each next one is twice as long, and a random part of it is waited. */
const FIRST_PAUSE_MS = 500;
/** Attempts at most, within the budget. */
const MOST_ATTEMPTS = 4;

/**
 * What became of a notice. `unavailable`: the receiver may take it another time; `refused`: it does not want it as it
 * is; `gone`: it wants no more notices.
 */
export type Delivery =
  | { result: "delivered" }
  | { result: "unavailable" | "refused" | "gone"; trouble: string };

/** What limits a delivery. */
export interface DeliveryBudget {
  allowPrivate: boolean;
  /** When no further attempt begins, in milliseconds since the epoch. */
  until: number;
  signal: AbortSignal;
}

/** Trouble that may pass, as opposed to an answer that will be the same next time. */
class Passing extends Error {
  constructor(
    message: string,
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

class Final extends Error {
  constructor(
    message: string,
    readonly result: "refused" | "gone" = "refused",
  ) {
    super(message);
  }
}

/**
 * Posts until it is accepted, refused, or the budget is used up.
 *
 * @param message makes the headers and the body of an attempt: signatures bear its time.
 */
export async function deliver(
  address: string,
  message: () => Message,
  { allowPrivate, until, signal }: DeliveryBudget,
): Promise<Delivery> {
  const { default: pRetry } = await import("p-retry");
  let attempts = 0;
  try {
    await pRetry(
      async () => {
        attempts += 1;
        judge(await post(address, message(), allowPrivate).catch(withoutAnswer));
      },
      {
        retries: MOST_ATTEMPTS - 1,
        // The pause is made in shouldRetry, so that Retry-After is kept to the letter.
        minTimeout: 0,
        shouldRetry: async ({ error, attemptNumber }) => {
          if (!(error instanceof Passing)) return false;
          const pause = error.retryAfterMs ?? Math.random() * FIRST_PAUSE_MS * 2 ** (attemptNumber - 1);
          if (Date.now() + pause > until) return false;
          await sleep(pause, signal);
          return !signal.aborted;
        },
      },
    );
    return { result: "delivered" };
  } catch (error) {
    const { message: trouble } = error as Error;
    const times = attempts === 1 ? "" : ` (${attempts} attempts)`;
    return {
      result: error instanceof Final ? error.result : "unavailable",
      trouble: `${trouble}${times}`,
    };
  }
}

/** @throws what an answer other than 2xx means. */
function judge({ status, retryAfterMs }: Answer): void {
  if (status >= 200 && status < 300) return;
  if (status === 410) throw new Final("the receiver answered 410: it wants no more notices", "gone");
  if (status === 408 || status === 429 || (status >= 500 && status < 600))
    throw new Passing(`the receiver answered ${status}`, retryAfterMs);
  if (status >= 300 && status < 400)
    throw new Final(`the receiver answered ${status}, a redirect, which is not followed`);
  throw new Final(`the receiver answered ${status}`);
}

/** Network errors name hosts and ports, which are secret: only their code is said. */
function withoutAnswer(error: NodeJS.ErrnoException): never {
  if (error instanceof AddressRefusedError) throw new Final(error.message);
  throw new Passing(
    error.code === undefined ? error.message : `no connection to the receiver (${error.code})`,
  );
}
