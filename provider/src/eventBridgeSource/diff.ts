import { isDeepStrictEqual } from "node:util";
import { isSameAddress } from "../addressDigest.js";
import type { Difference } from "../resourceHandler.js";
import { FIELDS, REPLACING_FIELDS, type SourceFields, type SourceInputs, type SourceState } from "./model.js";

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

/** What separates the state of a source from the inputs of a program. Pure; an unknown input is a difference. */
export function diff(olds: SourceState, news: SourceInputs): Difference {
  const fields = differingFields(olds, news);
  const settings = (["onConflict", "timeouts"] as const).filter(
    (key) => !isDeepStrictEqual(olds[key], news[key]),
  );
  const replaces = REPLACING_FIELDS.filter((field) => fields.includes(field));
  return {
    inputs: fields.length + settings.length > 0,
    unfinished: olds.__unfinished !== undefined,
    replaces,
    // Names are unique: only a derived name lets the new source stand beside the old one.
    deleteBeforeReplace: replaces.length > 0 && !news.__autonamed && olds.name === news.name,
  };
}
