/** The organisation's clock, learned from its answers. */
import { CLOCK_PRECISION_MS, CLOCK_UNKNOWN_MS } from "../waits.js";
import { parseHttpDate } from "./httpDate.js";

/** The organisation's clock, by which it says when its objects were made. */
export interface PlatformClock {
  /** The earliest and the latest that it can show at a moment of this machine's time of day. */
  at(moment: number): { earliest: number; latest: number };
}

/** Learns from the header `Date` of the answers how far the organisation's clock is from this machine's. */
export function createPlatformClock(now: () => number): PlatformClock & { hear(date: unknown): void } {
  let ahead: number | undefined;
  return {
    hear: (date) => {
      const said = parseHttpDate(date);
      if (said !== undefined) ahead = said - now();
    },
    at: (moment) => {
      const shown = moment + (ahead ?? 0);
      const tolerance = ahead === undefined ? CLOCK_UNKNOWN_MS : CLOCK_PRECISION_MS;
      return { earliest: shown - tolerance, latest: shown + tolerance };
    },
  };
}
