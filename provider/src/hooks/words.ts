/** What a kind of resource is called where programs read it: in the audit log and in notices. Its label tells all of it. */

/** `eventbridge_source` for the kind `EventBridge source`. */
export const wordOf = (kind: string): string => kind.toLowerCase().replace(/\W+/g, "_");

/** A field that bears the id of an object; a record or a notice has one of them, which tells what it is about. */
export type IdField = `${string}_id`;

/** `source_id` for an `EventBridge source`. */
export const idFieldOf = (kind: string): IdField => `${wordOf(kind).split("_").at(-1)}_id`;

/** Whether a field of a record or a notice is such a one, of whatever kind; that of the job is none. */
export const isIdField = (field: string): boolean => /^(?!job_)[a-z0-9]+_id$/.test(field);

/** The id that a record or the body of a notice bears; `null` as long as it is not known. */
export const idIn = (told: Readonly<Record<IdField, string | null>>): string | null =>
  Object.entries(told).find(([field]) => isIdField(field))?.[1] ?? null;
