/** Who asks, and where: the organisation, the token and what its client may do. */
import type { FastifyInstance } from "fastify";
import { allPermissions, allScopes } from "../needs.js";
import type { World } from "../world.js";

export function meRoutes(app: FastifyInstance, { organisation, client }: World): void {
  app.get("/api/v2/organizations/me", async () => {
    const { id, name } = organisation.state.organization;
    return {
      id,
      name,
      defaultLanguage: "en-us",
      thirdPartyOrgName: "sandbox",
      domain: "sandbox",
      version: 1,
      state: "active",
      selfUri: `/api/v2/organizations/${id}`,
    };
  });

  app.get("/api/v2/tokens/me", async () => {
    const { id, name } = organisation.state.organization;
    return {
      organization: { id, name },
      homeOrganization: { id, name },
      authorizedScope: organisation.settings.scopes ?? allScopes,
      OAuthClient: { id: client.id, name: client.id, organization: { id, name } },
    };
  });

  app.get("/api/v2/authorization/subjects/me", async () => {
    const { permissions } = organisation.settings;
    return {
      id: client.id,
      name: client.id,
      grants: [
        {
          subjectId: client.id,
          division: { id: organisation.state.organization.id, name: "Home", homeDivision: true },
          role: {
            id: "5a1dbe4c-0000-4000-8000-000000000001",
            name: "EventBridge",
            policies: policiesOf(permissions ?? allPermissions),
            default: false,
          },
        },
      ],
      version: 1,
      selfUri: `/api/v2/authorization/subjects/${encodeURIComponent(client.id)}`,
    };
  });
}

/** One policy for each entity, with its actions. */
function policiesOf(permissions: readonly string[]): Record<string, unknown>[] {
  const actions = new Map<string, string[]>();
  for (const permission of permissions) {
    const [, entity = permission, action = "*"] = /^(.*):([^:]*)$/.exec(permission) ?? [];
    actions.set(entity, [...(actions.get(entity) ?? []), action]);
  }
  return [...actions].map(([entity, named]) => {
    const [domain, entityName] = entity.split(":");
    return { domain, entityName, actions: named };
  });
}
