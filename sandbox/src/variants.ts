/** What the API's contract leaves open, as switches. */
import { publicApiVariants } from "./publicApi/variants.js";

/**
 * Everything the API's contract leaves open, as a switch. The first choice is the default;
 * a switch whose name ends in `Seconds` takes any number from 0, one that ends in `Reads` any whole number from 0.
 */
const variantChoices = {
  /** What POST answers: 202 with a job, the same with the source's id, or the source itself and no job. */
  createAnswer: ["job", "jobWithSourceId", "source200", "source201"],
  /** What PUT answers: 200 with the source, or 202 with a job. */
  updateAnswer: ["source", "job"],
  /** What DELETE answers: 204, or 202 with a job. */
  deleteAnswer: ["empty", "job"],
  /** When a created source can be read: once its job is done, or (as a draft) from the start. */
  sourceVisible: ["onCompletion", "atOnce"],
  /** What becomes of a draft once it is created. "draft": every source stays one until a PUT changes it. */
  statusAfterJob: ["active", "draft"],
  /** Which of the two successful statuses a job ends with. */
  jobSuccessStatus: ["completed", "active"],
  /** Whether a successful job bears `source_id`. */
  jobSourceId: ["onCompletion", "never"],
  /** Whether jobs bear `progress`. */
  jobProgress: [true, false],
  /** Whether jobs bear `date_created` and `date_completed`. */
  jobDates: [true, false],
  /** Whether `?name=` filters the list of sources. */
  listName: ["exact", "ignored"],
  /** Whether pages bear `total`, `pageCount` and `lastUri`. */
  pageCount: [true, false],
  /** Whether pages bear `nextUri`. "untilEmptyPage": the last page that holds something bears one, too, to an empty page. */
  nextUri: [true, false, "untilEmptyPage"],
  /** How many objects a page holds: as many as are asked for; always 25; or more than 25 must not be asked for. */
  listPageSize: ["asAsked", "always25", "refusedOver25"],
  /** Whether a list is the same on each of its pages. "shifting": every other page repeats an object, and the rest leave one out. */
  listPages: ["steady", "shifting"],
  /** What the list shows of a source: all, or no filters and targets. */
  listEntries: ["whole", "partial"],
  /** When the list shows what a PUT, a job or the control plane has changed of a source: at once, or as late as what was created. */
  listChanges: ["atOnce", "late"],
  /** How long a created source or integration is missing from, and a deleted one still in, the list. */
  listDelaySeconds: [0] as readonly number[],
  /** The same for GET by id. */
  readDelaySeconds: [0] as readonly number[],
  /** The status of the answer to a PUT with an old version. */
  versionConflict: [409, 400],
  /** Whether a PUT that changes `event_topic_id` or `source_type` is refused, or the change silently dropped. */
  immutableFields: ["refused", "ignored"],
  /** Whether two sources must not bear the same name. */
  uniqueNames: [true, false],
  /** The status of the answer to a taken name. */
  nameConflict: [409, 400],
  /** Whether limits are enforced that the contract only assumes (at least one target, distinct ids, lengths, …). */
  assumedLimits: [true, false],
  /** Whether a target that doesn't take the topic's event type is refused. */
  compatibilityChecked: [true, false],
  /** Whether topics and targets bear their event types. */
  eventTypes: [true, false],
  /** Whether topics and targets bear their names. */
  referenceNames: [true, false],
  /** Whether a source's answers bear `webhook_url` at all. */
  webhookUrlReturned: [true, false],
  /** Whether a source without webhook bears `webhook_url: null`, or no such key. */
  nullWebhook: [true, false],
  /** How a source's fields are kept: as they were sent, or in a form of the organisation's own; "all" of these. */
  keeps: ["asSent", "trimmed", "lowerCase", "filtersSorted", "numbersAsText", "webhookNormalised", "all"],
  /** How `Retry-After` is written. */
  retryAfter: ["seconds", "date"],
  ...publicApiVariants,
} as const;

/** The switches' present positions. */
export type Variants = {
  -readonly [Name in keyof typeof variantChoices]: (typeof variantChoices)[Name][number];
};

/** Every switch at its default. */
export function defaultVariants(): Variants {
  const defaults = Object.entries(variantChoices).map(([name, choices]) => [name, choices[0]]);
  return Object.fromEntries(defaults) as Variants;
}

/** What is wrong with a change of switches, or null. */
export function variantsProblem(change: Record<string, unknown>): string | null {
  for (const [name, value] of Object.entries(change)) {
    const choices: readonly unknown[] | undefined = Object.hasOwn(variantChoices, name)
      ? variantChoices[name as keyof Variants]
      : undefined;
    if (!choices) return `No variant '${name}'. There are: ${Object.keys(variantChoices).join(", ")}.`;
    const { what, isOne } = positionsOf(name, choices);
    if (!isOne(value)) return `Variant '${name}' takes ${what}.`;
  }
  return null;
}

/** The positions that a switch can have. The end of its name says where it takes any number. */
function positionsOf(
  name: string,
  choices: readonly unknown[],
): { what: string; isOne: (value: unknown) => boolean } {
  if (name.endsWith("Seconds"))
    return { what: "a number from 0", isOne: (value) => typeof value === "number" && value >= 0 };
  if (name.endsWith("Reads"))
    return {
      what: "a whole number from 0",
      isOne: (value) => Number.isInteger(value) && (value as number) >= 0,
    };
  return { what: `one of ${JSON.stringify(choices)}`, isOne: (value) => choices.includes(value) };
}
