/** Changes integrations as if by another's hand: nothing is checked, and the change shows at once. */
import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { removeFrom } from "../backDoor.js";
import { badRequest, objectIn } from "../platformError.js";
import { defaultVariants } from "../variants.js";
import type { World } from "../world.js";
import { storedIntegration } from "./integrationRoutes.js";
import { eventBridgeType, type Integration } from "./model.js";
import { presentIntegration } from "./present.js";
import { emptyConfiguration, unlagged } from "./seed.js";
import { reachedCode } from "./stateChange.js";

interface ById {
  Params: { id: string };
  Querystring: { keepVersion?: string };
}

const configFields = ["name", "properties", "advanced", "notes", "credentials"] as const;

export function integrationBackDoor(app: FastifyInstance, world: World, path: string): void {
  const { organisation } = world;

  app.post(path, async ({ body }, reply) => {
    const { type = eventBridgeType, id = randomUUID(), ...fields } = objectIn(body);
    const integration: Integration = {
      id: String(id),
      type: String(type),
      intendedState: "DISABLED",
      reportedState: { code: "", message: "", lastUpdated: "" },
      config: emptyConfiguration("made-by-hand"),
    };
    change(integration, { intendedState: "ENABLED", ...fields });
    organisation.state.integrations.push(unlagged(integration));
    await world.save();
    return reply.code(201).send(truth(integration));
  });

  app.patch<ById>(`${path}/:id`, async ({ params, query, body }) => {
    const stored = storedIntegration(world, params.id);
    const fields = objectIn(body);
    const configured = configFields.some((field) => field in fields);
    change(stored.integration, fields);
    if (configured && query.keepVersion !== "1") stored.integration.config.version += 1;
    if ("intendedState" in fields || "reportedState" in fields) stored.change = undefined;
    stored.staleConfig = undefined;
    stored.staleState = undefined;
    await world.save();
    return truth(stored.integration);
  });

  app.delete<ById>(`${path}/:id`, async ({ params }, reply) => {
    removeFrom(
      organisation.state.integrations,
      "integration",
      params.id,
      ({ integration }) => integration.id,
    );
    await world.save();
    return reply.code(204).send();
  });

  function change(integration: Integration, fields: Record<string, unknown>): void {
    const { intendedState, reportedState, version, ...config } = fields;
    const stranger = Object.keys(config).find((name) => !(configFields as readonly string[]).includes(name));
    if (stranger) throw badRequest(`No field '${stranger}'.`);
    if (intendedState !== undefined) {
      integration.intendedState = String(intendedState);
      const code = reachedCode(integration.intendedState);
      const lastUpdated = new Date(world.now()).toISOString();
      integration.reportedState = { code, message: "", lastUpdated };
    }
    Object.assign(integration.reportedState, reportedState);
    if (version !== undefined) integration.config.version = Number(version);
    Object.assign(integration.config, config);
  }

  function truth(integration: Integration) {
    return trueIntegration(integration, world);
  }
}

/** An integration as it truly is, whatever the variants hide. */
export function trueIntegration(integration: Integration, { organisation }: World): Record<string, unknown> {
  return presentIntegration(integration, organisation.state.integrationTypes, defaultVariants(), true);
}
