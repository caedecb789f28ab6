/** What a kind of resource is called where programs read it: in the audit log and in notices. */

/** `eventbridge_source` for the kind `EventBridge source`. */
export const wordOf = (kind: string): string => kind.toLowerCase().replace(/\W+/g, "_");

/** The fields that bear the id of an object; a record or a notice has one of them, which tells what it is about. */
export const ID_FIELDS = ["source_id", "integration_id"] as const;
export type IdField = (typeof ID_FIELDS)[number];

/** The field for this kind: `source_id` for an `EventBridge source`. */
export function idFieldOf(kind: string): IdField {
  const field = ID_FIELDS.find((each) => `${wordOf(kind)}_id`.endsWith(`_${each}`));
  if (field === undefined)
    throw new Error(`the kind "${kind}" has no field for its id in records and notices`);
  return field;
}

/** The id that a record or the body of a notice bears; `null` as long as it is not known. */
export const idIn = (told: Partial<Record<IdField, string | null>>): string | null =>
  told.source_id ?? told.integration_id ?? null;
