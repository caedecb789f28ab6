/**
 * What schedules leave out because the provider does not do it yet, or because the organisation cannot be as they
 * would have it. Each switch that is off says why; turning it on is how the provider's progress is shown.
 */
export const SWITCHES = {
  /**
   * A create finds what an interrupted one made, without `onConflict: "adopt"`.
   * Off: it answers with a conflict that names the id, and the model then imports it as
   * the message says.
   */
  createFindsWhatWasMade: true,
  /** `--replace` and `state taint` work without the option deleteBeforeReplace. Off: they end in a conflict. */
  replaceWithoutDeletingFirst: false,
  /** A DELETE that is answered 409 while another job runs is repeated. Off: it fails the step. */
  deleteWaitsForOtherJobs: true,
  /** A taken name may be answered with 400. Off: the provider takes only a 409 for a taken name. */
  nameConflictOf400: true,
  /**
   * A refresh takes "not found" for lagging reads where the create was not finished. Off: it drops the resource, and
   * what was made is forgotten; before a refresh the model waits until reads have caught up.
   */
  refreshWaitsForLaggingReads: true,
  /**
   * A create whose job failed and made the source all the same finds it in a list that lags behind. Off: it looks
   * once; what it misses is a conflict for the next create, as after an interrupted one.
   */
  findsWhatFailedJobsMadeInLaggingLists: false,
  /**
   * A create is not misled by a list that lags behind and still shows a source of that name that was just deleted.
   * Off: with deleteBeforeReplace it takes the deleted source for the one to adopt, or for the one that its job made,
   * and forgets the real one; the model lets lists catch up after every delete.
   */
  knowsDeletedSourcesInLaggingLists: true,
  /**
   * A successful answer to a GET that is an object but no source is an error. Off: a read takes it for a source
   * without any fields, and the next `up` replaces it.
   */
  refusesAnswersThatAreNoSource: true,
  /**
   * A token that is revoked between its login and the first answer to it is renewed. Off: a token that never was good is
   * taken for wrong credentials, and the operation fails with a 401.
   */
  renewsTokensThatNeverWorked: false,
} as const;
