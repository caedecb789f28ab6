import { isDeepStrictEqual } from "node:util";
import { sourceIdIn } from "../knowledge.js";
import type { Invariant } from "../observation.js";
import { asked } from "../program.js";
import { UPS } from "../schedule.js";

/** After an `up` that went well every source is what the program asks for, unless somebody else has a hand in it. */
export const fieldsAreAsAsked: Invariant = ({ operation, run, stack, state, after, knowledge, webhooks }) => {
  if (!run.ok || !UPS.includes(operation)) return [];
  return [...knowledge.programOf(stack)].flatMap(([resource, spec]) => {
    const resourceState = state.find(
      ({ urn, delete: leaving }) => urn === knowledge.stacks.urn(resource) && !leaving,
    );
    if (resourceState === undefined) return [`r${resource} is not in the state`];
    const id = sourceIdIn(resourceState);
    if ((knowledge.stale.get(id ?? "") ?? "touched") !== "touched") return [];
    const source = after.sources.find(({ source_id }) => source_id === id);
    if (source === undefined) return [`r${resource} (${id}) is not in the organisation`];
    const wanted = { name: resourceState.outputs.name, ...asked(resource, spec, webhooks) };
    return Object.entries(wanted)
      .filter(([field, value]) => !isDeepStrictEqual(source[field as keyof typeof source], value))
      .map(
        ([field, value]) =>
          `${field} of r${resource} is ${JSON.stringify(source[field as keyof typeof source])}, asked for is ${JSON.stringify(value)}`,
      );
  });
};
