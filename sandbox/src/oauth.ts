/** The login: client credentials for a token. */
import type { FastifyInstance, FastifyReply } from "fastify";
import type { World } from "./world.js";

/** `POST /oauth/token`: the client-credentials grant. */
export function oauthRoutes(app: FastifyInstance, world: World): void {
  app.post("/oauth/token", async (request, reply) => {
    reply.header("cache-control", "no-store");
    const grantType = (request.body as Record<string, unknown> | undefined)?.grant_type;
    if (grantType === undefined) return refuse(reply, 400, "invalid_request", "grant_type is missing");
    if (grantType !== "client_credentials") {
      return refuse(reply, 400, "unsupported_grant_type", `grant type not supported: ${grantType}`);
    }
    const client = basicCredentials(request.headers.authorization);
    if (!client) return refuse(reply, 401, "invalid_client", "client credentials are missing: send Basic");
    if (client.id !== world.client.id) return refuse(reply, 400, "invalid_client", "client not found");
    if (client.secret !== world.client.secret) {
      return refuse(reply, 401, "invalid_client", "authentication failed");
    }
    const { expiresIn } = world.organisation.settings;
    const access_token = world.tokens.issue(expiresIn);
    await world.save();
    return { access_token, token_type: "bearer", expires_in: expiresIn };
  });
}

function refuse(reply: FastifyReply, status: number, error: string, description: string): FastifyReply {
  if (status === 401) reply.header("www-authenticate", "Basic");
  return reply.code(status).send({ error, description, error_description: description });
}

function basicCredentials(authorization: string | undefined): { id: string; secret: string } | null {
  const encoded = /^Basic +(\S+)$/i.exec(authorization ?? "")?.[1];
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? "", "base64").toString()) ?? [];
  return id === undefined || secret === undefined ? null : { id, secret };
}
