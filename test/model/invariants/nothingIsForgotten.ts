/** No object is left in the organisation without a state that tells of it. */
import { knownIds } from "../knowledge.js";
import type { Invariant } from "../observation.js";
import { isPending } from "../support/organisation.js";

/** Whatever a stack made, or is making, is known to a state: nothing is orphaned. */
export const nothingIsForgotten: Invariant = ({
  after,
  knowledge: { stacks, foreign, strays, stale, lost, unprovable },
}) => {
  const known = knownIds(stacks.state, after);
  // Who gives an object another name before the stack has learned of its id takes it away from it.
  const isTakenAway = ({ id, name }: { id: string; name?: string }) =>
    unprovable.has(id) && (name ?? "").endsWith("-by-hand");
  const isOthers = (id: string) => foreign.has(id) || strays.has(id) || stale.has(id);
  const inTheMaking = after.jobs
    .filter((job) => job.kind === "create" && !lost.has(job.objectId) && isPending(job))
    .map(({ objectId: id, name }) => ({ id, name }));
  return [...after.objects, ...inTheMaking]
    .filter((each) => !known.has(each.id) && !isOthers(each.id) && !isTakenAway(each))
    .map(({ id, name }) => `${name} (${id}) was made, and the state does not know it`);
};
