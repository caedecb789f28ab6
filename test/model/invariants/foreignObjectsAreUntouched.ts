/** No stack changes or deletes an object that it does not own. */
import { isDeepStrictEqual } from "node:util";
import type { Invariant } from "../observation.js";

/** What others made stays as they left it. */
export const foreignObjectsAreUntouched: Invariant = ({ after, knowledge }) =>
  [...knowledge.foreign].flatMap(([id, left]) => {
    const object = after.objects.find((each) => each.id === id);
    if (object === undefined) return [`another's ${left.kind} ${left.key} (${id}) was deleted`];
    return isDeepStrictEqual(object, left)
      ? []
      : [`another's ${left.kind} ${left.key} (${id}) was changed to ${JSON.stringify(object)}`];
  });
