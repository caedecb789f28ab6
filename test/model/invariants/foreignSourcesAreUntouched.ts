import { isDeepStrictEqual } from "node:util";
import type { Invariant } from "../observation.js";

/** What others made stays as they left it. */
export const foreignSourcesAreUntouched: Invariant = ({ after, knowledge }) =>
  [...knowledge.foreign].flatMap(([id, left]) => {
    const source = after.sources.find(({ source_id }) => source_id === id);
    if (source === undefined) return [`another's source ${left.name} (${id}) was deleted`];
    return isDeepStrictEqual(source, left)
      ? []
      : [`another's source ${left.name} (${id}) was changed to ${JSON.stringify(source)}`];
  });
