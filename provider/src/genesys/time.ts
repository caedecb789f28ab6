// The two clocks of a machine. What is measured with one is never compared with the other.

/** The time of day, and the time that passes. */
export interface Time {
  /**
   * Milliseconds since the epoch. Somebody may set this clock at any moment, by years: it is for what is written down,
   * and for what is compared with another machine's clock.
   */
  now(): number;
  /** Milliseconds of a clock that nobody sets: for pauses, durations and deadlines. It says nothing of the time of day. */
  elapsed(): number;
}

/** This machine's. Whole milliseconds; time that the machine sleeps may not count as elapsed. */
export const machineTime: Time = {
  now: () => Date.now(),
  elapsed: () => Math.trunc(performance.now()),
};

/** Starts a countdown. @returns the milliseconds that are left; zero or less when it is over. */
export function countdown(elapsed: () => number, milliseconds: number): () => number {
  const end = elapsed() + milliseconds;
  return () => end - elapsed();
}
