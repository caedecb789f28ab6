import type { Invariant } from "../observation.js";
import { resourceOf, resourceOfName } from "../program.js";

/** Once a resource was made, nothing is left of what an interrupted create had made for it. */
export const createsFindWhatWasMade: Invariant = ({ operation, run, after, knowledge }) => {
  const { strays, unprovable } = knowledge;
  if (!run.ok || operation === "preview") return [];
  const made = run.steps.filter(({ step }) => step === "create" || step === "replace");
  return made.flatMap(({ urn }) =>
    after.sources
      .filter(({ source_id, name }) => strays.has(source_id) && resourceOfName(name) === resourceOf(urn))
      .filter(({ source_id }) => !unprovable.has(source_id))
      .map(({ source_id, name }) => `${urn} was made, and ${name} (${source_id}) of an earlier run is left`),
  );
};
