/** How much faster than a real clock the clock of a test runs, for the provider and the organisation alike. */
export interface FastClock {
  factor: number;
  now(): number;
  /** For `fastClock.cjs` in the provider's process. */
  env: Record<string, string>;
  /** Waits that long by the fast clock. */
  sleep(milliseconds: number): Promise<void>;
}

/** A clock that begins with the real time and runs `factor` times as fast. */
export function startFastClock(factor: number): FastClock {
  const real = () => performance.timeOrigin + performance.now();
  const begun = real();
  return {
    factor,
    now: () => Math.floor(begun + (real() - begun) * factor),
    env: { FAST_CLOCK: `${begun} ${factor}` },
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds / factor)),
  };
}
