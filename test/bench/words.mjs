/** What rows say in the same words. */

export const COUNTED = "counted by the server, logins left out";

/** What stands in the way of goals. */
export const LIMITS = {
  readBehindJob:
    "a POST and one look at its job are two calls. A list page shows which jobs to ask and answers for what they have made; that a job is over it cannot prove, since an entry may be there while its job is still at work. The rest are pages, and the jobs that went ahead. The counts by kind show it.",
  oneByOne: "the first is read by itself, the rest by pages of the list. The counts by kind show it.",
  confirmed:
    "eight at once are confirmed by one look at the whole list, the last ones by a look of their own: few sources share few looks. Where the list has more than seven pages each is read by itself. The counts by kind show it.",
  roundTrips:
    "it is CPU; that it could not be less is not shown. The rows of the same command tell it apart: the round trips of its calls are next to nothing, and two cores are busy with the engine and the program, so that CPU is time. By process, looked at once in /proc with 200 sources: of 200 creates the provider uses 7.4 s where the no-op's uses 2.0, of 200 reads 3.0 s where that uses 1.7. A profile, taken while the machine was busy, says with what: the package's own code and its validator are a sixth of it in creates and a twelfth in reads. The rest is what has to be loaded, the files that have to be on disk before a POST, HTTP through the platform's SDK, and gRPC.",
  loaded:
    "it is CPU, of no one place: the row of the CPU has the same ratio. By process, looked at once in /proc with 200 sources: the program uses 6.9 s where the no-op's uses 6.5, the provider 2.5 s where that uses 1.9, the engine 2.5 s where it uses 1.9. Why 1,000 take more each is not known.",
  plenty:
    "where nothing is short the polls are as many as it takes to notice an end early: the row of the same jobs shows what they buy. Each source is read by itself, at once. The counts by kind show it.",
  lastWindow:
    "the least is counted to the beginning of the last window. The calls of that window come as the creates do, eight at once.",
  engine:
    "nothing is short: the no-op's `up` of as many takes longer than the windows, so that the engine sets the pace. Calls that would be left over are spent on reads. The counts by kind show it.",
  ofTheRun:
    "a PUT and a look each. The one more asks which organisation it is, once a run: the name of the partner event source bears its id.",
  hooks:
    "two records and a notice are four waits for the disk, and the receiver's 20 ms, 8 at once, are 0.25 s of 100.",
  late: "the polls tolerate to notice an end a tenth of its duration late, which is all that this goal has room for.",
};
