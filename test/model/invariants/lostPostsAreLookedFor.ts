import type { Invariant } from "../observation.js";

/** Steps that may post. */
const POSTING = ["create", "replace", "update"];

/**
 * A POST whose answer was lost is looked for before it is sent again. Seen where one step alone may post: which of
 * several a request belongs to is not known.
 */
export const lostPostsAreLookedFor: Invariant = ({ run, requests }) => {
  if (run.steps.filter(({ step }) => POSTING.includes(step)).length !== 1) return [];
  const ofSources = requests.filter(({ path }) => /\/sources(\?|$)/.test(path));
  return ofSources.flatMap(({ method, status }, index) => {
    const isLost = method === "POST" && (status === null || status >= 500);
    return isLost && ofSources[index + 1]?.method === "POST"
      ? ["a POST whose answer was lost was sent again, and not looked for"]
      : [];
  });
};
