/** What the calls on sources take, from the specification of the EventBridge API. */
import type { AccessRule } from "../genesys/access.js";

const GRANTED = {
  word: "scope",
  where: "Genesys Cloud Admin > Integrations > OAuth > the client > Scope",
  role: 'the role "EventBridge Administrator" or "EventBridge Source Manager"',
  besides: "the organisation has the EventBridge capability enabled",
} as const;

export const SOURCE_ACCESS: readonly AccessRule[] = [
  {
    path: "/api/v2/eventbridge/sources",
    read: "eventbridge:source:read",
    write: "eventbridge:source:write",
    ...GRANTED,
  },
  { path: "/api/v2/eventbridge/topics", read: "eventbridge:topic:read", ...GRANTED },
  { path: "/api/v2/eventbridge/targets", read: "eventbridge:target:read", ...GRANTED },
  { path: "/api/v2/asyncapi/jobs", read: "asyncapi:job:read", ...GRANTED },
];
