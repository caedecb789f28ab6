import { type Admission, createAllowance } from "./allowance.js";
import { sayDuration } from "./say.js";

/** Which waiting request goes first: a change before a poll, a poll before a look-up. */
export const PRIORITIES = ["change", "poll", "lookup"] as const;
/** Which waiting request goes first. */
export type Priority = (typeof PRIORITIES)[number];

/** Why a request was not let through. */
export class NotAdmittedError extends Error {
  constructor(
    message: string,
    /** How long nothing at all can be sent, in milliseconds, where that is the reason. */
    readonly closedMs?: number,
  ) {
    super(message);
  }
}

/** Paces the requests of a process so that they meet no 429 of their own making. */
export interface RateGovernor {
  /**
   * Waits until there is room. As long as there is, nothing waits.
   *
   * @param left how long that makes sense, in milliseconds.
   * @throws NotAdmittedError at once when there can be no room in that time, at its end when there was none, and when
   *   the signal aborts.
   */
  admit(priority: Priority, left: number, signal: AbortSignal): Promise<Admission>;
  /** The platform refused a request with 429: nobody sends for so long, in milliseconds. */
  pause(milliseconds: number): void;
}

interface Waiting {
  priority: Priority;
  /** When it gives up. */
  until: number;
  admit(): void;
  refuse(reason: NotAdmittedError): void;
}

/** A timer that is longer goes off at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** A pause that nobody wonders about, in milliseconds: a longer one is said. */
export const UNNOTICED_MS = 2_000;

const TOO_LATE = "the rate limit leaves no room before the step has to be over";

/**
 * A governor that learns the allowance from the answers.
 *
 * @param tell is told, in one line, of each time in which nothing can be sent.
 */
export function createRateGovernor(
  elapsed: () => number,
  tell: (line: string) => void = () => {},
): RateGovernor {
  const allowance = createAllowance(elapsed);
  const queue = createQueue();
  let pausedUntil = 0;
  let toldUntil = 0;
  let timer: NodeJS.Timeout | undefined;

  const closedUntil = () => Math.max(pausedUntil, allowance.closedUntil());

  /** Once, however many answers say the same, each a little later. */
  function tellOfPause(): void {
    const until = closedUntil();
    const pause = until - elapsed();
    if (pause <= UNNOTICED_MS || until <= toldUntil + UNNOTICED_MS) return;
    toldUntil = until;
    tell(
      until === pausedUntil
        ? `Genesys Cloud asks to wait ${sayDuration(pause)} (429): nothing is sent until then`
        : `the rate limit of the OAuth client (${allowance.allowed()} requests) is used up: the next request goes in ${sayDuration(pause)}`,
    );
  }

  function letOut(): void {
    clearTimeout(timer);
    timer = undefined;
    const closed = closedUntil();
    if (closed > elapsed())
      refuseAll(queue.until(closed), new NotAdmittedError(TOO_LATE, closed - elapsed()));
    while (!queue.isEmpty()) {
      const opensAt = allowance.opensAt();
      if (opensAt === undefined) return;
      const pause = Math.max(opensAt, pausedUntil) - elapsed();
      if (pause > 0) {
        tellOfPause();
        timer = setTimeout(letOut, Math.min(pause, LONGEST_TIMER_MS));
        return;
      }
      queue.first()?.admit();
    }
  }

  function send(): Admission {
    const admission = allowance.sent();
    return {
      ended: (said) => {
        admission.ended(said);
        letOut();
      },
    };
  }

  return {
    pause: (milliseconds) => {
      pausedUntil = Math.max(pausedUntil, elapsed() + milliseconds);
      tellOfPause();
      letOut();
    },
    admit: (priority, left, signal) =>
      new Promise((resolve, reject) => {
        const refuse = (reason: NotAdmittedError) => {
          finish();
          reject(reason);
        };
        const tooLate = () => refuse(new NotAdmittedError(TOO_LATE));
        const stop = () => refuse(new NotAdmittedError("the provider was told to stop"));
        const admit = () => {
          finish();
          resolve(send());
        };
        const entry: Waiting = { priority, until: elapsed() + left, admit, refuse };
        const deadline = setTimeout(tooLate, Math.min(Math.max(0, left), LONGEST_TIMER_MS));
        const finish = () => {
          clearTimeout(deadline);
          signal.removeEventListener("abort", stop);
          queue.remove(entry);
        };
        signal.addEventListener("abort", stop);
        queue.add(entry);
        if (signal.aborted) stop();
        else letOut();
      }),
  };
}

function refuseAll(waiting: readonly Waiting[], reason: NotAdmittedError): void {
  for (const entry of waiting) entry.refuse(reason);
}

/** Who waits: by priority, and then in the order in which they came. */
function createQueue() {
  const lines = new Map(PRIORITIES.map((priority) => [priority, new Set<Waiting>()]));
  const all = () => [...lines.values()].flatMap((line) => [...line]);
  return {
    isEmpty: () => [...lines.values()].every((line) => line.size === 0),
    add: (entry: Waiting) => void lines.get(entry.priority)?.add(entry),
    remove: (entry: Waiting) => void lines.get(entry.priority)?.delete(entry),
    first: (): Waiting | undefined => {
      for (const line of lines.values()) for (const entry of line) return entry;
      return undefined;
    },
    /** Who gives up by then. */
    until: (moment: number) => all().filter(({ until }) => until <= moment),
  };
}
