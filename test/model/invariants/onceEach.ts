import { knownIds } from "../knowledge.js";
import type { Invariant } from "../observation.js";
import { UPS } from "../schedule.js";

/** After an `up` that went well the organisation holds what the program asks for, once each; after a destroy nothing. */
export const onceEach: Invariant = ({ operation, run, stack, state, stateBeside, after, knowledge }) => {
  if (!run.ok || !(operation === "destroy" || UPS.includes(operation))) return [];
  const { foreign, strays, unprovable } = knowledge;
  const known = knownIds(state, after);
  const beside = knownIds(stateBeside, after);
  const isLost = (id: string) => strays.has(id) || (unprovable.has(id) && !known.has(id));
  const ours = after.sources.filter(
    ({ source_id }) => !foreign.has(source_id) && !isLost(source_id) && !beside.has(source_id),
  );
  const wanted = operation === "destroy" ? 0 : knowledge.programOf(stack).size;
  return ours.length <= wanted
    ? []
    : [
        `there are ${ours.length} sources of ours, ${wanted} are asked for: ${ours.map(({ name }) => name).join(", ")}`,
      ];
};
