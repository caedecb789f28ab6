/** No difference is left behind by an `up`, and a preview needs no request to see that. */
import type { Invariant } from "../observation.js";

/** Straight after an `up` that went well there is nothing to do, and finding that out takes no request. */
export const secondPreviewIsQuiet: Invariant = ({ secondPreview }) => {
  if (secondPreview === undefined) return [];
  const { run, requests } = secondPreview;
  return [
    ...run.steps
      .filter(({ step, error }) => step !== "same" || error !== undefined)
      .map(({ step, urn, error }) => `the second preview wants to ${step} ${urn} ${error ?? ""}`),
    ...(requests > 0 ? [`the second preview made ${requests} requests`] : []),
  ];
};
