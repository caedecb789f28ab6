/** The order in which objects are named and written: the same for the same organisation, whatever its lists show first. */
import type { Kind } from "../lifecycle/kind.js";
import type { Shown } from "../lifecycle/kindApi.js";

/** By the codes of their letters, which no language of a machine has a say in. */
export const byLetters = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

interface Named {
  kind: Pick<Kind, "noun">;
  shown: Pick<Shown, "id" | "name">;
}

export const byNameThenId = (a: Named, b: Named): number =>
  byLetters(a.shown.name, b.shown.name) ||
  byLetters(a.kind.noun, b.kind.noun) ||
  byLetters(String(a.shown.id), String(b.shown.id));
