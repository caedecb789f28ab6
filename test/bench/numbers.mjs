/** The arithmetic of the bench. */

/** @param {number[]} numbers at least one */
export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] =
    sorted.length % 2 === 0 ? sorted.slice(middle - 1) : [sorted[middle], sorted[middle]];
  return (low + high) / 2;
}

/**
 * How long jobs take where so many run at once and each free place takes the next.
 * @param {number[]} jobs
 * @param {number} places
 */
export function span(jobs, places) {
  let overAt = Array.from({ length: places }, () => 0);
  for (const job of jobs) {
    const [soonest = 0, ...others] = overAt.toSorted((a, b) => a - b);
    overAt = [soonest + job, ...others];
  }
  return Math.max(...overAt);
}

/**
 * Durations from `least` to `most`, evenly spread, in an order that looks random and is always the same.
 * @param {number} count
 * @param {number} least
 * @param {number} most
 */
export function spread(count, least, most) {
  // A step that shares no factor with 997 visits every place once.
  return Array.from({ length: count }, (_, i) =>
    Math.round(least + ((most - least) * ((i * 379) % 997)) / 996),
  );
}
