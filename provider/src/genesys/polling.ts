/**
 * When a job, or anything else that takes its own time, is looked at next: the one policy of polling. Pure.
 *
 * A look has a price. Where the allowance has plenty of room it is low, and an end is noticed soon. The less there is
 * for those that wait, and for those that are likely to come, the higher it gets, until each is looked at about once.
 */
import { JOB_LONGEST_MS, JOB_SHORTEST_MS, LEFT_TO_OTHERS_MS, UNKNOWN_LONGEST_MS } from "../waits.js";
import type { Room } from "./allowance.js";
import { type Chance, chancesOf, meanOf, type Progress } from "./chances.js";
import { cheapestLook, TOLERATED_LATE, tolerated } from "./cheapestLook.js";

/** All that the next look depends on. */
export interface Outlook {
  /** What others of its sort have taken so far in this process, in milliseconds. */
  taken: readonly number[];
  /** Whether any of them has told its progress. */
  tells: boolean;
  /**
   * How soon a first look has found one over, at the earliest, in milliseconds. It counts as long as every first look finds one
   * over and none has told since when. `undefined` where more is known, or nothing.
   */
  overBy?: number;
  /** What the last look has told of its progress. */
  progress?: Progress;
  /** How long this one has been waited for, in milliseconds. */
  waited: number;
  /** How often it was looked at. */
  looks: number;
  /** How many are waited for now, this one included. */
  waiting: number;
  /** How many of its sort are waited for that began before this one. */
  ahead: number;
  /** How many have been waited for in this process, those included that are over. */
  begun: number;
  /** What is left of the window; `undefined` where there is no limit, or none that is known. */
  room: Room | undefined;
}

/**
 * The prices of a look, in lateness that is tolerated. The lowest makes four looks of jobs of 1 to 5 s that tell no
 * progress, each noticed a tenth of its duration late on the average; the highest looks once, when nearly all are over.
 */
const PRICES = [0.25, 0.5, 1, 2.5, 10] as const;
/** The price where there are calls to spend. */
export const [LOWEST] = PRICES;
const HIGHEST = 10;
/** The highest price where nothing is known: what one look teaches, all that wait have the use of. */
const PRICE_TO_LEARN = 2.5;
/** What one takes besides its looks: the request that begins it, and the one that reads what it made. */
const OTHER_CALLS = 2;
/** How many are thought to come for each that has come. */
const TO_COME = 3;
/** How many are looked at where nothing is known and calls are short; each that is over lets one more. */
const SCOUTS = 3;
/** After so many the rest have enough to go by. */
const ENOUGH_KNOWN = 3;
/** How much sooner the next is looked at where all were over at their first look: two of them lead from 250 ms to 15. Chosen. */
const SOONER = 0.25;
/** Looks after which none comes sooner than what is tolerated: what was expected then was wrong. */
const TRUSTED_LOOKS = 4;

/**
 * Whether to think again a little later, before a first look: where calls are short and little is known, those that began
 * first are looked at, and the others go by what these have taken.
 */
export function isLeftToOthers({ taken, looks, ahead, waited }: Outlook, price: number): boolean {
  const isEarly = looks === 0 && taken.length < ENOUGH_KNOWN && waited < LEFT_TO_OTHERS_MS;
  return isEarly && ahead >= SCOUTS + taken.length && price > LOWEST;
}

/** How long to pause before the next look, in milliseconds. */
export function pauseBeforeLook(outlook: Outlook, price: number): number {
  const { taken, waited, progress, looks } = outlook;
  const { at } = cheapestLook(chancesOf({ taken, waited, progress }), price);
  const pause = at - waited;
  if (looks === 0)
    return Math.max(0, price === LOWEST ? Math.min(pause, ...untilWorthTrying(outlook)) : pause);
  const isUnknown = progress === undefined && !taken.some((ms) => ms > waited);
  const least = looks >= TRUSTED_LOOKS ? waited * TOLERATED_LATE : 0;
  // Where nothing is known of what is to come, only looking shows it.
  const most =
    isUnknown && price === LOWEST
      ? Math.max(UNKNOWN_LONGEST_MS, waited * 2 * TOLERATED_LATE)
      : Math.max(JOB_LONGEST_MS, waited * TOLERATED_LATE);
  return Math.min(most, Math.max(JOB_SHORTEST_MS, least, pause));
}

/** When a first look is worth its call, where there are calls to spend: for what it tells of the others. */
function untilWorthTrying({ taken, tells, overBy }: Outlook): number[] {
  return [...(tells ? [untilQuickest(taken)] : []), ...(overBy === undefined ? [] : [overBy * SOONER])];
}

/** When the quickest would just be noticed in time: a look then tells how far the others have come. */
function untilQuickest(taken: readonly number[]): number {
  const quickest = Math.min(...taken);
  return quickest + tolerated(quickest);
}

/** The lowest price at which the calls do for all: those that wait, and as many to come as are likely. */
export function priceOf({
  taken,
  waiting,
  begun,
  room,
}: Pick<Outlook, "taken" | "waiting" | "begun" | "room">): number {
  if (room === undefined) return LOWEST;
  const fresh = chancesOf({ taken, waited: 0 });
  const affordable =
    room.calls / jobsInWindow(fresh, { waiting, begun, overInMs: room.overInMs }) - OTHER_CALLS;
  const price = PRICES.find((each) => cheapestLook(fresh, each).looks <= affordable) ?? HIGHEST;
  return taken.length === 0 ? Math.min(price, PRICE_TO_LEARN) : price;
}

/**
 * How many the window has to do for. What is over is followed by another one as long as the run goes on, and nobody
 * knows how long: as many are thought to come as have come so far, if there is time for them.
 */
function jobsInWindow(
  fresh: readonly Chance[],
  { waiting, begun, overInMs }: { waiting: number; begun: number; overInMs: number },
): number {
  return waiting + Math.min(TO_COME * begun, waiting * (overInMs / (meanOf(fresh) ?? overInMs)));
}
