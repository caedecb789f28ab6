/** The fields of an integration, in the organisation and in the stack's state. */

/** The fields that can drift, in the order in which messages name them. */
export const FIELDS = [
  "name",
  "notes",
  "awsAccountId",
  "awsAccountRegion",
  "eventSourceSuffix",
  "eventFilter",
  "enabled",
  "webhookUrl",
] as const;

/** Fields that no update can change. Whether the platform could is not known: a new integration is safe. */
export const REPLACING_FIELDS = ["awsAccountId", "awsAccountRegion", "eventSourceSuffix"] as const;

/** What an integration of another kind must not be taken for. */
export const TYPE_ID = "amazon-eventbridge-source";
