/** Which receivers are left alone for a while because they were down. */
import { LEFT_ALONE_FIRST_MS, LEFT_ALONE_LONGEST_MS } from "../../waits.js";

/** Which receivers are worth a try, so that one that is down does not keep every step of a run waiting. */
export interface Availability {
  /** The addresses that are left alone now, and why. */
  leftAlone(): Map<string, string>;
  /** What was learned: an address that is available again, or one that is not. */
  learned(address: string, trouble: string | undefined): void;
}

/** Nothing is known yet. @param now milliseconds of a clock that never goes back. */
export function createAvailability(now: () => number): Availability {
  const known = new Map<string, { trouble: string; pauseMs: number; until: number }>();
  return {
    leftAlone: () =>
      new Map(
        [...known]
          .filter(([, { until }]) => until > now())
          .map(([address, { trouble }]) => [address, trouble]),
      ),
    learned: (address, trouble) => {
      if (trouble === undefined) {
        known.delete(address);
        return;
      }
      const before = known.get(address)?.pauseMs;
      const pauseMs =
        before === undefined ? LEFT_ALONE_FIRST_MS : Math.min(before * 2, LEFT_ALONE_LONGEST_MS);
      known.set(address, { trouble, pauseMs, until: now() + pauseMs });
    },
  };
}
