const UNITS = { s: 1_000, m: 60_000, h: 3_600_000 } as const;
const FORM = /^(\d+)(s|m|h)$/;

/** What a duration may look like, for messages. */
export const DURATION_FORM = 'a duration such as "90s", "10m" or "1h"';

/** The longest duration accepted: one day. A longer one is more likely a slip than a wish. */
const LONGEST_MS = 24 * UNITS.h;

/**
 * Milliseconds of a duration written `90s`, `10m` or `1h`.
 *
 * @returns `undefined` when the text is none, is zero, or is longer than 24 hours.
 */
export function parseDuration(text: string): number | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const milliseconds = Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
  return milliseconds > 0 && milliseconds <= LONGEST_MS ? milliseconds : undefined;
}
