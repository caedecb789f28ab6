/** How many durations are remembered: enough to be typical, few enough to follow a change. */
const REMEMBERED = 20;
/** Which part of the jobs should be over at the first look. */
const MOST = 0.9;
/** What is added to that, so that a job that takes as long as the others is over when it is asked. */
const MARGIN = 1.05;

/** What the jobs of a process have taken so far, so that the next is asked when it is likely to be over. */
export interface JobDurations {
  /** Milliseconds in which most jobs were over; `undefined` before the first. */
  typical(): number | undefined;
  /** A job took that long, in milliseconds. */
  ended(milliseconds: number): void;
}

/** An empty memory. */
export function createJobDurations(): JobDurations {
  const durations: number[] = [];
  return {
    typical: () => {
      const most = durations.toSorted((a, b) => a - b)[Math.floor(durations.length * MOST)];
      return most === undefined ? undefined : most * MARGIN;
    },
    ended: (milliseconds) => {
      durations.push(milliseconds);
      if (durations.length > REMEMBERED) durations.shift();
    },
  };
}
