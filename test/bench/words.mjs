/** What rows say in the same words. */

export const COUNTED = "counted by the server, logins left out";

/** What stands in the way of goals. */
export const LIMITS = {
  readBehindJob:
    "a POST and one look at its job are two calls. A list page shows which jobs to ask and answers for what they have made; that a job is over it cannot prove, since the answer to a POST bears no id by which an entry would be known. The rest are pages, and the jobs that went ahead. The counts by kind show it.",
  oneByOne: "the first is read by itself, the rest by pages of the list. The counts by kind show it.",
  confirmed:
    "eight at once are confirmed by one look at the whole list; where that has more than seven pages each is read by itself. The counts by kind show it.",
  roundTrips:
    "a call is a round trip of 20 ms, 8 at once: for each call a resource 0.25 s of 100 resources, by arithmetic. What the rest is has not been looked into.",
  hooks:
    "by the log alone 4 %, by notices alone 8 %, each measured with the other off: two records and a notice are four waits for the disk, and the receiver's 20 ms, 8 at once, are 0.25 s of 7.",
  late: "the polls tolerate to notice an end a tenth of its duration late, which is all that this goal has room for.",
};
