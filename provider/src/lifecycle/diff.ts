/** What separates the state of an object from the inputs of a program. */
import { isDeepStrictEqual } from "node:util";
import type { Difference } from "../resourceHandler.js";
import { differingFields } from "./fields.js";
import type { Inputs, State } from "./inputs.js";
import { asAsked, unmetFields } from "./kept.js";
import { type Kind, keyOf } from "./kind.js";

/** Pure; an unknown input is a difference. */
export function diff(kind: Kind, olds: State, news: Inputs): Difference {
  const before = asAsked(olds);
  const fields = differingFields(kind, before, news);
  const settings = ["onConflict", "timeouts"].filter((key) => !isDeepStrictEqual(olds[key], news[key]));
  const unmet = unmetFields(kind, olds, news);
  return {
    inputs: fields.length + settings.length > 0,
    unfinished: olds.__unfinished !== undefined,
    replaces: kind.replacing.filter((field) => unmet.includes(field)),
    // No two objects share a key: only a derived one lets the new object stand beside the old one. The engine may replace
    // for a reason of its own (replaceOnChanges), so that this is answered whatever differs.
    deleteBeforeReplace: !news.__autonamed && keyOf(kind, before) === keyOf(kind, news),
  };
}
