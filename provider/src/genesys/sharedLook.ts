/**
 * When looks are shared: a list page shows how all stand that are waited for, and costs the calls of one look. Whether that takes
 * fewer calls is counted. Pure, but for `Trust`, which remembers how often pages were right.
 */
import { TOLERATED_LATE_MS } from "../waits.js";
import { chancesOf } from "./chances.js";
import { cheapestLook, tolerated } from "./cheapestLook.js";

/** All that it depends on. */
export interface SharedOutlook {
  /** What others of its sort have taken so far in this process, in milliseconds. */
  taken: readonly number[];
  /** How long this one has been waited for, in milliseconds. */
  waited: number;
  /** How many are waited for now that can share a look. */
  waiting: number;
  /** How many calls a shared look takes. */
  calls: number;
}

/**
 * The price of a look of one's own where looks are shared. It makes about one such look a job, for what no page shows, such as a job that
 * failed. By simulation: a failed one is seen later at a higher price, and at a lower one the others are looked at before they are over.
 */
export const PRICE_BESIDE = 5;
/** After so many it is known how long they take. */
const ENOUGH_KNOWN = 3;
/** The read of what the job has made: the page that shows it answers that, too. */
const READS = 1;
/** How often it is shared at least until one is over on the average: what takes less is looked at by itself. Chosen. */
const LEAST_OFTEN = 4;

/**
 * How often a look is shared, in milliseconds; `undefined` where each looking by itself takes fewer calls.
 *
 * It is a quarter of a second times a power of two: who begins to wait at another time waits for the same moments.
 *
 * @param price of a look where looks are not shared.
 */
export function sharedEvery(
  { taken, waited, waiting, calls }: SharedOutlook,
  price: number,
): number | undefined {
  if (taken.length < ENOUGH_KNOWN) return undefined;
  const mean = taken.reduce((sum, each) => sum + each, 0) / taken.length;
  const every = steps(tolerated(Math.max(mean, waited)));
  if (mean < LEAST_OFTEN * TOLERATED_LATE_MS) return undefined;
  const fresh = chancesOf({ taken, waited: 0 });
  const saved = cheapestLook(fresh, price).looks - cheapestLook(fresh, PRICE_BESIDE).looks;
  return waiting * (saved + READS) > calls * (mean / every) ? every : undefined;
}

const steps = (most: number): number =>
  TOLERATED_LATE_MS * 2 ** Math.max(0, Math.floor(Math.log2(most / TOLERATED_LATE_MS)));

/** Until the next moment at which looks are shared, in milliseconds. @param now by the clock that never jumps */
export const untilShared = (now: number, every: number): number => every - (now % every);

/** How much oftener wrong than right pages may be. */
const OFTENER_WRONG = 2;
/** How many moments are remembered: few enough to notice a list that begins to lag. Chosen. */
const REMEMBERED = 20;

/**
 * What shared looks have been worth: a list may lag behind its jobs, or be ahead of them. A moment counts once, as most of its looks say:
 * many jobs may be over between a page and the looks after it.
 */
export class Trust {
  /** How many looks of a moment found the page right, less those that found it wrong; the earliest moment first. */
  private readonly moments = new Map<number, number>();

  /** A page was set beside the job itself. @param moment of the shared look, in milliseconds */
  learn(wasRight: boolean, moment: number): void {
    const at = Math.round(moment);
    this.moments.set(at, (this.moments.get(at) ?? 0) + (wasRight ? 1 : -1));
    const [first = at] = this.moments.keys();
    if (this.moments.size > REMEMBERED) this.moments.delete(first);
  }

  /** Whether pages are to be gone by. Once they are not, nothing more is learned of them in this process. */
  get isEarned(): boolean {
    const wrong = [...this.moments.values()].filter((balance) => balance < 0).length;
    return wrong <= this.moments.size - wrong + OFTENER_WRONG;
  }
}
