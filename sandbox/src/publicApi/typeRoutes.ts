/** The types of integrations that the organisation has, and the schemas of their configurations. */
import type { FastifyInstance } from "fastify";
import { pageOf, type Query } from "../page.js";
import { notFound } from "../platformError.js";
import type { World } from "../world.js";
import { namingProperties } from "./configChecks.js";
import { eventBridgeType, type IntegrationType } from "./model.js";
import { presentType, typesPath } from "./present.js";

interface ById {
  Params: { id: string };
}

export function typeRoutes(app: FastifyInstance, { organisation }: World): void {
  app.get<{ Querystring: Query }>(typesPath, async ({ query }) => {
    const { state, variants } = organisation;
    return pageOf(state.integrationTypes.map(presentType), typesPath, query, variants, 999);
  });

  app.get<ById>(`${typesPath}/:id`, async ({ params }) => presentType(typeOf(params.id)));

  app.get<{ Params: { id: string; configType: string } }>(
    `${typesPath}/:id/configschemas/:configType`,
    async ({ params: { id, configType } }) => {
      const { name } = typeOf(id);
      if (configType !== "properties" && configType !== "advanced") throw notFound("schema", configType);
      const described = id === eventBridgeType && configType === "properties";
      return {
        $schema: "http://json-schema.org/draft-04/schema#",
        title: name,
        type: "object",
        ...(described ? eventBridgeProperties : { properties: {} }),
      };
    },
  );

  function typeOf(id: string): IntegrationType {
    const type = organisation.state.integrationTypes.find((candidate) => candidate.id === id);
    if (!type) throw notFound("integrationType", id);
    return type;
  }
}

const eventBridgeProperties = {
  required: namingProperties,
  properties: {
    awsAccountId: { type: "string", pattern: "^\\d{12}$" },
    awsAccountRegion: { type: "string" },
    eventSourceSuffix: { type: "string", pattern: "^[A-Za-z0-9._-]+$", maxLength: 64 },
    eventFilter: { type: "array", items: { type: "string" } },
  },
};
