/** A create leaves no orphan of an earlier, interrupted one. */
import type { Invariant } from "../observation.js";
import { resourceCalled, resourceOf } from "../program.js";

/** Once a resource was made, nothing is left of what an interrupted create had made for it. */
export const createsFindWhatWasMade: Invariant = ({ operation, run, after, knowledge }) => {
  const { strays, unprovable } = knowledge;
  if (!run.ok || operation === "preview") return [];
  const made = run.steps.filter(({ step }) => step === "create" || step === "replace");
  return made.flatMap(({ urn }) =>
    after.objects
      .filter((object) => strays.has(object.id) && resourceCalled(object) === resourceOf(urn))
      .filter(({ id }) => !unprovable.has(id))
      .map(({ id, name }) => `${urn} was made, and ${name} (${id}) of an earlier run is left`),
  );
};
