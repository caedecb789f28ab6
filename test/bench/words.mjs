/** What rows say in the same words. */

export const COUNTED = "counted by the server, logins left out";

/** What stands in the way of goals. */
export const LIMITS = {
  readBehindJob:
    "a POST, a poll and a read of the source itself are three calls; no list page answers for several sources. The counts by kind show it.",
  oneByOne: "each object is read by itself; no list page answers for several. The counts by kind show it.",
  confirmed:
    "each deletion is confirmed by a read of its own; no list page answers for several. The counts by kind show it.",
};
