import { isDeepStrictEqual } from "node:util";
import type { Difference } from "../resourceHandler.js";
import { differingFields } from "./fields.js";
import { asAsked, unmetFields } from "./kept.js";
import { REPLACING_FIELDS, type SourceInputs, type SourceState } from "./model.js";

/** What separates the state of a source from the inputs of a program. Pure; an unknown input is a difference. */
export function diff(olds: SourceState, news: SourceInputs): Difference {
  const before = asAsked(olds);
  const fields = differingFields(before, news);
  const settings = (["onConflict", "timeouts"] as const).filter(
    (key) => !isDeepStrictEqual(olds[key], news[key]),
  );
  const unmet = unmetFields(olds, news);
  const replaces = REPLACING_FIELDS.filter((field) => unmet.includes(field));
  return {
    inputs: fields.length + settings.length > 0,
    unfinished: olds.__unfinished !== undefined,
    replaces,
    // Names are unique: only a derived name lets the new source stand beside the old one.
    deleteBeforeReplace: replaces.length > 0 && !news.__autonamed && before.name === news.name,
  };
}
