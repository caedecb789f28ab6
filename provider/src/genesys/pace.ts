/** Who is waited for in a process, and what the like has taken: what the policy of polling (`polling.ts`) goes by. */
import { JOB_SHORTEST_MS, THINK_AGAIN_MS, TOLERATED_LATE_MS } from "../waits.js";
import type { Room } from "./allowance.js";
import { chancesOf, meanOf, type Progress } from "./chances.js";
import { isLeftToOthers, LOWEST, type Outlook, pauseBeforeLook, priceOf } from "./polling.js";
import { PRICE_BESIDE, sharedEvery, Trust, untilShared } from "./sharedLook.js";

/** How many durations are remembered: enough to know how they spread, few enough to follow a change. */
const REMEMBERED = 40;

/**
 * Which part of the time that is left one pause may take: however few the calls are, a step does not run out of time with
 * one or two looks taken.
 */
const MOST_OF_THE_REST = 0.25;

/** One that is waited for. */
export interface Watch {
  /** A look has shown it at work. @param percent of the way, where it tells */
  seen(percent: number | undefined): void;
  /**
   * How long to pause before the next look, in milliseconds; called once before each, and again after each pause that
   * `isLeftToOthers` says no look is to follow.
   *
   * @param least what the platform asks for.
   * @param left how much time there is.
   */
  pause(least: number, left: number): number;
  /** After the pause no look follows, but another pause. */
  readonly isLeftToOthers: boolean;
  /** Whether calls were short when the last pause was told: then a look that several share is better than one's own. */
  readonly isShort: boolean;
  /** After the pause those that share a look take it: at a page, which shows how each of them stands. */
  readonly isShared: boolean;
  /** Whether a look of its own is due, whatever a page shows; always where none is shared. */
  readonly isDue: boolean;
  /** A look of its own was set beside what a page had shown at the same time. */
  compared(wasRight: boolean): void;
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
  /** What a look is worth, in milliseconds of lateness; `undefined` where there are calls to spend. */
  worthOfALook(): number | undefined;
  /** How many are waited for. */
  waiting(): number;
  /**
   * One begins to be waited for.
   *
   * @param sort what it is: only the like tells how long it takes.
   * @param callsTogether how many calls a look takes that all of the sort share; `undefined` where there is no such look.
   */
  watch(sort: string, callsTogether?: () => number | undefined): Watch;
}

/** @param room what the rate limit leaves. */
export function createPace(elapsed: () => number, room: () => Room | undefined): Pace {
  const sorts = new Map<string, Memory>();
  const all = { waiting: 0, begun: 0 };
  return {
    waiting: () => all.waiting,
    worthOfALook() {
      const taken = [...sorts.values()].flatMap((memory) => memory.taken);
      const price = priceOf({ taken, ...all, room: room() });
      return price === LOWEST ? undefined : price * TOLERATED_LATE_MS;
    },
    watch: (sort, callsTogether) => {
      const memory = sorts.get(sort) ?? {
        taken: [],
        tells: false,
        overBy: undefined,
        wasAtWork: false,
        waiting: new Set(),
        trust: new Trust(),
      };
      sorts.set(sort, memory);
      return new Watched(elapsed, room, memory, all, callsTogether);
    },
  };
}

interface Memory {
  taken: number[];
  /** Whether any has told its progress. */
  tells: boolean;
  /** When the soonest was over, of those that were at their first look and told nothing. */
  overBy: number | undefined;
  /** Whether any was not over at its first look. */
  wasAtWork: boolean;
  /** Those that are waited for, the first to begin first. */
  waiting: Set<Watched>;
  /** Whether what pages show of them is to be gone by. */
  trust: Trust;
}

class Watched implements Watch {
  private readonly begun: number;
  /** Looks at it alone that were to be taken. */
  private looks = 0;
  private pauses = 0;
  /** When the last look was to be taken: not when its answer came, since waiting for the rate limit says nothing of jobs. */
  private planned = 0;
  /** The same of the look before it. */
  private before = 0;
  private progress: Progress | undefined;
  /** When a look of its own is due where looks are shared. */
  private dueAt: number | undefined;
  isLeftToOthers = false;
  isShort = false;
  isShared = false;

  constructor(
    private readonly elapsed: () => number,
    private readonly room: () => Room | undefined,
    private readonly memory: Memory,
    private readonly all: { waiting: number; begun: number },
    readonly callsTogether: (() => number | undefined) | undefined,
  ) {
    this.begun = elapsed();
    all.waiting += 1;
    all.begun += 1;
    memory.waiting.add(this);
  }

  seen(percent: number | undefined): void {
    this.memory.tells ||= percent !== undefined;
    this.progress = percent === undefined ? undefined : { percent, at: this.waited() };
    this.dueAt = undefined;
  }

  get isDue(): boolean {
    return !this.isShared || this.planned >= (this.dueAt ?? 0);
  }

  compared(wasRight: boolean): void {
    this.memory.trust.learn(wasRight, this.begun + this.planned);
  }

  pause(least: number, left: number): number {
    const waited = this.waited();
    this.memory.wasAtWork ||= this.pauses > 0;
    const outlook = this.outlook(waited);
    const price = priceOf(outlook);
    this.isShort = price > LOWEST;
    this.isLeftToOthers = isLeftToOthers(outlook, price);
    if (this.isLeftToOthers) return Math.min(THINK_AGAIN_MS, left);
    const most = Math.min(left, Math.max(JOB_SHORTEST_MS, left * MOST_OF_THE_REST));
    const own = (each: number) => Math.max(least, Math.min(most, pauseBeforeLook(outlook, each)));
    const every = this.isShort || least > 0 ? Number.POSITIVE_INFINITY : this.every(waited);
    this.isShared = every < most;
    // One that was to be taken is behind, however it ended.
    if (this.planned >= (this.dueAt ?? Number.POSITIVE_INFINITY)) this.dueAt = undefined;
    if (this.isShared) this.dueAt ??= waited + own(PRICE_BESIDE);
    const pause = this.isShared ? untilShared(this.elapsed(), every) : own(price);
    this.pauses += 1;
    this.before = this.planned;
    this.planned = waited + pause;
    if (this.isDue) this.looks += 1;
    return pause;
  }

  /** How often a look is shared, in milliseconds; never is infinite. Whoever tells his progress is asked himself: it says when he will be over. */
  private every(waited: number): number {
    const { taken, tells, trust } = this.memory;
    const calls = tells || !trust.isEarned ? undefined : this.callsTogether?.();
    if (calls === undefined) return Number.POSITIVE_INFINITY;
    const waiting = [...this.memory.waiting].filter(
      ({ callsTogether }) => callsTogether !== undefined,
    ).length;
    return sharedEvery({ taken, waited, waiting, calls }, LOWEST) ?? Number.POSITIVE_INFINITY;
  }

  private outlook(waited: number): Outlook {
    const { progress, memory, all } = this;
    // Who was waited for by pages alone is past his first look.
    const looks = Math.max(this.looks, Math.min(1, this.pauses));
    const { taken, tells, waiting, wasAtWork } = memory;
    const overBy = wasAtWork ? undefined : memory.overBy;
    const ahead = [...waiting].indexOf(this);
    return { taken, tells, overBy, progress, waited, looks, ahead, ...all, room: this.room() };
  }

  over(tookMs?: number): void {
    const { memory } = this;
    if (!memory.waiting.has(this)) return;
    if (tookMs === undefined && this.pauses === 1)
      memory.overBy = Math.min(this.planned, memory.overBy ?? this.planned);
    memory.taken.push(tookMs ?? this.guess());
    if (memory.taken.length > REMEMBERED) memory.taken.shift();
    this.leave();
  }

  /** What is likely, of what it may have taken: it was not over at the look before the last. */
  private guess(): number {
    const { taken } = this.memory;
    const chances = chancesOf({ taken, waited: this.before, progress: this.progress });
    return meanOf(chances.filter(({ ms }) => ms <= this.planned)) ?? (this.before + this.planned) / 2;
  }

  leave(): void {
    if (this.memory.waiting.delete(this)) this.all.waiting -= 1;
  }

  private waited(): number {
    return this.elapsed() - this.begun;
  }
}
