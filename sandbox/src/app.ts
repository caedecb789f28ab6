/** The HTTP server of the simulated organisation: its routes, its hooks and its errors. */
import { randomUUID } from "node:crypto";
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import { installAccess } from "./access.js";
import type { Refusal } from "./callers.js";
import { controlRoutes } from "./control.js";
import { installFaults, isControl } from "./faultHooks.js";
import { oauthRoutes } from "./oauth.js";
import { badRequest, PlatformError, usualError } from "./platformError.js";
import { configRoutes } from "./publicApi/configRoutes.js";
import { integrationRoutes } from "./publicApi/integrationRoutes.js";
import { meRoutes } from "./publicApi/meRoutes.js";
import { topicRoutes } from "./publicApi/topicRoutes.js";
import { typeRoutes } from "./publicApi/typeRoutes.js";
import { readRoutes } from "./readRoutes.js";
import type { LoggedRequest } from "./requestLog.js";
import { sourceRoutes } from "./sourceRoutes.js";
import { bearerHash } from "./tokens.js";
import type { World } from "./world.js";

/** The HTTP server around a world; not listening yet. */
export function buildApp(world: World, control: boolean, refusal: Refusal): FastifyInstance {
  const app = fastify({
    genReqId: () => randomUUID(),
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 8192 },
    // A URL that can't be decoded meets no route, so no hook either.
    frameworkErrors: (error, request, reply) => {
      const refused = refusal(request);
      if (refused) return sendError(refused, request as FastifyRequest, reply as FastifyReply);
      const logged = receive(request as FastifyRequest, reply as FastifyReply, world);
      sendError(error, request as FastifyRequest, reply as FastifyReply);
      if (logged) logged.status = reply.statusCode;
    },
  });
  app.decorateRequest("logged", null);
  app.decorateRequest("fault", null);

  app.addHook("onRequest", async (request) => {
    const refused = refusal(request);
    if (refused) throw refused;
  });
  app.addHook("onRequest", async (request, reply) => {
    request.logged = receive(request, reply, world);
  });
  installFaults(app, world.faults, world.closing);
  installAccess(app, world);
  app.addHook("preHandler", async () => {
    world.organisation.settle();
    world.integrations.settle();
  });
  app.addHook("onSend", async ({ logged, raw }, reply, payload) => {
    if (logged && !raw.socket.destroyed) logged.status = reply.statusCode;
    return payload;
  });

  installParsers(app);
  app.setErrorHandler(sendError);
  app.setNotFoundHandler((request, reply) => sendError(usualError(404), request, reply));

  const methods = methodsByPath(app);
  oauthRoutes(app, world);
  readRoutes(app, world);
  sourceRoutes(app, world);
  integrationRoutes(app, world);
  configRoutes(app, world);
  typeRoutes(app, world);
  topicRoutes(app, world);
  meRoutes(app, world);
  if (control) controlRoutes(app, world);
  refuseOtherMethods(app, methods);
  return app;
}

function receive(request: FastifyRequest, reply: FastifyReply, world: World): LoggedRequest | null {
  reply.header("ININ-Correlation-Id", request.id);
  reply.header("Date", new Date(world.now()).toUTCString());
  if (isControl(request)) return null;
  return world.requests.add({
    method: request.method,
    path: request.url,
    route: request.routeOptions?.url?.replace(/:(\w+)/g, "{$1}"),
    status: null,
    at: new Date(world.now()).toISOString(),
    token: bearerHash(request.headers.authorization)?.slice(0, 8) ?? null,
  });
}

function installParsers(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  // Clients announce JSON on requests without a body too.
  app.addContentTypeParser("application/json", { parseAs: "string" }, async (_: unknown, text: string) => {
    if (text === "") return undefined;
    try {
      return JSON.parse(text);
    } catch (error) {
      throw badRequest(`The request body is not valid JSON: ${(error as Error).message}`, "invalid.json");
    }
  });
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    async (_: unknown, text: string) => Object.fromEntries(new URLSearchParams(text)),
  );
}

function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const platformError = asPlatformError(error);
  reply
    .code(platformError.status)
    .headers(platformError.facts.headers ?? {})
    .type("application/json; charset=utf-8")
    .send(platformError.body(request.id));
}

function asPlatformError(error: unknown): PlatformError {
  if (error instanceof PlatformError) return error;
  const { statusCode = 500, message } = error as { statusCode?: number; message: string };
  if (statusCode === 400) return badRequest(message);
  if (statusCode >= 500) process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  return usualError(statusCode);
}

function methodsByPath(app: FastifyInstance): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  app.addHook("onRoute", ({ url, method }) => {
    methods.set(url, [...(methods.get(url) ?? []), method].flat());
  });
  return methods;
}

/** The router takes a known path with another method for an unknown path; the platform answers 405. */
function refuseOtherMethods(app: FastifyInstance, methods: Map<string, string[]>): void {
  for (const [url, allowed] of [...methods]) {
    const others = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].filter(
      (method) => !allowed.includes(method),
    );
    app.route({
      url,
      method: others,
      handler: (request) => {
        throw new PlatformError(405, {
          code: "method.not.allowed",
          message: `The method ${request.method} is not allowed here; allowed: ${allowed.join(", ")}.`,
          headers: { Allow: allowed.join(", ") },
        });
      },
    });
  }
}
