/** How many durations are remembered: enough to be typical, few enough to follow a change. */
const REMEMBERED = 20;
/** How much of the guess is kept when a job was over at the first look: it may have been over long before. */
const TRY_EARLIER = 0.9;

/** What the jobs of a process have taken so far, so that the next is asked when it is likely to be done. */
export interface JobDurations {
  /** Milliseconds in which nine of ten jobs were over; `undefined` before the first. */
  typical(): number | undefined;
  /**
   * A job was seen to be over.
   *
   * @param milliseconds since it was posted.
   * @param polls how often it was asked.
   */
  ended(milliseconds: number, polls: number): void;
}

/** An empty memory. */
export function createJobDurations(): JobDurations {
  const durations: number[] = [];
  return {
    typical: () => durations.toSorted((a, b) => a - b)[Math.floor(durations.length * 0.9)],
    ended: (milliseconds, polls) => {
      durations.push(polls === 1 ? milliseconds * TRY_EARLIER : milliseconds);
      if (durations.length > REMEMBERED) durations.shift();
    },
  };
}
