/** A fast clock that a test shares with its provider's process and its organisation. */
import type { ChildProcess } from "node:child_process";

/** The clock of a test, for the provider and the organisation alike. */
export interface FastClock {
  now(): number;
  /** For `fastClock.cjs` in the provider's process. */
  env(): Record<string, string>;
  /** From now on the process, with `fastClock.cjs` in it, has this time, and none passes while it has no turn. */
  lead(child: ChildProcess): void;
  /** Waits that long by the fast clock. */
  sleep(milliseconds: number): Promise<void>;
  stop(): void;
}

/** How often the time is told, in real milliseconds. */
const TICK_MS = 1;
/** What a tick counts at most, in real milliseconds, however late it comes. */
const LONGEST_TICK_MS = 2;

/**
 * A clock that runs `factor` times as fast as a real one, as long as everybody who has it keeps pace. The next tick
 * comes when the last one was heard: a machine that is busy elsewhere, a slow disk or a process being started make
 * time stand still, and are never taken for a slow platform.
 */
export function startFastClock(factor: number): FastClock {
  let time = Date.now();
  let last = performance.now();
  const late = new Set<ChildProcess>();
  const led = new Set<ChildProcess>();
  let sleepers: { until: number; wake: () => void }[] = [];

  const timer = setInterval(() => {
    const passed = Math.min(performance.now() - last, LONGEST_TICK_MS);
    last = performance.now();
    if (late.size > 0) return;
    time += passed * factor;
    for (const child of led) {
      if (!child.connected) continue;
      late.add(child);
      child.send({ time }, (error) => error && late.delete(child));
    }
    const due = sleepers.filter(({ until }) => until <= time);
    sleepers = sleepers.filter(({ until }) => until > time);
    for (const { wake } of due) wake();
  }, TICK_MS);

  return {
    now: () => Math.floor(time),
    env: () => ({ FAST_CLOCK: String(time) }),
    lead: (child) => {
      led.add(child);
      child.on("message", (message) => message === "ticked" && late.delete(child));
      child.on("exit", () => {
        led.delete(child);
        late.delete(child);
      });
    },
    sleep: (milliseconds) =>
      new Promise((resolve) => {
        sleepers.push({ until: time + milliseconds, wake: resolve });
      }),
    stop: () => clearInterval(timer),
  };
}
