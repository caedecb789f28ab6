/** Integrations: list, create, read, enable, disable, delete. */
import type { FastifyInstance } from "fastify";
import { listIn, pageOf, type Query } from "../page.js";
import { badRequest, notFound, objectIn, PlatformError } from "../platformError.js";
import type { World } from "../world.js";
import { missingProperties } from "./configChecks.js";
import { eventBridgeType, type Integration, type IntegrationType, type StoredIntegration } from "./model.js";
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
    const { type, name } = asked(objectIn(request.body));
    const created = integrations.create(type.id, name ?? freeName(type.name));
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

  function asked({ name, integrationType }: Record<string, unknown>) {
    if (name !== undefined && (typeof name !== "string" || name === "")) {
      throw refusedField("name", "must be a string that is not empty");
    }
    const id = (integrationType as { id?: unknown } | undefined)?.id;
    const type = organisation.state.integrationTypes.find((candidate) => candidate.id === id);
    if (!type) throw refusedField("integrationType.id", `is '${id}', which is no type of this organisation`);
    if (type.nonInstallable) throw refusedField("integrationType.id", `is '${id}', which can't be installed`);
    refuseOneTooMany(type);
    return { type, name };
  }

  function refuseOneTooMany({ id, maxInstances }: IntegrationType): void {
    if (maxInstances === undefined) return;
    const count = integrations.present().filter(({ type }) => type === id).length;
    if (count < maxInstances) return;
    throw new PlatformError(400, {
      code: "bad.request",
      message: `The maximum number of integrations of the type '${id}' is ${maxInstances}.`,
      messageWithParams: "The maximum number of integrations of the type '{type}' is {maximum}.",
      messageParams: { type: id, maximum: String(maxInstances) },
      limit: { key: "max.instances", namespace: "integrations", value: maxInstances },
    });
  }

  function freeName(typeName: string): string {
    const taken = new Set(integrations.present().map(({ config }) => config.name));
    let name = typeName;
    for (let number = 1; taken.has(name); number += 1) name = `${typeName} (${number})`;
    return name;
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

/** 400 for one field of a request. */
export function refusedField(fieldName: string, what: string, status = 400): PlatformError {
  const message = `The field '${fieldName}' ${what}.`;
  const errorCode = status === 409 ? "general.conflict" : "bad.request";
  return new PlatformError(status, {
    code: errorCode,
    message,
    messageWithParams: message.replace(`'${fieldName}'`, "'{field}'"),
    messageParams: { field: fieldName },
    details: [{ errorCode, fieldName, message }],
  });
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
