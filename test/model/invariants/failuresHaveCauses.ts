/** No operation fails without a reason that was known beforehand. */
import type { Invariant } from "../observation.js";

/** An operation fails only where something happened that nobody promised to outlive. */
export const failuresHaveCauses: Invariant = ({ run, excuses }) =>
  run.ok || excuses.length > 0
    ? []
    : run.steps.flatMap(({ step, urn, error }) =>
        error === undefined ? [] : [`${step} of ${urn}: ${error}`],
      );
