/** Integrations: list, create, read, enable, disable, delete. */
import type { FastifyInstance } from "fastify";
import { listIn, pageOf, type Query } from "../page.js";
import { badRequest, notFound, objectIn } from "../platformError.js";
import { refusedField } from "../refusedField.js";
import type { World } from "../world.js";
import { missingProperties } from "./configChecks.js";
import { eventBridgeType, type Integration, type StoredIntegration } from "./model.js";
import { askedIntegration } from "./newIntegration.js";
import { integrationsPath as path, presentIntegration } from "./present.js";

const largestPage = 999;
const mostIds = 100;

interface ById {
  Params: { id: string };
  Querystring: Query;
}

export function integrationRoutes(app: FastifyInstance, world: World): void {
  const { organisation, integrations } = world;

  app.get<{ Querystring: Query }>(path, async ({ query }) => {
    const { variants } = organisation;
    const all = integrations.listed();
    const found = variants.integrationFilters === "applied" ? filtered(all, query) : all;
    const expanded = isExpanded(query) && variants.expandConfig !== "nowhere";
    const shown = found.map((integration) => present(integration, expanded));
    return pageOf(shown, path, query, variants, largestPage);
  });

  app.get<ById>(`${path}/:id`, async ({ params, query }) => {
    const integration = seenIntegration(world, params.id, "integration");
    return present(integration, isExpanded(query) && organisation.variants.expandConfig === "everywhere");
  });

  app.post(path, async (request, reply) => {
    const { type, name } = askedIntegration(objectIn(request.body), world);
    const created = integrations.create(type, name);
    const body = present(created, false);
    await world.save();
    return reply.code(organisation.variants.writeSuccess).send(body);
  });

  app.patch<ById>(`${path}/:id`, async ({ params, query, body }, reply) => {
    const stored = storedIntegration(world, params.id);
    // Every other field is ignored, as the platform's own clients can't set any.
    const { intendedState } = objectIn(body);
    if (intendedState !== "ENABLED" && intendedState !== "DISABLED") {
      throw refusedField("intendedState", `is '${intendedState}', must be one of ENABLED, DISABLED`);
    }
    if (intendedState === "ENABLED") refuseIncomplete(stored.integration);
    const answer = present(
      integrations.intend(stored, intendedState),
      isExpanded(query) && organisation.variants.expandConfig === "everywhere",
    );
    await world.save();
    return reply.code(organisation.variants.writeSuccess).send(answer);
  });

  app.delete<ById>(`${path}/:id`, async ({ params }, reply) => {
    const body = present(integrations.remove(storedIntegration(world, params.id)), false);
    await world.save();
    return reply.code(organisation.variants.writeSuccess).send(body);
  });

  function present(integration: Integration, expanded: boolean) {
    const { state, variants } = organisation;
    return presentIntegration(integration, state.integrationTypes, variants, expanded);
  }

  function refuseIncomplete({ type, config }: Integration): void {
    if (type !== eventBridgeType || organisation.variants.incompleteConfig !== "refused") return;
    const [missing] = missingProperties(config.properties);
    if (missing) throw refusedField(missing, "is missing from the configuration");
  }
}

/** An integration that is there, whether or not reads show it yet; otherwise the answer is an error. */
export function storedIntegration(world: World, id: string): StoredIntegration {
  const stored = world.integrations.find(id);
  if (!stored) throw notFound("integration", id, world.organisation.variants.goneStatus);
  return stored;
}

/** What a read shows of an integration; otherwise the answer is an error. */
export function seenIntegration(
  world: World,
  id: string,
  part: "integration" | "configuration",
): Integration {
  const seen = world.integrations.read(id, part);
  if (seen === "unseen") throw notFound("integration", id);
  if (seen === "gone") throw notFound("integration", id, world.organisation.variants.goneStatus);
  return seen;
}

function isExpanded(query: Query): boolean {
  return listIn(query, "expand").includes("config.current");
}

function filtered(all: Integration[], query: Query): Integration[] {
  const ids = listIn(query, "ids");
  if (ids.length > mostIds) throw badRequest(`At most ${mostIds} 'ids' are allowed.`, "invalid.value");
  const reported = listIn(query, "reportedState").map((code) => code.toUpperCase());
  const types = listIn(query, "integrationType");
  const credentials = listIn(query, "credentialId");
  const passes = (asked: string[], ...values: string[]) =>
    asked.length === 0 || values.some((value) => asked.includes(value));
  return all.filter(
    ({ id, type, reportedState, config }) =>
      passes(ids, id) &&
      passes(types, type) &&
      passes(reported, reportedState.code.toUpperCase()) &&
      passes(credentials, ...credentialIds(config.credentials)),
  );
}

function credentialIds(credentials: Record<string, unknown>): string[] {
  return Object.values(credentials).map((credential) => String((credential as { id?: unknown } | null)?.id));
}
