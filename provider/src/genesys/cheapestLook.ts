/**
 * When to look, so that all looks to come and all lateness together cost the least. Pure.
 *
 * Lateness is counted in shares of what is tolerated: a tenth of the duration, but no less than a quarter of a second.
 */
import { LOOK_BEHIND_MS, TOLERATED_LATE_MS } from "../waits.js";
import type { Chance } from "./chances.js";

/** Which part of a duration its end may be noticed late. */
export const TOLERATED_LATE = 0.1;

/** The next look, and what is to be expected after it. */
export interface Look {
  /** Milliseconds since it began. */
  at: number;
  /** How many looks there will be on the average, this one included. */
  looks: number;
}

/** A look is taken a little later than a duration, for one that takes as long to be over then. */
const behind = (ms: number): number => ms * 1.01 + LOOK_BEHIND_MS;

/** How late the end of what takes so long may be noticed. Both in milliseconds. */
export const tolerated = (ms: number): number => Math.max(TOLERATED_LATE_MS, ms * TOLERATED_LATE);

/**
 * Goes from the last chance backwards. A look costs its own price, the lateness of what is over by then, and the cheapest
 * look that can come after it. Of all that can come next the cheapest is taken.
 *
 * @param chances the earliest first; at least one.
 * @param price of one look: it is worth so many times the lateness that is tolerated.
 */
export function cheapestLook(chances: readonly Chance[], price: number): Look {
  const after = { cost: 0, looks: 0, at: 0 };
  const best = [...chances.map(() => after), after];
  let alive = 0;
  for (let first = chances.length - 1; first >= 0; first--) {
    alive += chances[first]?.weight ?? 0;
    best[first] = cheapestFrom(first, chances, best, alive * price, alive);
  }
  const { at, looks } = best[0] ?? after;
  return { at, looks: alive > 0 ? looks / alive : 0 };
}

/** All sums are weighted with how likely it is to come so far. */
interface Plan {
  cost: number;
  looks: number;
  at: number;
}

function cheapestFrom(
  first: number,
  chances: readonly Chance[],
  best: readonly Plan[],
  price: number,
  alive: number,
): Plan {
  let cheapest: Plan = { cost: Number.POSITIVE_INFINITY, looks: 0, at: 0 };
  let lateness = 0;
  let growth = 0;
  let before = 0;
  for (let last = first; last < chances.length; last++) {
    const { ms, weight } = chances[last] as Chance;
    const at = behind(ms);
    // What was over earlier is late by what the look is later; this one by the little that a look is behind.
    lateness += growth * (at - before);
    growth += weight / tolerated(ms);
    lateness += (weight / tolerated(ms)) * (at - ms);
    before = at;
    if (price + lateness >= cheapest.cost) break;
    const rest = best[last + 1] as Plan;
    const cost = price + lateness + rest.cost;
    if (cost < cheapest.cost) cheapest = { cost, looks: alive + rest.looks, at };
  }
  return cheapest;
}
