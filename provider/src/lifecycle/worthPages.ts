/** Whether list pages are worth asking for, in the place of single objects: decided by counting calls. Pure. */
import { JOB_LONGEST_MS } from "../waits.js";

/** All that it depends on. */
export interface PageOutlook {
  /** Objects that are asked for now, and that a page may show. */
  waiting: number;
  /**
   * Objects that are likely to be asked for as long as the pages can answer. Nobody says how many a run has: as many
   * are thought to come as have come in as much time before.
   */
  toCome: number;
  /** Pages of this list that were asked for already, and still count. */
  asked: number;
  /** How many pages the list has, where that was seen. */
  pages: number | undefined;
}

/**
 * So many pages a list is taken to have that nobody has seen. Its first page shows how many there are: in vain it costs one
 * call beside five single ones.
 */
const PAGES_UNSEEN = 7;

/**
 * Whether asking for the rest of the list takes fewer calls than asking one by one.
 *
 * Pages are asked for once single reads would have cost as much: the ski rental rule. Nobody knows how many will be asked for,
 * so that as many are thought to come as came before. The calls are then at most twice those of the better way.
 */
export function arePagesWorthIt({ waiting, toCome, asked, pages }: PageOutlook): boolean {
  // Of a list that tells no length as much is thought to be left as was read, twice.
  const left = pages === undefined ? Math.max(PAGES_UNSEEN, 2 * asked) : Math.max(1, pages - asked);
  return waiting > 0 && waiting + toCome > left;
}

/**
 * Whether to wait on for others who look for the same page: as long as all waits together are less than it is worth. Who waits
 * longer costs more than he saves.
 *
 * @param waits so far, in milliseconds.
 * @param worth of the call, in milliseconds of lateness.
 */
export function isWaitWorthIt(waits: readonly number[], worth: number): boolean {
  const together = waits.reduce((sum, each) => sum + each, 0);
  return together < worth && Math.max(...waits) < JOB_LONGEST_MS;
}
