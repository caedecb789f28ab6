/** The configuration of an integration: read, and replaced as a whole. */
import type { FastifyInstance } from "fastify";
import { refusedField } from "../refusedField.js";
import { versionConflict } from "../versionConflict.js";
import type { World } from "../world.js";
import { checkedConfiguration, refuseWrongProperties } from "./configChecks.js";
import { seenIntegration, storedIntegration } from "./integrationRoutes.js";
import { type Configuration, eventBridgeType, type Integration } from "./model.js";
import { integrationsPath, presentConfiguration } from "./present.js";

const path = `${integrationsPath}/:id/config/current`;

interface ById {
  Params: { id: string };
}

export function configRoutes(app: FastifyInstance, world: World): void {
  const { organisation, integrations } = world;

  app.get<ById>(path, async ({ params }) =>
    presentConfiguration(seenIntegration(world, params.id, "configuration"), organisation.variants),
  );

  app.put<ById>(path, async ({ params, body }, reply) => {
    const stored = storedIntegration(world, params.id);
    const sent = checkedConfiguration(body);
    refuseOldVersion(stored.integration, sent);
    if (stored.integration.type === eventBridgeType) refuseProperties(stored.integration, sent);
    const answer = presentConfiguration(integrations.configure(stored, sent), organisation.variants);
    await world.save();
    return reply.code(organisation.variants.writeSuccess).send(answer);
  });

  function refuseOldVersion({ id, config }: Integration, { version }: Configuration): void {
    if (version === config.version) return;
    throw versionConflict(
      { entityName: "integration", entityId: id },
      { sent: version, current: config.version },
      organisation.variants,
    );
  }

  function refuseProperties({ id, config }: Integration, { properties }: Configuration): void {
    const { state, variants } = organisation;
    refuseWrongProperties(properties, config.properties, state.availableTopics, variants);
    const { eventSourceSuffix: suffix } = properties;
    if (variants.suffixTaken === "errorLater" || suffix === undefined) return;
    if (!integrations.isSuffixTaken(suffix, id)) return;
    throw refusedField("eventSourceSuffix", `is '${suffix}', which is not unique`, variants.suffixTaken);
  }
}
