import type { LoggedRequest } from "genesyscloud-sandbox";
import type { Invariant } from "../observation.js";

/** Steps that may post. */
const POSTING = ["create", "replace", "update"];

/**
 * A POST whose answer was lost is looked for before it is sent again. Which of several steps a request belongs to is not
 * known: that a look comes next is seen where one step alone may post; elsewhere there must be a look for each.
 */
export const lostPostsAreLookedFor: Invariant = ({ run, requests }) => {
  const ofSources = requests.filter(({ path }) => /\/sources(\?|$)/.test(path));
  const first = ofSources.findIndex(isLostPost);
  if (first === -1) return [];
  const lost = ofSources.filter(isLostPost).length;
  const looks = ofSources.slice(first).filter(({ method }) => method === "GET").length;
  if (run.ok && looks < lost)
    return [`${lost} answers to POSTs were lost, and only ${looks} were looked for`];
  if (run.steps.filter(({ step }) => POSTING.includes(step)).length !== 1) return [];
  const isRepeated = ofSources.some(
    (request, index) => isLostPost(request) && ofSources[index + 1]?.method === "POST",
  );
  return isRepeated ? ["a POST whose answer was lost was sent again, and not looked for"] : [];
};

const isLostPost = ({ method, status }: LoggedRequest): boolean =>
  method === "POST" && (status === null || status >= 500);
