/** Who may call the simulated organisation: tokens, rate limit, offers and permissions. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { type Needs, needsOf } from "./needs.js";
import type { Organisation } from "./organisation.js";
import { PlatformError, usualError } from "./platformError.js";
import { rateLimitHeaders, tooManyRequests } from "./rateLimit.js";
import type { Settings } from "./settings.js";
import { bearerHash } from "./tokens.js";
import type { World } from "./world.js";

/** Lets an API call in when its token is known, has calls left and may do what it asks for. */
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
    const needs = needsOf(request.method, request.url);
    requireOffer(needs, settings.offers);
    requirePermission(needs, world.organisation);
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

/** Like a path that nobody knows: the organisation has the other API only. */
function requireOffer(needs: Needs | null, offers: Settings["offers"]): void {
  if (needs !== null && offers !== "both" && offers !== needs.api) throw usualError(404);
}

function requirePermission(needs: Needs | null, { settings, variants }: Organisation): void {
  if (!needs) return;
  const { permission, scopes, api } = needs;
  const { permissions } = settings;
  if (permission !== undefined && permissions !== null && !permissions.includes(permission)) {
    throw missing([permission]);
  }
  const enforced = api === "eventbridge" || variants.publicScopes === "enforced";
  if (!enforced || settings.scopes === null || scopes.length === 0) return;
  if (!scopes.some((scope) => settings.scopes?.includes(scope))) throw missing(scopes);
}

function missing(permissions: string[]): PlatformError {
  const message =
    "Unable to perform the requested action. You must have at least one of the following permissions assigned: ";
  const named = `[${permissions.join(", ")}]`;
  return new PlatformError(403, {
    code: "missing.any.permissions",
    message: `${message}${named}`,
    messageWithParams: `${message}{permissions}`,
    messageParams: { permissions: named },
  });
}
