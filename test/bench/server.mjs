/**
 * The server that the bench measures against, a process of its own: the two APIs with a fixed latency, scripted jobs and
 * the platform's rate limit. It prints its address as its first line, and ends when its standard input does.
 *
 * `POST /bench/reset` with `Script` as its body empties it; `GET /bench/read` tells, as `Read`, what was called since that
 * or the last reading.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { integrationRoutes } from "./server/integrations.mjs";
import { ok, problem, routeOf } from "./server/routes.mjs";
import { sourceRoutes } from "./server/sources.mjs";
import { Window } from "./server/window.mjs";

/**
 * @typedef {object} Script how the server behaves from a reset on
 * @property {number} latencyMs before every answer
 * @property {number[]} jobsMs how long the jobs take, in the order of their POSTs, from the start again when they are used up
 * @property {import("./server/window.mjs").RateLimit} rateLimit
 *
 * @typedef {object} Read what was called
 * @property {Record<string, number>} calls by kind, without those that were refused and without logins
 * @property {number} refused answers of 429
 * @property {number} [firstAt] when the first call came, in milliseconds of the server's clock
 * @property {number} [lastAt] when the last one came
 */

/** @type {Script} */
const quiet = { latencyMs: 0, jobsMs: [0], rateLimit: { allowed: 1e9, windowSeconds: 60 } };
let world = worldOf(quiet);

/** @param {Script} script */
function worldOf(script) {
  const { jobsMs, latencyMs, rateLimit } = script;
  return {
    latencyMs,
    window: new Window(rateLimit),
    read: nothingYet(),
    routes: [...sourceRoutes((post) => jobsMs[post % jobsMs.length] ?? 0), ...integrationRoutes()],
  };
}

/** @returns {Read} */
function nothingYet() {
  return { calls: {}, refused: 0 };
}

const server = createServer(async (request, response) => {
  const text = request.method === "GET" || request.method === "DELETE" ? undefined : request;
  const isForm = request.headers["content-type"]?.includes("form") ?? false;
  const body = text && !isForm ? await json(text).catch(() => undefined) : request.resume() && undefined;
  const url = new URL(request.url ?? "/", "http://bench");
  const { status, headers, body: answer } = await answered(request.method ?? "GET", url, body);
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(answer === undefined ? undefined : JSON.stringify(answer));
});

/**
 * @param {string} method
 * @param {URL} url
 * @param {any} body
 * @returns {Promise<import("./server/routes.mjs").Answer & { headers?: Record<string, string> }>}
 */
async function answered(method, url, body) {
  if (url.pathname === "/bench/reset") {
    world = worldOf(body);
    return { status: 204 };
  }
  if (url.pathname === "/bench/read") {
    const { read } = world;
    world.read = nothingYet();
    return ok(read);
  }
  const { latencyMs, read, routes, window } = world;
  await wait(latencyMs);
  if (url.pathname === "/oauth/token")
    return ok({ access_token: "bench", token_type: "bearer", expires_in: 86_400 });
  if (url.pathname === "/notices") return { status: 204 };

  const { refused, headers } = window.count();
  read.firstAt ??= Date.now();
  read.lastAt = Date.now();
  if (refused) {
    read.refused += 1;
    return { ...problem(429, "too.many.requests", "Rate limit exceeded the maximum."), headers };
  }
  const found = routeOf(routes, method, url.pathname);
  const kind = found?.route.kind ?? `unknown: ${method} ${url.pathname}`;
  read.calls[kind] = (read.calls[kind] ?? 0) + 1;
  const answer = found?.route.answer({ id: found.id, query: url.searchParams, body });
  return { ...(answer ?? problem(404, "not.found", "There is no such path.")), headers };
}

await once(server.listen(0, "127.0.0.1"), "listening");
const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
console.log(`http://127.0.0.1:${port}`);
process.stdin.resume().on("end", () => process.exit());
