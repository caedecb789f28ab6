/** What rows say in the same words. */

export const COUNTED = "counted by the server, logins left out";

/** What stands in the way of goals. */
export const LIMITS = {
  readBehindJob:
    "a POST, a poll and a read of the source itself are three calls; no list page answers for several sources. The counts by kind show it.",
  oneByOne: "each object is read by itself; no list page answers for several. The counts by kind show it.",
  confirmed:
    "each deletion is confirmed by a read of its own; no list page answers for several. The counts by kind show it.",
  roundTrips:
    "a call is a round trip of 20 ms, 8 at once: for each call a resource 0.25 s of 100 resources, by arithmetic. What the rest is has not been looked into.",
  hooks:
    "by the log alone 4 %, by notices alone 8 %, each measured with the other off: two records and a notice are four waits for the disk, and the receiver's 20 ms, 8 at once, are 0.25 s of 7.",
  late: "the polls tolerate to notice an end a tenth of its duration late, which is all that this goal has room for.",
};
