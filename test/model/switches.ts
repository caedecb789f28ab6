/** What schedules leave out, each with its reason. Turning one on shows what becomes of it. */
export const SWITCHES = {
  /**
   * A create whose job failed and made the source all the same finds it in a list that lags behind. Off: it looks
   * once; what it misses is a conflict for the next create, as after an interrupted one.
   */
  findsWhatFailedJobsMadeInLaggingLists: false,
  /**
   * A token that is revoked between its login and the first answer to it is renewed. Off: a token that never was good is
   * taken for wrong credentials, and the operation fails with a 401.
   */
  renewsTokensThatNeverWorked: false,
} as const;
