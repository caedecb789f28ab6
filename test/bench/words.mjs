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
    "both waiting and CPU. A create waits for three answers one after the other, to its POST, its job and its look, a deletion for two. The rows of the calls alone say what any provider has to wait for, and what the platform's SDK adds to that: looked at once, of 100, by the SDK an `up` is at 1.23, a `refresh` at 1.13 and a `destroy` at 1.23. The rest is CPU, the row of all processes, while two cores are busy with the engine and the program. By process, looked at once in /proc: of 100 creates the provider uses 2.6 s where the no-op's uses 0.9, the engine 2.1 s where it uses 1.8. Of a refresh of 1,000 right after they were made the provider uses 4.4 s where the no-op's uses 1.9, the engine 3.7 s where it uses 2.0. Profiles of the provider tell with what. In 100 creates it is busy for 1.4 s, 0.8 of them loading, 0.2 the package's own code, 0.2 its files, and waits for 2.0 s. Files have to be on disk before a POST. In a refresh of 100 it is busy for 0.9 s, 0.6 of them loading, most of that Pulumi's SDK, which the no-op loads, too. Each read looks at the record of its create: hence 0.1 s of files. What is beyond the SDK's calls could be less.",
  loaded:
    "it is CPU, of no one place: the row of the CPU has the same ratio. By process, looked at once in /proc with 1,000 sources: the program uses 15.7 s where the no-op's uses 14.8, the engine 4.7 s where it uses 3.5, the provider 3.9 s where that uses 2.4. A source has more inputs than a no-op.",
  plenty:
    "where nothing is short the looks are as many as it takes to notice an end early: the row of the same jobs shows what they buy. Several look together, by a page, and each job is asked itself once a page has shown what it made. The counts by kind show it.",
  lastWindow:
    "the least is counted to the beginning of the last window. The calls of that window come as the creates do, eight at once.",
  engine:
    "nothing is short: the no-op's `up` of as many takes longer than the windows, so that the engine sets the pace. Calls that would be left over are spent on reads. The counts by kind show it.",
  ofTheCreate:
    "a POST, a PUT and a PATCH each. Two more ask once a run, which topics there are and which organisation it is.",
  ofTheRun:
    "a PUT and a look each. The one more asks which organisation it is, once a run: the name of the partner event source bears its id.",
  hooks:
    "it is the notices. Told apart once, three rounds of 100 on two slow cores: the log alone adds 1 %, the webhook alone 7 %, both 7 %. A notice is on disk before it is sent and until it is delivered, and is signed; the receiver takes 20 ms, which are 0.26 s of 100, 8 at once. By CPU the webhook is 0.9 s of 12, of all processes.",
  late: "the polls tolerate to notice an end a tenth of its duration late, which is all that this goal has room for.",
};
