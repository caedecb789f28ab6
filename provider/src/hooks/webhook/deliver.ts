/** Delivers a notice: attempts, pauses between them, and what the last answer means. */
import { certificateAdvice } from "../../genesys/certificate.js";
import { machineTime } from "../../genesys/time.js";
import { sleep } from "../../waitFor.js";
import {
  NOTICE_ATTEMPT_MS,
  NOTICE_FIRST_PAUSE_MS,
  NOTICE_LEAST_ATTEMPT_MS,
  NOTICE_TELLING_MS,
} from "../../waits.js";
import { AddressRefusedError } from "./address.js";
import { type Answer, type AttemptOptions, type Message, NoAnswerError, post } from "./attempt.js";

/** Attempts at most, within the budget. */
const MOST_ATTEMPTS = 4;

/**
 * What became of a notice. `postponed`: there was no time for it, which says nothing of the receiver; `unavailable`: the
 * receiver may take it another time; `refused`: it does not want it as it is; `gone`: it wants no more notices.
 */
export type Delivery =
  | { result: "delivered" }
  | { result: "postponed" | "unavailable" | "refused" | "gone"; trouble: string };

/** What limits a delivery. */
export interface DeliveryBudget {
  allowPrivate: boolean;
  /** When all has to be over, attempts under way included: in milliseconds of `machineTime.elapsed`. */
  until: number;
  signal: AbortSignal;
}

/** Trouble that may pass, as opposed to an answer that will be the same next time. */
class Passing extends Error {
  constructor(
    message: string,
    readonly retryAfterMs?: number,
    readonly result: "unavailable" | "postponed" = "unavailable",
  ) {
    super(message);
  }
}

/** Trouble that is the same a moment later, whatever becomes of it another day. */
class Final extends Error {
  constructor(
    message: string,
    readonly result: "unavailable" | "refused" | "gone" = "refused",
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
  budget: DeliveryBudget,
): Promise<Delivery> {
  if (!hasTime(budget)) return { result: "postponed", trouble: NO_TIME };
  const { allowPrivate, signal } = budget;
  const { default: pRetry } = await import("p-retry");
  let attempts = 0;
  try {
    await pRetry(
      async () => {
        attempts += 1;
        const timeoutMs = Math.min(NOTICE_ATTEMPT_MS, timeLeft(budget));
        judge(await post(address, message(), { allowPrivate, timeoutMs }).catch(withoutAnswer(timeoutMs)));
      },
      {
        retries: MOST_ATTEMPTS - 1,
        // The pause is made in shouldRetry, so that Retry-After is kept to the letter.
        minTimeout: 0,
        shouldRetry: async ({ error, attemptNumber }) => {
          if (!(error instanceof Passing)) return false;
          const backoff = Math.random() * NOTICE_FIRST_PAUSE_MS * 2 ** (attemptNumber - 1);
          const pause = Math.max(error.retryAfterMs ?? 0, backoff);
          if (!hasTime(budget, pause)) return false;
          await sleep(pause, signal);
          return !signal.aborted;
        },
      },
    );
    return { result: "delivered" };
  } catch (error) {
    const { message: trouble } = error as Error;
    const times = attempts === 1 ? "" : ` (${attempts} attempts)`;
    const result = error instanceof Final || error instanceof Passing ? error.result : "unavailable";
    return { result, trouble: `${trouble}${times}` };
  }
}

/** What one attempt has shown of a receiver. */
export interface Tried {
  /** What it answered, if it did. */
  answer?: Answer;
  /** Why it would not have got a notice; absent where it would. */
  trouble?: string;
}

/** Posts once, to see what the receiver says. */
export async function tryOut(address: string, message: Message, options: AttemptOptions): Promise<Tried> {
  let answer: Answer | undefined;
  try {
    answer = await post(address, message, options).catch(withoutAnswer(options.timeoutMs));
    judge(answer);
    return { answer };
  } catch (error) {
    return { ...(answer === undefined ? {} : { answer }), trouble: (error as Error).message };
  }
}

const timeLeft = ({ until }: Pick<DeliveryBudget, "until">): number => until - machineTime.elapsed();

/** Whether an attempt is worth it, now or after a pause. */
export const hasTime = (budget: Pick<DeliveryBudget, "until">, pauseMs = 0): boolean =>
  timeLeft(budget) - pauseMs >= NOTICE_LEAST_ATTEMPT_MS;

/** Why what could have been sent was not tried. */
export const NO_TIME = "there was no time for it, after what was sent before it";

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
const withoutAnswer =
  (timeoutMs: number) =>
  (error: NodeJS.ErrnoException): never => {
    if (error instanceof AddressRefusedError) throw new Final(error.message);
    if (error instanceof NoAnswerError && timeoutMs < NOTICE_TELLING_MS)
      throw new Passing(`${error.message}, after what was sent before it`, undefined, "postponed");
    if (error.code === undefined) throw new Passing(error.message);
    const trouble = `no connection to the receiver (${error.code})`;
    const advice = certificateAdvice(error.code, "its address");
    if (advice === undefined) throw new Passing(trouble);
    throw new Final(`${trouble}. ${advice.replace(/\.$/, "")}`, "unavailable");
  };
