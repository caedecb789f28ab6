import type { FaultRule } from "genesyscloud-sandbox";
import { MAX_RETRIES } from "./support/lane.js";

type Hit = FaultRule & { hits: number };

const PASSING = [429, 502, 503, 504];

/** Whether the provider promises to outlive such a fault, as long as it does not recur more often than it retries. */
function isPassing({ match, action }: FaultRule): boolean {
  const isPost = match?.method === "POST" && match.path !== "/oauth/token";
  const isJob = match?.path === "/jobs/";
  const isLogin = match?.path === "/oauth/token";
  const ofServer = (status: number) =>
    PASSING.includes(status) || ((isPost || isJob || isLogin) && status >= 500);
  switch (action.kind) {
    case "delay":
    case "resetBefore":
    case "resetAfter":
    case "hang":
      return true;
    case "answer":
    case "answerAfter":
      return ofServer(action.status);
    case "html":
    case "empty":
      // A garbled success is as good as lost: only a POST is then looked for.
      return action.status >= 300 ? ofServer(action.status) : isPost;
    case "malformed":
    case "huge":
      return isPost;
  }
}

/**
 * Why an operation that met these faults may fail; nothing where it must not.
 *
 * @param impatient whether a create gives up before a request's time-out
 */
export function excusesOfFaults(rules: readonly Hit[], impatient: boolean): string[] {
  const struck = rules.filter(({ hits }) => hits > 0);
  const hits = struck.reduce((sum, each) => sum + each.hits, 0);
  const hanging = struck
    .filter(({ action }) => action.kind === "hang")
    .reduce((sum, each) => sum + each.hits, 0);
  return [
    ...struck.filter((each) => !isPassing(each)).map((each) => `met ${JSON.stringify(each.action)}`),
    ...(hits > MAX_RETRIES ? [`met ${hits} faults`] : []),
    // Each takes a request's whole time-out of 30 seconds; a look-up has 60.
    ...(hanging > (impatient ? 0 : 1) ? [`${hanging} requests hung`] : []),
  ];
}
