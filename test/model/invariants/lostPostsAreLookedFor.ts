/** No POST is sent a second time before anybody has looked for what the first one made. */
import type { LoggedRequest } from "genesyscloud-sandbox";
import type { Invariant, Observation } from "../observation.js";
import { resourceOf } from "../program.js";
import { SUBJECTS, subjectOf } from "../subjects/index.js";
import type { Subject } from "../subjects/subject.js";
import type { StepTaken } from "../support/command.js";

/** Steps that may post. */
const POSTING = ["create", "replace", "update"];

/**
 * A POST whose answer was lost is looked for before it is sent again. Which of several steps a request belongs to is not
 * known: that a look comes next is seen where one step alone may post; elsewhere there must be a look for each.
 */
export const lostPostsAreLookedFor: Invariant = (observation) =>
  SUBJECTS.flatMap((subject) => notLookedFor(subject, observation));

function notLookedFor({ list, kind }: Subject, { run, requests }: Observation): string[] {
  const ofKind = requests.filter(({ path }) => path.split("?")[0]?.endsWith(list));
  const first = ofKind.findIndex(isLostPost);
  if (first === -1) return [];
  const lost = ofKind.filter(isLostPost).length;
  const looks = ofKind.slice(first).filter(({ method }) => method === "GET").length;
  if (run.ok && looks < lost)
    return [`${lost} answers to POSTs of ${kind}s were lost, and only ${looks} were looked for`];
  const mayPost = ({ step, urn }: StepTaken) =>
    POSTING.includes(step) && subjectOf(resourceOf(urn)).kind === kind;
  if (run.steps.filter(mayPost).length !== 1) return [];
  const isRepeated = ofKind.some(
    (request, index) => isLostPost(request) && ofKind[index + 1]?.method === "POST",
  );
  return isRepeated ? [`a POST whose answer was lost was sent again, and its ${kind} not looked for`] : [];
}

const isLostPost = ({ method, status }: LoggedRequest): boolean =>
  method === "POST" && (status === null || status >= 500);
