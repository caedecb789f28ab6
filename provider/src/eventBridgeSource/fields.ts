/** Which of a source's properties are its fields in the organisation, and in which of them two descriptions differ. */
import { isDeepStrictEqual } from "node:util";
import { isSameAddress } from "../addressDigest.js";
import { FIELDS, type SourceFields, type SourceInputs } from "./model.js";

/**
 * The fields in which two descriptions of a source differ. Deliberately not looked at: keys that begin with
 * two underscores, which say where a value comes from and not what it is.
 */
export function differingFields(a: SourceFields, b: SourceFields): (keyof SourceFields)[] {
  return FIELDS.filter((field) =>
    field === "webhookUrl"
      ? !isSameAddress(a.webhookUrl, b.webhookUrl)
      : !isDeepStrictEqual(a[field], b[field]),
  );
}

const isField = (key: string): boolean => (FIELDS as readonly string[]).includes(key);

/** The inputs that are no fields of the source, but settings of ours. */
export const settingsOf = (inputs: SourceInputs): Omit<SourceInputs, keyof SourceFields> =>
  Object.fromEntries(Object.entries(inputs).filter(([key]) => !isField(key))) as never;

/** The fields alone. */
export const fieldsIn = (properties: SourceFields): SourceFields =>
  Object.fromEntries(Object.entries(properties).filter(([key]) => isField(key))) as never;
