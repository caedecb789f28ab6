/** Who is waited for in a process, and what the like has taken: what the policy of polling (`polling.ts`) goes by. */
import type { Room } from "./allowance.js";
import { chancesOf, meanOf, type Progress } from "./chances.js";
import { pauseBeforeLook } from "./polling.js";

/** How many durations are remembered: enough to know how they spread, few enough to follow a change. */
const REMEMBERED = 40;

/** One that is waited for. */
export interface Watch {
  /** A look has shown it at work. @param percent of the way, where it tells */
  seen(percent: number | undefined): void;
  /**
   * How long to pause before the next look, in milliseconds; called once before each.
   *
   * @param least what the platform asks for.
   * @param most what there is time for.
   */
  pause(least: number, most: number): number;
  /**
   * It is over: no longer waited for.
   *
   * @param tookMs how long it took by the platform's clock, where it tells; else it is guessed by when it was looked at.
   */
  over(tookMs?: number): void;
  /** No longer waited for, and nothing was learned. After `over` it does nothing. */
  leave(): void;
}

/** Tells each of those that wait when to look. */
export interface Pace {
  /** One begins to be waited for. @param sort what it is: only the like tells how long it takes */
  watch(sort: string): Watch;
}

/** @param room what the rate limit leaves. */
export function createPace(elapsed: () => number, room: () => Room | undefined): Pace {
  const sorts = new Map<string, Memory>();
  const all = { waiting: 0, begun: 0 };
  return {
    watch: (sort) => {
      const memory = sorts.get(sort) ?? { taken: [], tells: false };
      sorts.set(sort, memory);
      return new Watched(elapsed, room, memory, all);
    },
  };
}

interface Memory {
  taken: number[];
  /** Whether any has told its progress. */
  tells: boolean;
}

class Watched implements Watch {
  private readonly begun: number;
  private looks = 0;
  /** When the last look was to be taken: not when its answer came, since waiting for the rate limit says nothing of jobs. */
  private planned = 0;
  /** The same of the look before it. */
  private before = 0;
  private progress: Progress | undefined;
  private isWaited = true;

  constructor(
    private readonly elapsed: () => number,
    private readonly room: () => Room | undefined,
    private readonly memory: Memory,
    private readonly all: { waiting: number; begun: number },
  ) {
    this.begun = elapsed();
    all.waiting += 1;
    all.begun += 1;
  }

  seen(percent: number | undefined): void {
    this.memory.tells ||= percent !== undefined;
    this.progress = percent === undefined ? undefined : { percent, at: this.waited() };
  }

  pause(least: number, most: number): number {
    const waited = this.waited();
    const { taken, tells } = this.memory;
    const { progress, looks } = this;
    const wanted = pauseBeforeLook({ taken, tells, progress, waited, looks, ...this.all, room: this.room() });
    const pause = Math.max(least, Math.min(most, wanted));
    this.looks += 1;
    this.before = this.planned;
    this.planned = waited + pause;
    return pause;
  }

  over(tookMs = this.guess()): void {
    if (!this.isWaited) return;
    this.memory.taken.push(tookMs);
    if (this.memory.taken.length > REMEMBERED) this.memory.taken.shift();
    this.leave();
  }

  /** What is likely, of what it may have taken: it was not over at the look before the last. */
  private guess(): number {
    const { taken } = this.memory;
    const chances = chancesOf({ taken, waited: this.before, progress: this.progress });
    return meanOf(chances.filter(({ ms }) => ms <= this.planned)) ?? (this.before + this.planned) / 2;
  }

  leave(): void {
    if (this.isWaited) this.all.waiting -= 1;
    this.isWaited = false;
  }

  private waited(): number {
    return this.elapsed() - this.begun;
  }
}
