/** Which of an object's properties are its fields in the organisation, and in which of them two descriptions differ. */
import { isDeepStrictEqual } from "node:util";
import { isSameAddress } from "../addressDigest.js";
import type { Inputs, Properties } from "./inputs.js";
import type { Kind } from "./kind.js";
import type { Observed } from "./kindApi.js";

/**
 * The fields in which two descriptions of an object differ. Deliberately not looked at: keys that begin with two
 * underscores, which say where a value comes from and not what it is.
 */
export const differingFields = ({ fields }: Pick<Kind, "fields">, a: Properties, b: Properties): string[] =>
  fields.filter((field) =>
    field === "webhookUrl"
      ? !isSameAddress(a.webhookUrl as string | undefined, b.webhookUrl as string | undefined)
      : !isDeepStrictEqual(a[field], b[field]),
  );

/**
 * An object's fields, as far as they are known.
 *
 * @param known what is known of those that the API keeps to itself, which does not mean that there are none.
 */
export function fieldsOf(
  { fields, unshown }: Observed,
  known: Properties = {},
): Properties & { name: string } {
  const ours = unshown.filter((field) => known[field] !== undefined);
  const all = { ...fields, ...Object.fromEntries(ours.map((field) => [field, known[field]])) };
  return all as Properties & { name: string };
}

/** The inputs that are no fields of the object, but settings of ours. */
export const settingsOf = ({ fields }: Kind, inputs: Inputs): Properties =>
  Object.fromEntries(Object.entries(inputs).filter(([key]) => !fields.includes(key)));

/** The fields alone. */
export const fieldsIn = ({ fields }: Kind, properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([key]) => fields.includes(key)));

/** Which of the fields that no update can change are not what is asked for. */
export const fixedDifferences = (kind: Kind, observed: Observed, wanted: Properties): string[] =>
  observed.isBare ? [] : kind.replacing.filter((field) => observed.fields[field] !== wanted[field]);
