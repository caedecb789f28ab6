/** Lets requests through as the rate limit allows: changes first, then looks at jobs, then look-ups. */
import { LONGEST_TIMER_MS, UNNOTICED_MS } from "../waits.js";
import { type Admission, type Allowance, createAllowance, type Room } from "./allowance.js";
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
  /** What the window still holds; `undefined` where there is no limit, or none that is known. */
  room(): Room | undefined;
}

interface Waiting {
  priority: Priority;
  /** When it gives up. */
  until: number;
  admit(): void;
  refuse(reason: NotAdmittedError): void;
}

const TOO_LATE = "the rate limit leaves no room before the step has to be over";

/**
 * A governor that learns the allowance from the answers.
 *
 * @param tell is told, in one line, of each time in which nothing can be sent.
 */
export const createRateGovernor = (
  elapsed: () => number,
  tell: (line: string) => void = () => {},
): RateGovernor => new Governor(elapsed, tell);

class Governor implements RateGovernor {
  private readonly allowance: Allowance;
  private readonly queue = createQueue();
  private pausedUntil = 0;
  private toldUntil = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly elapsed: () => number,
    private readonly tell: (line: string) => void,
  ) {
    this.allowance = createAllowance(elapsed);
  }

  pause(milliseconds: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, this.elapsed() + milliseconds);
    this.tellOfPause();
    this.letOut();
  }

  room(): Room | undefined {
    const closedMs = this.pausedUntil - this.elapsed();
    return closedMs > 0 ? { calls: 0, overInMs: closedMs } : this.allowance.room();
  }

  admit(priority: Priority, left: number, signal: AbortSignal): Promise<Admission> {
    return new Promise((resolve, reject) => {
      const refuse = (reason: NotAdmittedError) => {
        leave();
        reject(reason);
      };
      const admit = () => {
        leave();
        resolve(this.send());
      };
      const tooLate = () => refuse(new NotAdmittedError(TOO_LATE));
      const stop = () => refuse(new NotAdmittedError("the provider was told to stop"));
      const entry: Waiting = { priority, until: this.elapsed() + left, admit, refuse };
      const deadline = setTimeout(tooLate, Math.min(Math.max(0, left), LONGEST_TIMER_MS));
      const leave = () => {
        clearTimeout(deadline);
        signal.removeEventListener("abort", stop);
        this.queue.remove(entry);
      };
      signal.addEventListener("abort", stop);
      this.queue.add(entry);
      if (signal.aborted) stop();
      else this.letOut();
    });
  }

  private send(): Admission {
    const admission = this.allowance.sent();
    return {
      ended: (said) => {
        admission.ended(said);
        this.letOut();
      },
    };
  }

  private letOut(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.refuseWhatIsTooLate();
    while (!this.queue.isEmpty()) {
      const opensAt = this.allowance.opensAt();
      if (opensAt === undefined) return;
      const pause = Math.max(opensAt, this.pausedUntil) - this.elapsed();
      if (pause > 0) {
        this.tellOfPause();
        this.timer = setTimeout(() => this.letOut(), Math.min(pause, LONGEST_TIMER_MS));
        return;
      }
      this.queue.first()?.admit();
    }
  }

  private closedUntil(): number {
    return Math.max(this.pausedUntil, this.allowance.closedUntil());
  }

  private refuseWhatIsTooLate(): void {
    const closed = this.closedUntil();
    const pause = closed - this.elapsed();
    if (pause <= 0) return;
    for (const entry of this.queue.until(closed)) entry.refuse(new NotAdmittedError(TOO_LATE, pause));
  }

  /** Once, however many answers say the same, each a little later. */
  private tellOfPause(): void {
    const until = this.closedUntil();
    const pause = until - this.elapsed();
    if (pause <= UNNOTICED_MS || until <= this.toldUntil + UNNOTICED_MS) return;
    this.toldUntil = until;
    this.tell(
      until === this.pausedUntil
        ? `Genesys Cloud asks to wait ${sayDuration(pause)} (429): nothing is sent until then`
        : `the rate limit of the OAuth client (${this.allowance.allowed()} requests) is used up: the next request goes in ${sayDuration(pause)}`,
    );
  }
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
