/** How long a page waits for those who will want it, too: until all is there that is asked for at once, or is worth waiting for. */
import type { Pace } from "../genesys/pace.js";
import { sleep } from "../waitFor.js";
import { AT_ONCE_QUIET_MS, TOGETHER_LONGEST_MS, TOGETHER_QUIET_MS, TOLERATED_LATE_MS } from "../waits.js";
import type { Since, Wanted } from "./entries.js";
import { arePagesWorthIt, isWaitWorthIt } from "./worthPages.js";

/** Those who wait for a page, as they are at the moment. */
export interface Crowd {
  waiting(): readonly { wanted: Wanted; since: Since; at: number }[];
  /** How many deletions are not answered yet. */
  removing(): number;
  /** How many pages the list has, where that was seen. */
  pages(): number | undefined;
}

/** Waits until all is there that is asked for at once, and where calls are short for what is likely to come soon. */
export async function gather(
  crowd: Crowd,
  pace: Pick<Pace, "worthOfALook" | "waiting">,
  elapsed: () => number,
): Promise<void> {
  const begun = elapsed();
  const lasts = (ms: number) => elapsed() - begun < ms;
  let before = 0;
  const isComing = () =>
    (before < crowd.waiting().length && lasts(TOGETHER_LONGEST_MS)) ||
    (crowd.removing() > 0 && lasts(TOLERATED_LATE_MS)) ||
    isWorthWaiting(crowd, pace, elapsed);
  while (isComing()) {
    before = crowd.waiting().length;
    await sleep(mayMoreCome(crowd, pace) ? TOGETHER_QUIET_MS : AT_ONCE_QUIET_MS);
  }
}

/** Whether more looks may come: always in a refresh or a destroy, otherwise only while jobs are followed. */
const mayMoreCome = (crowd: Crowd, pace: Pick<Pace, "waiting">): boolean =>
  crowd.removing() > 0 || pace.waiting() > 0 || crowd.waiting().some(({ since }) => since === "kept");

/** Whether to wait for those to come: where calls are short, and there are enough of them to make pages worth asking for. */
function isWorthWaiting(
  crowd: Crowd,
  pace: Pick<Pace, "worthOfALook" | "waiting">,
  elapsed: () => number,
): boolean {
  const worth = pace.worthOfALook();
  const all = crowd.waiting();
  if (worth === undefined || all.some(({ since }) => since === "kept")) return false;
  const glancing = all.filter(({ wanted }) => "key" in wanted).length;
  const toCome = Math.max(0, pace.waiting() - glancing);
  const pages = crowd.pages();
  if (toCome === 0 || !arePagesWorthIt({ waiting: all.length, toCome, asked: 0, pages })) return false;
  const waits = all.map(({ at }) => elapsed() - at);
  return isWaitWorthIt(waits, worth * (pages ?? 1));
}
