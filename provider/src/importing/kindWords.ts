/** Words for objects of several kinds: `3 sources and 1 integration`. */
import type { Kind } from "../lifecycle/kind.js";

/** `source or integration`. */
export const nounsOf = (kinds: readonly Kind[], between = "or"): string =>
  kinds.map(({ noun }) => noun).join(` ${between} `);

/** `sources and integrations`. */
export const pluralsOf = (kinds: readonly Kind[], between = "and"): string =>
  kinds.map(({ noun }) => `${noun}s`).join(` ${between} `);

/** How many there are of each kind. */
export function countsOf(objects: readonly { kind: Kind }[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of objects) counts.set(kind.noun, (counts.get(kind.noun) ?? 0) + 1);
  return [...counts].map(([noun, count]) => `${count} ${noun}${count === 1 ? "" : "s"}`).join(" and ");
}
