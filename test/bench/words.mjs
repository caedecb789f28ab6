/** What rows say in the same words. */

export const COUNTED = "counted by the server, logins left out";

/** What stands in the way of goals. */
export const LIMITS = {
  readBehindJob:
    "a POST and one look at its job are two calls. A list page shows which jobs to ask and answers for what they have made; that a job is over it cannot prove, since an entry may be there while its job is still at work. The rest are pages, and the jobs that went ahead. The counts by kind show it.",
  oneByOne: "the first is read by itself, the rest by pages of the list. The counts by kind show it.",
  confirmed:
    "eight at once are confirmed by one look at the whole list, the last ones by a look of their own: few sources share few looks. Where the list has more than seven pages each is read by itself. The counts by kind show it.",
  create:
    "a create waits for three answers one after the other, to its POST, its job and its look. The rows of the calls alone say what any provider has to wait for, and what the platform's SDK adds: where these are above the goal no provider can reach it that has to use that SDK. What is above them is ours, and mostly CPU, the row of all processes, while two cores are busy with the engine and the program. Looked at once on a slow machine, in CPU: the SDK takes 0.19 s to load, this package 0.11, of the 9 s of the command. The record of each create is on disk three times, before its POST, behind it and at its end: by a profile of 100 some 0.3 s.",
  refresh:
    "CPU, of which loading is the most: looked at once on a slow machine, the platform's SDK takes 0.19 s and this package 0.11 s, of a no-op's 2.1. By a profile of 100 the package's own code is another 0.1 s. The answers are larger: a read answers with inputs and state, where the no-op answers with what it was given. A record of the journal is not opened any more where the state has what it tells of.",
  destroy:
    "a deletion waits for two answers, and the first ones for `pulumi stack export` as well: it tells whether another resource of the stack manages the same object, which is kept then. Looked at once on a slow machine, of 2.9 s of the no-op: 0.35 s, of which the start of the CLI is 0.31. The SDK is loaded meanwhile. The rows of the calls alone say what any provider has to wait for, and what the SDK adds. The rest is CPU, the row of all processes.",
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
    "it is the notices. Told apart once, three rounds of 100 on two slow cores: the log alone adds 1 %, the webhook alone 7 %, both 7 %; this row has had from there to 18 %. A notice is on disk before it is sent and until it is delivered, and is signed; the receiver takes 20 ms, which are 0.26 s of 100, 8 at once. By CPU the webhook is 0.9 s of 12, of all processes.",
  late: "the polls tolerate to notice an end a tenth of its duration late, which is all that this goal has room for.",
};
