import { knownIds } from "../knowledge.js";
import type { Invariant } from "../observation.js";

/** Whatever a stack made, or is making, is known to a state: nothing is orphaned. */
export const nothingIsForgotten: Invariant = ({
  after,
  knowledge: { stacks, foreign, strays, stale, lost, unprovable },
}) => {
  const known = knownIds(stacks.state, after);
  // Who gives a source another name before the stack has learned of its id takes it away from it.
  const isTakenAway = ({ source_id, name }: { source_id: string; name?: string }) =>
    unprovable.has(source_id) && (name ?? "").endsWith("-by-hand");
  const isOthers = (id: string) => foreign.has(id) || strays.has(id) || stale.has(id);
  const inTheMaking = after.jobs.filter(
    ({ kind, status, source_id }) =>
      kind === "create" && !lost.has(source_id) && (status === "queued" || status === "running"),
  );
  const made = after.sources.map(({ source_id, name }) => ({ source_id, name }));
  return [...made, ...inTheMaking]
    .filter((each) => !known.has(each.source_id) && !isOthers(each.source_id) && !isTakenAway(each))
    .map(({ source_id, name }) => `${name} (${source_id}) was made, and the state does not know it`);
};
