/** Where faults act: before, instead of and after the routes. */
import { setTimeout as delay } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { FaultAction, Faults } from "./faults.js";
import { usualError } from "./platformError.js";

const forever = new Promise<never>(() => {});

/** Lets faults act around the routes: in front of everything, authentication included, and behind everything. */
export function installFaults(app: FastifyInstance, faults: Faults, closing: AbortSignal): void {
  app.addHook("onRequest", async (request, reply) => {
    if (isControl(request)) return;
    const action = faults.take(request.method, request.url);
    if (!action) return;
    request.fault = action;
    if (action.kind === "delay" || isAfter(action)) return;
    await spoil(action, request);
    // The last hook fills in the answer.
    return reply.send();
  });

  // Only here has the body been read: a client that gives up during the delay doesn't take it away.
  app.addHook("preHandler", async ({ fault }) => {
    if (fault?.kind !== "delay") return;
    // When the server closes, the request ends with its connection.
    await delay(fault.ms, undefined, { signal: closing, ref: false }).catch(() => forever);
  });

  app.addHook("onSend", async (request, reply, payload) => {
    const action = request.fault;
    if (!action || action.kind === "delay") return payload;
    await spoil(action, request);
    return action.kind === "malformed" ? malformed(reply, payload) : replace(action, request, reply);
  });
}

/** Whether a request belongs to the control plane, which no fault touches and no log lists. */
export function isControl(request: FastifyRequest): boolean {
  return request.url.startsWith("/__sandbox/");
}

function isAfter(action: FaultAction): boolean {
  if (action.kind === "answerAfter" || action.kind === "resetAfter" || action.kind === "malformed")
    return true;
  return "after" in action && action.after === true;
}

/** For faults without an answer: cuts or blocks, and never returns. */
async function spoil(action: FaultAction, request: FastifyRequest): Promise<void> {
  const cut = action.kind === "resetBefore" || action.kind === "resetAfter";
  if (cut) request.raw.socket.resetAndDestroy();
  if (cut || action.kind === "hang") await forever;
}

/** Puts another status and headers on the reply; returns the body that goes with them. */
function replace(action: FaultAction, request: FastifyRequest, reply: FastifyReply): string | null {
  reply.removeHeader("content-length");
  switch (action.kind) {
    case "answer":
    case "answerAfter": {
      reply
        .code(action.status)
        .type("application/json; charset=utf-8")
        .headers(action.headers ?? {});
      if (typeof action.body === "string") return action.body;
      if (action.body !== undefined) return JSON.stringify(action.body);
      return action.status < 400 ? "" : JSON.stringify(usualError(action.status).body(request.id));
    }
    case "html":
      reply.code(action.status).type("text/html; charset=utf-8");
      return `<html><head><title>${action.status}</title></head><body><h1>${action.status}</h1><hr>gateway</body></html>`;
    case "empty":
      reply.code(action.status).removeHeader("content-type");
      return null;
    case "huge": {
      reply.code(action.status ?? 200).type("application/json; charset=utf-8");
      const frame = '{"padding":""}';
      return frame.replace('""', `"${"x".repeat(Math.max(action.bytes - frame.length, 0))}"`);
    }
    default:
      throw new Error(`The fault '${action.kind}' has no answer.`);
  }
}

function malformed(reply: FastifyReply, payload: unknown): string {
  if (reply.statusCode === 204) reply.code(200);
  reply.removeHeader("content-length");
  const text = typeof payload === "string" && payload.length > 1 ? payload : '{"';
  return text.slice(0, Math.ceil(text.length / 2));
}
