/** How long something may take, as Go writes it and Pulumi's own option `customTimeouts` takes it; and days. */
import { LONGEST_DURATION_MS } from "./waits.js";

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const PART = /(\d{1,9}(?:\.\d{1,9})?)(ms|[smhd])/y;

/** What a duration may look like, for messages. */
export const DURATION_FORM = 'a duration such as "90s", "10m" or "1h30m"';

/**
 * Milliseconds of a duration written `90s`, `10m`, `1h30m`, `1.5h` or `1d`.
 *
 * @returns `undefined` when the text is none, is less than a millisecond, or is longer than 24 hours.
 */
export function parseDuration(text: string): number | undefined {
  let milliseconds = 0;
  PART.lastIndex = 0;
  for (let end = 0; end < text.length; end = PART.lastIndex) {
    const part = PART.exec(text);
    if (part === null) return undefined;
    milliseconds += Number(part[1]) * UNITS[part[2] as keyof typeof UNITS];
  }
  const whole = Math.round(milliseconds);
  return whole > 0 && whole <= LONGEST_DURATION_MS ? whole : undefined;
}
