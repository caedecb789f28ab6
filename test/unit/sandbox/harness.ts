/** Starts a simulated organisation whose clock a test moves, and calls it with a token. */
import { afterEach } from "vitest";
import { type SandboxOptions, startSandbox } from "../../../sandbox/src/index.js";

/** An answer, read to its end. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** Parsed JSON; of any type, because tests look into bodies of every shape. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  body: any;
}

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** A sandbox whose clock moves only by hand, with a token, closed after the test. */
export async function startWithToken(options: SandboxOptions = {}) {
  const clock = { time: Date.parse("2030-01-01T00:00:00Z") };
  const sandbox = await startSandbox({ control: true, now: () => clock.time, ...options });
  closers.push(sandbox.close);
  const { url } = sandbox;
  const caller = await connect(url);
  return {
    ...caller,
    close: sandbox.close,
    advance: (ms: number) => {
      clock.time += ms;
    },
  };
}

/** Calls to a sandbox at an address, with a token of its own. */
export async function connect(url: string) {
  let token = await login(url);
  const api = (method: string, path: string, body?: unknown) =>
    send(url, method, `/api/v2${path}`, body, { authorization: `Bearer ${token}` });
  const sources = "/eventbridge/sources";
  return {
    url,
    api,
    control: (method: string, path: string, body?: unknown) => send(url, method, `/__sandbox${path}`, body),
    renew: async () => {
      token = await login(url);
    },
    post: (change: object = {}) => api("POST", sources, sourceBody(change)),
    get: (id: string) => api("GET", `${sources}/${id}`),
    put: (id: string, version: number, change: object = {}) =>
      api("PUT", `${sources}/${id}`, { ...sourceBody(change), version }),
    remove: (id: string) => api("DELETE", `${sources}/${id}`),
    list: async (query = "") => (await api("GET", `${sources}${query}`)).body.entities,
    job: async (id: string) => (await api("GET", `/asyncapi/jobs/${id}`)).body,
  };
}

/** A source body that is right in every way. */
export function sourceBody(change: object = {}) {
  return {
    name: "vip",
    description: "Conversations of VIPs",
    source_type: "eventbridge",
    event_topic_id: "topic-conversation-start",
    filters: [
      {
        name: "high",
        conditions: [{ field: "priority", operator: "equals", value: "high" }],
        action: "route",
      },
    ],
    targets: [
      { target_id: "target-crm", priority: 1 },
      { target_id: "target-conversation-journal", priority: 2 },
    ],
    status: "draft",
    webhook_url: "https://hooks.example.com/eventbridge",
    ...change,
  };
}

/** Asks for a token. */
export function requestToken(url: string, credentials = "sandbox-client:sandbox-secret", form?: string) {
  return send(url, "POST", "/oauth/token", form ?? "grant_type=client_credentials", {
    authorization: `Basic ${Buffer.from(credentials).toString("base64")}`,
    "content-type": "application/x-www-form-urlencoded",
  });
}

async function login(url: string): Promise<string> {
  return (await requestToken(url)).body.access_token;
}

/** Sends one request; a string is sent as it is, anything else as JSON. */
export async function send(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    signal,
    headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
    body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json") && text !== "";
  return { status: response.status, headers: response.headers, text, body: isJson ? parsed(text) : null };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return "not JSON";
  }
}
