// Dates as HTTP headers bear them.

/** How each of the three forms of an HTTP date begins. */
const FORM = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /;

/** Milliseconds since the epoch; `undefined` for whatever is no HTTP date. */
export function parseHttpDate(header: unknown): number | undefined {
  // Date.parse makes a date of nearly any text with a number in it.
  if (typeof header !== "string" || !FORM.test(header.trim())) return undefined;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : date;
}
