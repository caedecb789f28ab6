import type { FastifyInstance, FastifyRequest } from "fastify";
import { PlatformError } from "./platformError.js";
import { rateLimitHeaders, tooManyRequests } from "./rateLimit.js";
import { bearerHash } from "./tokens.js";
import type { World } from "./world.js";

/** Lets an API call in when its token is known, has calls left and bears the scope. */
export function installAccess(app: FastifyInstance, world: World): void {
  app.addHook("onRequest", async (request, reply) => {
    if (!request.url.startsWith("/api/")) return;
    const { settings, variants } = world.organisation;
    const token = authenticate(request, world);
    const allowance = world.limiter.count(token, world.now(), settings.rateLimit);
    reply.headers(rateLimitHeaders(allowance));
    if (allowance.count > allowance.allowed) {
      throw tooManyRequests(allowance.reset, world.now(), variants.retryAfter);
    }
    requireScope(request, settings.scopes);
  });
}

function authenticate(request: FastifyRequest, world: World): string {
  const hash = bearerHash(request.headers.authorization);
  if (hash === null) {
    throw new PlatformError(401, {
      code: "authentication.required",
      message: "No authentication bearer token specified in authorization header.",
    });
  }
  if (world.tokens.isValid(hash)) return hash;
  throw new PlatformError(401, { code: "bad.credentials", message: "Invalid login credentials." });
}

function requireScope(request: FastifyRequest, scopes: string[] | null): void {
  const scope = neededScope(request);
  if (scope === null || scopes === null || scopes.includes(scope)) return;
  const message =
    "Unable to perform the requested action. You must have at least one of the following permissions assigned: ";
  throw new PlatformError(403, {
    code: "missing.any.permissions",
    message: `${message}[${scope}]`,
    messageWithParams: `${message}{permissions}`,
    messageParams: { permissions: `[${scope}]` },
  });
}

function neededScope({ method, url }: FastifyRequest): string | null {
  const [, object] = /^\/api\/v2\/(eventbridge\/\w+|asyncapi\/jobs)\b/.exec(url) ?? [];
  if (object === "eventbridge/sources") return `eventbridge:source:${method === "GET" ? "read" : "write"}`;
  if (object === "eventbridge/topics") return "eventbridge:topic:read";
  if (object === "eventbridge/targets") return "eventbridge:target:read";
  return object === "asyncapi/jobs" ? "asyncapi:job:read" : null;
}
