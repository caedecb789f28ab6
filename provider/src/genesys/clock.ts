import { parseHttpDate } from "./httpDate.js";

/** How far two machines' clocks may be apart where nothing is known, in milliseconds. */
const UNKNOWN_MS = 5 * 60_000;
/** The header has whole seconds, and an answer is a moment on its way, in milliseconds. */
const PRECISION_MS = 2_000;

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
      const tolerance = ahead === undefined ? UNKNOWN_MS : PRECISION_MS;
      return { earliest: shown - tolerance, latest: shown + tolerance };
    },
  };
}
