/** The integrations API, as far as EventBridge integrations need it; their states change at once. */
import { randomUUID } from "node:crypto";
import { pageOf } from "./page.mjs";
import { notFound, ok, problem } from "./routes.mjs";

const ROOT = "/api/v2/integrations";
const TYPE = "amazon-eventbridge-source";

/** @returns {readonly import("./routes.mjs").Route[]} */
export function integrationRoutes() {
  /** @type {Map<string, { id: string, intendedState: string, config: Record<string, any> }>} */
  const integrations = new Map();

  return [
    route("list", "GET", ROOT, ({ query }) =>
      ok(
        pageOf(
          [...integrations.values()].map((each) => shown(each, query)),
          ROOT,
          query,
        ),
      ),
    ),
    route("post", "POST", ROOT, ({ body, query }) => {
      const id = randomUUID();
      const name = body.name ?? `Amazon EventBridge Source (${id})`;
      const empty = { version: 1, properties: {}, advanced: {}, notes: "", credentials: {} };
      const made = { id, intendedState: "DISABLED", config: { id, name, ...empty } };
      integrations.set(id, made);
      return ok(shown(made, query));
    }),
    one("read", "GET", "", (found, { query }) => ok(shown(found, query))),
    one("patch", "PATCH", "", (found, { body, query }) => {
      found.intendedState = body.intendedState;
      return ok(shown(found, query));
    }),
    one("delete", "DELETE", "", (found, { query }) => {
      integrations.delete(found.id);
      return ok({ ...shown(found, query), intendedState: "DELETED" });
    }),
    one("read", "GET", "/config/current", ({ config }) => ok(config)),
    one("put", "PUT", "/config/current", (found, { body }) => {
      if (body.version !== found.config.version)
        return problem(409, "version.conflict", "The version does not match the current version.");
      found.config = { ...found.config, ...body, version: body.version + 1 };
      return ok(found.config);
    }),
    route("references", "GET", "/api/v2/notifications/availabletopics", () =>
      ok({
        entities: [{ id: "v2.users.{id}.presence", visibility: "Public", transports: ["All"] }],
      }),
    ),
    route("references", "GET", "/api/v2/organizations/me", () =>
      ok({ id: "00000000-0000-4000-8000-000000000001", name: "bench" }),
    ),
    route("references", "GET", `${ROOT}/types/${TYPE}`, () =>
      ok({ id: TYPE, name: "Amazon EventBridge Source" }),
    ),
  ];

  /**
   * @param {string} kind
   * @param {string} method
   * @param {string} below the path below that of the integration
   * @param {(found: { id: string, intendedState: string, config: Record<string, any> }, call: import("./routes.mjs").Call) => import("./routes.mjs").Answer} answer
   */
  function one(kind, method, below, answer) {
    return route(kind, method, `${ROOT}/{id}${below}`, (call) => {
      const found = integrations.get(call.id);
      return found ? answer(found, call) : notFound();
    });
  }
}

/**
 * @param {string} kind
 * @param {string} method
 * @param {string} path
 * @param {import("./routes.mjs").Route["answer"]} answer
 * @returns {import("./routes.mjs").Route}
 */
const route = (kind, method, path, answer) => ({ kind, method, path, answer });

/**
 * @param {{ id: string, intendedState: string, config: Record<string, any> }} integration
 * @param {URLSearchParams} query
 */
function shown({ id, intendedState, config }, query) {
  const code = intendedState === "ENABLED" ? "ACTIVE" : "INACTIVE";
  return {
    id,
    name: config.name,
    integrationType: { id: TYPE, name: "Amazon EventBridge Source" },
    notes: config.notes,
    intendedState,
    reportedState: { code, detail: { message: "" } },
    ...(query.get("expand")?.includes("config.current") && { config: { current: config } }),
    attributes: {},
    selfUri: `${ROOT}/${id}`,
  };
}
