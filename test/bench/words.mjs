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
    "the rows of the same command tell it apart: what the round trips of its calls take, and how much more CPU is used. Two cores are busy with the engine and the program, so that CPU is time.",
  loaded:
    "what the provider process loads, and the check and the comparison of each resource, are CPU: the row of the CPU has the same ratio.",
  hooks:
    "by the log alone 4 %, by notices alone 8 %, each measured with the other off: two records and a notice are four waits for the disk, and the receiver's 20 ms, 8 at once, are 0.25 s of 7.",
  late: "the polls tolerate to notice an end a tenth of its duration late, which is all that this goal has room for.",
};
