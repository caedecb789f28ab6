/** In what the organisations of schedules differ: whatever the contracts leave open. */
import * as fc from "fast-check";
import type { Variants } from "genesyscloud-sandbox";

/** Of sources. `uniqueNames: false` is left out: the provider relies on it wherever it repeats a POST. */
const ofSources = {
  createAnswer: fc.constantFrom("job", "jobWithSourceId", "source200", "source201"),
  updateAnswer: fc.constantFrom("source", "job"),
  deleteAnswer: fc.constantFrom("empty", "job"),
  sourceVisible: fc.constantFrom("onCompletion", "atOnce"),
  statusAfterJob: fc.constantFrom("active", "draft"),
  jobSuccessStatus: fc.constantFrom("completed", "active"),
  jobSourceId: fc.constantFrom("onCompletion", "never"),
  jobProgress: fc.boolean(),
  jobDates: fc.boolean(),
  listName: fc.constantFrom("exact", "ignored"),
  listEntries: fc.constantFrom("whole", "partial"),
  listChanges: fc.constantFrom("atOnce", "late"),
  immutableFields: fc.constantFrom("refused", "ignored"),
  nameConflict: fc.constantFrom(409, 400),
  assumedLimits: fc.boolean(),
  compatibilityChecked: fc.boolean(),
  eventTypes: fc.boolean(),
  referenceNames: fc.boolean(),
  webhookUrlReturned: fc.boolean(),
  nullWebhook: fc.boolean(),
} as const;

/** Of both kinds. */
const ofBoth = {
  pageCount: fc.boolean(),
  nextUri: fc.boolean(),
  listPageSize: fc.constantFrom("asAsked", "always25", "refusedOver25"),
  listPages: fc.constantFrom("steady", "shifting"),
  listDelaySeconds: fc.constantFrom(0, 1, 3, 10),
  readDelaySeconds: fc.constantFrom(0, 1, 3, 10),
  versionConflict: fc.constantFrom(409, 400),
  retryAfter: fc.constantFrom("seconds", "date"),
} as const;

/** Of integrations. */
const ofIntegrations = {
  unseenReads: fc.constantFrom(0, 1, 2),
  staleConfigReads: fc.constantFrom(0, 1, 3),
  staleStateReads: fc.constantFrom(0, 1, 3),
  transitionReads: fc.constantFrom(0, 1, 3),
  deletedReads: fc.constantFrom(0, 1, 3),
  deletedShown: fc.constantFrom("DELETED", "asBefore"),
  goneStatus: fc.constantFrom(404, 410),
  suffixFreed: fc.constantFrom("onceGone", "atOnce"),
  writeSuccess: fc.constantFrom(200, 201, 202),
  incompleteConfig: fc.constantFrom("errorLater", "refused"),
  putWhileEnabled: fc.constantFrom("retriesError", "activatesAgain", "nothing"),
  suffixTaken: fc.constantFrom(400, 409),
  fixedProperties: fc.constantFrom("changeable", "refused"),
  unchangedPut: fc.constantFrom("raisesVersion", "keepsVersion"),
  emptyNotes: fc.constantFrom("", "node_dynamodb_empty_string"),
  eventFilterOrder: fc.constantFrom("kept", "reversed"),
  integrationFilters: fc.constantFrom("applied", "ignored"),
  expandConfig: fc.constantFrom("everywhere", "listOnly", "nowhere"),
  topicTransports: fc.boolean(),
} as const;

export const variants: fc.Arbitrary<Partial<Variants>> = fc
  .record({ ...ofSources, ...ofBoth, ...ofIntegrations }, { requiredKeys: [] })
  .map((drawn: Partial<Variants>) =>
    // What lags by a number of reads, and not by the clock, no waiting ends: then it must be told from what is there.
    (drawn.deletedReads ?? 0) > 0 ? { ...drawn, deletedShown: "DELETED", suffixFreed: "atOnce" } : drawn,
  );
