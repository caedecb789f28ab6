/** What the control plane has in store for what comes next: first come, first served. */

/** The next outcome in store, counted as used; undefined where none is left. */
export function takeOutcome<Outcome extends { times?: number }>(queue: Outcome[]): Outcome | undefined {
  const [next] = queue;
  if (!next) return undefined;
  next.times = (next.times ?? 1) - 1;
  if (next.times <= 0) queue.shift();
  return next;
}
