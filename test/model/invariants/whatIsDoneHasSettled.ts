/** No `up` ends well while something that it has made or changed is still on its way. */
import { objectIdIn } from "../knowledge.js";
import type { Invariant } from "../observation.js";
import { resourceOf } from "../program.js";
import { UPS } from "../schedule.js";

/** Steps after which an object is where it was to get to. */
const BRINGING = ["create", "replace", "update"];

/** An `up` that went well has waited for whatever it made or changed. */
export const whatIsDoneHasSettled: Invariant = ({ operation, run, state, after, meddled }) => {
  if (!run.ok || meddled || !UPS.includes(operation)) return [];
  const done = new Set(run.steps.filter(({ step }) => BRINGING.includes(step)).map(({ urn }) => urn));
  return state
    .filter(({ urn, delete: leaving }) => done.has(urn) && !leaving)
    .flatMap((resource) => {
      const id = objectIdIn(resource) ?? "";
      const code = after.unsettled.get(id);
      // What is not enabled does nothing, and may be in error.
      const isAtRest = code === "ERROR" && resource.outputs.enabled === false;
      return code === undefined || isAtRest ? [] : [`r${resourceOf(resource.urn)} (${id}) is ${code}`];
    });
};
