/** What the calls of the API need: which of the two APIs, which permission of the client's role, which scope of the token. */

/** The two APIs for EventBridge; an organisation has one of them, or both. */
export type Api = "eventbridge" | "integrations";

/** The needs of one call. */
export interface Needs {
  api: Api;
  /** Absent: none. */
  permission?: string;
  /** One of these; none where there are none. */
  scopes: string[];
}

export const allPermissions = ["add", "delete", "edit", "view"].map(
  (action) => `integrations:integration:${action}`,
);

export const allScopes = [
  "eventbridge:source:write",
  "eventbridge:source:read",
  "eventbridge:topic:read",
  "eventbridge:target:read",
  "asyncapi:job:read",
  "integrations",
  "notifications",
  "organization",
];

const actions: Record<string, string> = { GET: "view", POST: "add", DELETE: "delete" };

/** What a call needs; null where the path belongs to neither API. */
export function needsOf(method: string, url: string): Needs | null {
  const [, first, second] = /^\/api\/v2\/(\w+)(?:\/(\w+))?/.exec(url) ?? [];
  switch (first) {
    case "eventbridge":
      return { api: "eventbridge", scopes: eventBridgeScopes(method, second) };
    case "asyncapi":
      return { api: "eventbridge", scopes: second === "jobs" ? ["asyncapi:job:read"] : [] };
    case "integrations":
      return {
        api: "integrations",
        permission: `integrations:integration:${actions[method] ?? "edit"}`,
        scopes: publicScopes("integrations", method),
      };
    case "notifications":
      return { api: "integrations", scopes: publicScopes("notifications", method) };
    case "organizations":
      return { api: "integrations", scopes: publicScopes("organization", method) };
    case "tokens":
    case "authorization":
      // They tell a client what it lacks, so they are no use to one that lacks it.
      return { api: "integrations", scopes: [] };
    default:
      return null;
  }
}

function eventBridgeScopes(method: string, object: string | undefined): string[] {
  if (object === "sources") return [`eventbridge:source:${method === "GET" ? "read" : "write"}`];
  if (object === "topics") return ["eventbridge:topic:read"];
  return object === "targets" ? ["eventbridge:target:read"] : [];
}

/** A scope includes its read-only half. */
function publicScopes(name: string, method: string): string[] {
  return method === "GET" ? [name, `${name}:readonly`] : [name];
}
