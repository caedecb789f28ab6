/** Everything that is only assumed of the public API, as a switch. The rules of `../variants.ts` hold here, too. */
export const publicApiVariants = {
  /** GETs by id, and of the configuration, that answer 404 after a POST. */
  unseenReads: [0] as readonly number[],
  /** GETs that still show the configuration of before a PUT. */
  staleConfigReads: [0] as readonly number[],
  /** GETs that still show the states of before a PATCH. */
  staleStateReads: [0] as readonly number[],
  /** GETs by id that show a change of state under way (ACTIVATING, DEACTIVATING) before it may end. */
  transitionReads: [0] as readonly number[],
  /** GETs that still answer 200 after a DELETE. */
  deletedReads: [0] as readonly number[],
  /** What a deleted integration bears as `intendedState`, in the answer to DELETE and in reads that still show it. */
  deletedShown: ["DELETED", "asBefore"],
  /** The status of the answer for an integration that isn't there (any more). */
  goneStatus: [404, 410],
  /** When a deleted integration frees its suffix. "onceGone": when reads show it no more. */
  suffixFreed: ["onceGone", "atOnce"],
  /** The status of a success of POST, PUT, PATCH and DELETE. */
  writeSuccess: [200, 201, 202],
  /** What enabling an integration comes to while its configuration lacks a property: ERROR, or 400 on the PATCH. */
  incompleteConfig: ["errorLater", "refused"],
  /** What a PUT does to the state of an enabled integration. "retriesError": ACTIVE stays, ERROR is tried again; "activatesAgain": both pass through ACTIVATING; "nothing": only a PATCH can end an ERROR. */
  putWhileEnabled: ["retriesError", "activatesAgain", "nothing"],
  /** Where account, region or suffix are of a wrong form: 400 on the PUT, or ERROR once enabled. */
  wrongProperties: ["refused", "errorLater"],
  /** Where another integration has the suffix: the status of the answer to the PUT, or ERROR once enabled. */
  suffixTaken: [400, 409, "errorLater"],
  /** Whether a PUT with unknown topics, or such without an EventBridge transport, is refused. */
  topicsChecked: [true, false],
  /** Whether an `eventFilter` without topics is taken. */
  emptyEventFilter: ["taken", "refused"],
  /** Whether a PUT may change account, region and suffix once they are set. */
  fixedProperties: ["changeable", "refused"],
  /** Whether a PUT that changes nothing raises the version. */
  unchangedPut: ["raisesVersion", "keepsVersion"],
  /** How empty `notes` are read back. The second is what a database of the platform leaks. */
  emptyNotes: ["", "node_dynamodb_empty_string"],
  /** The order in which `eventFilter` is read back. */
  eventFilterOrder: ["kept", "reversed"],
  /** Whether the list knows `integrationType`, `ids`, `reportedState` and `credentialId`; older stacks don't. */
  integrationFilters: ["applied", "ignored"],
  /** Where `expand=config.current` works. */
  expandConfig: ["everywhere", "listOnly", "nowhere"],
  /** Whether available topics bear `transports`, asked for or not. */
  topicTransports: [true, false],
  /** Whether the public API refuses tokens without its scopes; by default organisations don't. Permissions always count. */
  publicScopes: ["notEnforced", "enforced"],
} as const;
