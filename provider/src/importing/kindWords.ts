/** Words for objects of several kinds: `3 sources and 1 integration`. */
import type { Kind } from "../lifecycle/kind.js";
import { byLetters } from "./order.js";

/** `source or integration`. */
export const nounsOf = (kinds: readonly Kind[], between = "or"): string =>
  kinds.map(({ noun }) => noun).join(` ${between} `);

/** `sources and integrations`. */
export const pluralsOf = (kinds: readonly Kind[], between = "and"): string =>
  kinds.map(({ noun }) => `${noun}s`).join(` ${between} `);

/** How many there are of each kind. */
export const countsOf = (objects: readonly { kind: Kind }[]): string =>
  sayCounts(objects.map(({ kind }) => kind.noun));

/** How many times each noun stands there: of what there is most first. In which order they come is chance. */
export function sayCounts(nouns: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const noun of nouns) counts.set(noun, (counts.get(noun) ?? 0) + 1);
  return [...counts]
    .toSorted(([a, one], [b, other]) => other - one || byLetters(a, b))
    .map(([noun, count]) => `${count} ${noun}${count === 1 ? "" : "s"}`)
    .join(" and ");
}
