/** What one stack has is none of another's business, though they share a folder and an organisation. */
import { isDeepStrictEqual } from "node:util";
import { knownIds } from "../knowledge.js";
import type { Invariant } from "../observation.js";
import { isPending } from "../support/organisation.js";

/**
 * An operation takes no object that another stack has, and changes none, but for what a job or another hand does
 * meanwhile.
 */
export const otherStacksAreUntouched: Invariant = ({ state, stateBeside, before, after, meddled }) => {
  const beside = knownIds(stateBeside, after);
  const taken = [...knownIds(state, after)]
    .filter((id) => beside.has(id))
    .map((id) => `the object ${id} is in two stacks`);
  if (meddled) return taken;
  const busy = new Set([...before.jobs, ...after.jobs].filter(isPending).map(({ objectId }) => objectId));
  const changed = before.objects
    .filter(({ id }) => beside.has(id) && !busy.has(id))
    .flatMap((object) => {
      const left = after.objects.find(({ id }) => id === object.id);
      return isDeepStrictEqual(object, left)
        ? []
        : [`another stack's ${object.kind} ${object.key} (${object.id}) is now ${JSON.stringify(left)}`];
    });
  return [...taken, ...changed];
};
