/** What the calls on sources take, from the specification of the EventBridge API. */
import type { AccessRule } from "../genesys/access.js";

export const NOT_OFFERED =
  "This organisation does not offer the EventBridge API: use EventBridgeIntegration.";

const RULE = {
  word: "scope",
  where: "Genesys Cloud Admin > Integrations > OAuth > the client > Scope",
  role: 'the role "EventBridge Administrator" or "EventBridge Source Manager"',
  besides: "the organisation has the EventBridge capability enabled",
  absent: NOT_OFFERED,
} as const;

/** A job that nobody has: being told that it does not exist takes the permission to look. */
const NO_JOB = "00000000-0000-0000-0000-000000000000";

export const SOURCE_ACCESS: readonly AccessRule[] = [
  {
    path: "/api/v2/eventbridge/sources",
    read: "eventbridge:source:read",
    write: ["eventbridge:source:write"],
    ...RULE,
  },
  { path: "/api/v2/eventbridge/topics", read: "eventbridge:topic:read", ...RULE },
  { path: "/api/v2/eventbridge/targets", read: "eventbridge:target:read", ...RULE },
  {
    path: "/api/v2/asyncapi/jobs",
    read: "asyncapi:job:read",
    ...RULE,
    probe: { path: "/api/v2/asyncapi/jobs/{jobId}", pathParams: { jobId: NO_JOB } },
  },
];
