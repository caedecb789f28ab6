/** When a job is likely to be over: from what others have taken, and from the progress that it tells. Pure. */
import { EXPECTED_AT_ONCE_MS, EXPECTED_LEAST_MS, EXPECTED_MOST_MS } from "../waits.js";

/** That something takes so long, among other chances. */
export interface Chance {
  /** Milliseconds since it began. */
  ms: number;
  /** How likely that is, beside the others' weights. */
  weight: number;
}

/** What a look at a job has told of its progress. */
export interface Progress {
  percent: number;
  /** How long it had been waited for then, in milliseconds. */
  at: number;
}

/** What is known of one that is waited for. */
export interface Known {
  /** What others have taken so far, in milliseconds, in any order. */
  taken: readonly number[];
  /** How long it has been waited for, in milliseconds. */
  waited: number;
  /** What the last look told, if it did. */
  progress?: Progress;
}

/** How likely it is, where nothing is known, that it is over as soon as it is asked: not enough for a look of its own. */
const AT_ONCE = 0.3;
/** By how much each duration that may be is longer than the one before: finer than lateness is counted. */
const STEP = 1.12;
/** How much of what others have taken is doubted, counted in jobs: after the first one half is still open. */
const DOUBT = 1;
/** Percent: what less of the way says of the rest is a guess. */
const LEAST_PROGRESS = 10;
/** How much of what is told by progress is doubted: it need not be even. */
const DOUBT_OF_PROGRESS = 0.05;

/** All chances of what is not over yet, the earliest first; at least one. */
export function chancesOf({ taken, waited, progress }: Known): Chance[] {
  const told = toldBy(progress).filter(({ ms }) => ms > waited);
  const open = anyDuration(waited, told.length > 0 ? DOUBT_OF_PROGRESS : DOUBT);
  const likely = told.length > 0 ? told : asTaken(taken).filter(({ ms }) => ms > waited);
  return [...likely, ...open].sort((one, other) => one.ms - other.ms);
}

/** What lies between two durations that were met is half as likely as they are. */
function asTaken(taken: readonly number[]): Chance[] {
  const sorted = taken.toSorted((one, other) => one - other);
  const between = sorted.slice(1).map((ms, index) => (ms + (sorted[index] ?? ms)) / 2);
  return [...sorted.map((ms) => ({ ms, weight: 2 / 3 })), ...between.map((ms) => ({ ms, weight: 1 / 3 }))];
}

/** What is to be expected of chances, in milliseconds; `undefined` of none. */
export function meanOf(chances: readonly Chance[]): number | undefined {
  const all = chances.reduce((sum, { weight }) => sum + weight, 0);
  return all > 0 ? chances.reduce((sum, { ms, weight }) => sum + ms * weight, 0) / all : undefined;
}

/** The end that progress points to. Percents are whole, and may be rounded down; what it tells is a moment old. */
function toldBy(progress: Progress | undefined): Chance[] {
  const { percent = 0, at = 0 } = progress ?? {};
  if (percent < LEAST_PROGRESS || percent >= 100) return [];
  const [earliest, latest] = [(at * 100) / (percent + 1), (at * 100) / percent];
  return [earliest, (earliest + latest) / 2, latest, latest * 1.02].map((ms) => ({ ms, weight: 0.25 }));
}

/**
 * Where nothing is known, what has taken a time takes twice that time or longer in half of the cases. What is over already is
 * not possible any more.
 */
function anyDuration(waited: number, doubt: number): Chance[] {
  const most = Math.max(EXPECTED_MOST_MS, waited * 10);
  const open: Chance[] =
    waited < EXPECTED_AT_ONCE_MS ? [{ ms: EXPECTED_AT_ONCE_MS, weight: doubt * AT_ONCE }] : [];
  for (let ms = EXPECTED_LEAST_MS; ms < most; ms *= STEP)
    if (ms > waited)
      open.push({ ms, weight: (doubt * (STEP - 1) * Math.max(waited, EXPECTED_LEAST_MS)) / ms });
  return open;
}
