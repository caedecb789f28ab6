/**
 * Every pause, patience and window of this package, each with its reason: in milliseconds, or as durations are written.
 * Where a number is chosen and not known, that is said.
 */

// What the platform changes, and what its reads and lists show of it.

/**
 * How long the look-ups of a check, or a read, may take with all retries. The allowance is one of a minute: of many reads
 * at once the last have to wait for the next window, and the one after it.
 */
export const LOOKUP_TIMEOUT = "5m";
/** How long reads and lists may lag behind a change. Chosen: the platform publishes no number. */
export const SETTLES_WITHIN_MS = 30_000;
/** How long a function may take that looks something up, pauses for the rate limit included. Chosen: as long as a step. */
export const FUNCTION_PATIENCE_MS = 10 * 60_000;
/**
 * How long `import` and `graph` may read the organisation. Chosen: where others use the rate limit up, a thousand objects
 * take minutes.
 */
export const ORGANIZATION_TIMEOUT = "1h";
/** What a step may take beyond its time to see what a POST has made that was sent twice: as long again is for removing it. */
export const DUPLICATES_TIMEOUT = "1m";
/** The first pause between two looks at something that is expected to change any moment; each next one is twice as long. */
export const SETTLES_FIRST_MS = 250;
/** How long a look at jobs may take that many share: each could ask for its own meanwhile. Chosen. */
export const GLANCE_PATIENCE_MS = 2_000;
/** How long a list page may answer for the objects on it. Chosen: reads may lag behind as long anyway. */
export const PAGE_KEPT_MS = 30_000;
/**
 * How long nothing new has to be asked for until what is asked for at once is all there. The engine sends as many reads at
 * once as it may within 50 ms, 2 to 10 ms apart (measured).
 */
export const TOGETHER_QUIET_MS = 15;
/** The same where nobody is known who could still ask: those of one moment come together all the same. */
export const AT_ONCE_QUIET_MS = 1;
/** How long is waited for that at the most: a read's way there and back takes as long. */
export const TOGETHER_LONGEST_MS = 60;
/**
 * How long after a POST whose answer was lost its object may come about to be known again, at least: as long as creates
 * wait by default. What comes later may as well be another's.
 */
export const ARRIVES_WITHIN_MS = 10 * 60_000;
/** How long before its object a job may say that it was over: two clocks of one platform. Chosen. */
export const JOB_BEFORE_OBJECT_MS = 1_000;
/** How far the clocks of a gateway, of jobs and of objects may be apart. Chosen: the platform publishes no number. */
export const CLOCKS_APART_MS = 60_000;
/** How far the organisation's clock and this machine's may be apart where nothing is known. Chosen. */
export const CLOCK_UNKNOWN_MS = 5 * 60_000;
/** The same once an answer bore a `Date`: the header has whole seconds, and an answer is a moment on its way. */
export const CLOCK_PRECISION_MS = 2_000;

// Jobs, and what else takes its own time.

/** How late the end of a job may be noticed that takes no longer than ten times as long: nobody sees less. */
export const TOLERATED_LATE_MS = 250;
/** The shortest pause between two looks at the same job: less is mostly the way there and back. */
export const JOB_SHORTEST_MS = 100;
/** The longest pause between two looks, or a tenth of the time so far; a first look may be taken later. */
export const JOB_LONGEST_MS = 10_000;
/** The same where nothing is known of what is to come, and there are calls to spend: less than half a second. */
export const UNKNOWN_LONGEST_MS = 400;
/** How long a job is left alone at the most where calls are short and others are looked at in its place. Chosen. */
export const LEFT_TO_OTHERS_MS = 20_000;
/** How soon it is seen that they have shown enough. */
export const THINK_AGAIN_MS = 250;
/** How long a job that was just accepted may still be unknown to the server that is asked. Chosen. */
export const JOB_APPEARS_WITHIN_MS = 10_000;
/** What is left of a step for the last look at an object that takes its own time: a second is long for one request. */
export const STANDING_LAST_MS = 1_000;
/** The least that is worth to be expected where nothing is known of a duration. Chosen. */
export const EXPECTED_LEAST_MS = 150;
/** The most; what has taken longer may take ten times as long again. Chosen: as long as creates wait by default. */
export const EXPECTED_MOST_MS = 10 * 60_000;
/** What is over as soon as it is asked: the least that a clock of whole milliseconds tells. */
export const EXPECTED_AT_ONCE_MS = 1;
/** How much later than it is expected to be over something is looked at: a tick of a clock, and jitter. Chosen. */
export const LOOK_BEHIND_MS = 5;
/** The first pause before another attempt to delete what a job keeps busy; each next one is twice as long. */
export const BUSY_FIRST_MS = 500;
/** The longest of these pauses: as for a job, which is what is waited for. */
export const BUSY_LONGEST_MS = 10_000;
/** The first pause before a key that is taken, and may be ours, is posted again; each next one is twice as long. */
export const TAKEN_FIRST_MS = 250;
/** The longest of these pauses: as for the job that is still making it. */
export const TAKEN_LONGEST_MS = 10_000;

// Requests, logins and the rate limit.

/** How long a request may take where no setting says it. Chosen. */
export const REQUEST_TIMEOUT_MS = 10_000;
/** The first pause of the exponential backoff; a random part of it, one half at least, is waited. */
export const BACKOFF_FIRST_MS = 500;
/** The longest pause of the backoff. A `Retry-After` may be longer. */
export const BACKOFF_LONGEST_MS = 30_000;
/** More than that a `Retry-After` cannot ask for: the largest number that is exact, which is for ever anyway. */
export const FOR_EVER_MS = Number.MAX_SAFE_INTEGER;
/** The longest timer there is: Node lets one that is longer go off at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** How much longer a window of the rate limit may last than it says in whole seconds: they may be rounded down. */
export const RESET_ROUNDED_MS = 1_000;
/** A pause that nobody wonders about: a longer one is said. */
export const UNNOTICED_MS = 2_000;
/** How long a request is on its way, for guessing what others use of the allowance meanwhile. */
export const ON_ITS_WAY_MS = 500;
/** How long before its end a token is renewed: longer than any single request takes. */
export const RENEW_BEFORE_MS = 60_000;
/** A token that lives no longer than that is renewed when a half of its life is over. Chosen. */
export const SHORT_LIFE_MS = 2 * RENEW_BEFORE_MS;
/** How long the platform may take for all that `doctor` asks. Somebody is waiting. */
export const DOCTOR_PATIENCE_MS = 30_000;

// Notices to receivers.

/** How long one attempt may take, from the look-up of the name to the status line; Standard Webhooks: 15 to 30 s. */
export const NOTICE_ATTEMPT_MS = 15_000;

/** How long the body of an answer is read that somebody wants to see: the status line has come, and counts. */
export const ANSWER_BODY_MS = 2_000;
/** What got no answer in less was cut short: that does not show that the receiver is down. */
export const NOTICE_TELLING_MS = 10_000;
/** With less time left no attempt begins: a receiver that takes longer would be sent the same again. */
export const NOTICE_LEAST_ATTEMPT_MS = 1_000;
/** The first pause between two attempts; each next one is twice as long, and a random part of it is waited. */
export const NOTICE_FIRST_PAUSE_MS = 500;
/**
 * How long a step sends: what waits of its source and its own notice together. A passing hiccup is worth it, an outage is
 * not; what there is no time for goes out with the next step.
 */
export const NOTICE_STEP_MS = 15_000;
/** How long `webhook redeliver` tries each notice: somebody is waiting, but on purpose. */
export const REDELIVER_MS = 60_000;
/** How long a receiver is left alone after it was not available; each time in a row twice as long. */
export const LEFT_ALONE_FIRST_MS = 5_000;
/** The longest of these times. */
export const LEFT_ALONE_LONGEST_MS = 60_000;

// Files, locks and the machine.

/**
 * How long something with a file may take. A disk that is busy with what others write takes up to half a minute to say
 * that it has something; a network file system whose server is gone never answers.
 */
export const FILE_PATIENCE_MS = 60_000;
/** How long another process may hold the audit log's lock: each holds it for a moment, unless it is stopped. */
export const LOCK_PATIENCE_MS = 30_000;
/** How soon a lock is tried again where the system cannot wait for it. */
export const LOCK_TRY_AGAIN_MS = 5;
/**
 * How long the lock is kept after a record, for the next one. Taking it anew starts a process, which stops this one for
 * some 10 ms (measured): more than the record itself takes. A busy run writes a record every 40 ms.
 */
export const LOCK_KEPT_MS = 250;
/** How long it is kept at the most while others may wait for it. */
export const LOCK_KEPT_AT_MOST_MS = 500;
/** How long a step waits until its audit records have gone out by OTLP; they go on trying behind it. */
export const OTLP_PATIENCE_MS = 2_000;
/** How long the CLI may take to hand the stack's state over. */
export const EXPORT_PATIENCE_MS = 60_000;
/** How long what is in flight may take when the engine is gone: longer than one request. */
export const LAST_WORK_MS = 15_000;

// What a user may ask for.

/** The longest duration accepted: one day. A longer one is more likely a slip than a wish. Chosen. */
export const LONGEST_DURATION_MS = 24 * 60 * 60_000;
