/** No object of the program is there twice, and none outlives a destroy. */
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
  const ours = after.objects.filter(({ id }) => !foreign.has(id) && !isLost(id) && !beside.has(id));
  const wanted = operation === "destroy" ? 0 : knowledge.programOf(stack).size;
  return ours.length <= wanted
    ? []
    : [
        `there are ${ours.length} objects of ours, ${wanted} are asked for: ${ours.map(({ kind, key, name }) => `${kind} ${key || name}`).join(", ")}`,
      ];
};
