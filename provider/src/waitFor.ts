/** Waiting: the one loop of "look, pause, look again", and how it can end. */

/** How waiting ended: what was waited for is there, there was no more time for it, or the run is to stop. */
export type Ended<T> = { end: "reached"; value: T } | { end: "timed out" } | { end: "aborted" };

/** How to wait. */
export interface Patience {
  /** Ends the waiting; default: nothing does. */
  readonly signal?: AbortSignal;
  /**
   * How long to pause before the next look, in milliseconds; 0 looks at once, `undefined` gives up.
   *
   * @param looks taken so far.
   */
  pause(looks: number): number | undefined;
  /** Asked after a pause: whether to pause again in the place of a look. */
  pausesOn?(): boolean;
  /** Is told of every pause as it begins. @param ms in milliseconds */
  onPause?(ms: number): void;
}

/**
 * Looks until there is something. A pause ends early when the signal aborts; the look after it is taken all the same:
 * what it asks refuses by itself, and says why.
 *
 * @throws what `look` throws.
 */
export async function waitFor<T>(
  look: () => Promise<T | undefined>,
  { signal, pause, pausesOn, onPause }: Patience,
): Promise<Ended<T>> {
  for (let looks = 0; ; ) {
    const ms = pause(looks);
    if (ms === undefined) return { end: "timed out" };
    if (ms > 0) {
      if (signal?.aborted) return { end: "aborted" };
      onPause?.(ms);
      await sleep(ms, signal);
    }
    if (pausesOn?.() && !signal?.aborted) continue;
    const value = await look();
    if (value !== undefined) return { end: "reached", value };
    looks += 1;
  }
}

/** What was waited for, where it came about. */
export const reachedIn = <T>(ended: Ended<T>): T | undefined =>
  ended.end === "reached" ? ended.value : undefined;

/** Pauses that double, from the first to the longest. @param looks taken so far, one at least */
export const doubling = (looks: number, firstMs: number, longestMs = Number.POSITIVE_INFINITY): number =>
  Math.min(longestMs, firstMs * 2 ** (looks - 1));

/** Waits, or less long when the signal aborts. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener("abort", done);
  });
}
