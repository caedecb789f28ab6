/** What one stack has is none of another's business, though they share a folder and an organisation. */
import { isDeepStrictEqual } from "node:util";
import { knownIds } from "../knowledge.js";
import type { Invariant } from "../observation.js";
import { isPending } from "../support/organisation.js";

/**
 * An operation takes no source that another stack has, and changes none, but for what a job or another hand does
 * meanwhile.
 */
export const otherStacksAreUntouched: Invariant = ({ state, stateBeside, before, after, meddled }) => {
  const beside = knownIds(stateBeside, after);
  const taken = [...knownIds(state, after)]
    .filter((id) => beside.has(id))
    .map((id) => `the source ${id} is in two stacks`);
  if (meddled) return taken;
  const busy = new Set([...before.jobs, ...after.jobs].filter(isPending).map(({ source_id }) => source_id));
  const changed = before.sources
    .filter(({ source_id: id }) => beside.has(id) && !busy.has(id))
    .flatMap((source) => {
      const left = after.sources.find(({ source_id }) => source_id === source.source_id);
      return isDeepStrictEqual(source, left)
        ? []
        : [`another stack's source ${source.name} (${source.source_id}) is now ${JSON.stringify(left)}`];
    });
  return [...taken, ...changed];
};
