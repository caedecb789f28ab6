/** How requests fare on real HTTP: tokens, repetitions, spoilt answers, proxies, pages and the rate limit. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSandbox } from "genesyscloud-sandbox";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { GenesysError } from "../../provider/src/genesys/errors.js";
import { everyEntity } from "../../provider/src/genesys/pages.js";
import { aStep, clientOf, serve } from "./support.js";

const TOPICS = {
  method: "GET",
  path: "/api/v2/eventbridge/topics",
  query: { pageSize: 25, pageNumber: 1 },
} as const;
const SECRET = "planted-secret";
const TOKEN = "planted-token";

const json = (response: import("node:http").ServerResponse, status: number, body: unknown, headers = {}) =>
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));

/** Logs in whoever asks, and answers everything else as the test wants. */
const afterLogin = (answer: import("node:http").RequestListener) =>
  serve((request, response) => {
    if (request.url !== "/oauth/token") return answer(request, response);
    json(response, 200, { access_token: TOKEN, token_type: "bearer", expires_in: 3_600 });
  });

async function errorOf(promise: Promise<unknown>): Promise<GenesysError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(GenesysError);
  return error as GenesysError;
}

/** Nothing that can be printed of an error bears a credential or a token. */
function expectNoSecret(error: Error): void {
  const everything = [error.message, error.stack, JSON.stringify(error), String(error.cause)].join("\n");
  const basic = Buffer.from(`sandbox-client:${SECRET}`).toString("base64");
  for (const secret of [SECRET, TOKEN, basic]) expect(everything).not.toContain(secret);
}

describe("the token", () => {
  test("is got once, however many operations start at once", async () => {
    const { url, got } = await afterLogin((_, response) => json(response, 200, { entities: [] }));
    const client = clientOf(url);
    await Promise.all(Array.from({ length: 50 }, () => client.send(TOPICS, aStep())));
    expect(got.filter((request) => request.url === "/oauth/token")).toHaveLength(1);
  });

  test("is got ahead of a call that is due, which then finds it, or says why there is none", async () => {
    const { url, got } = await afterLogin((_, response) => json(response, 200, { entities: [] }));
    const client = clientOf(url);
    client.logInAhead(aStep());
    await vi.waitFor(() => expect(got).toHaveLength(1), 20_000);
    await client.send(TOPICS, aStep());
    client.logInAhead(aStep());
    await client.send(TOPICS, aStep());
    const logins = got.map((request) => request.url === "/oauth/token");
    expect(logins).toEqual([true, false, false]);

    const refusing = await serve((_, response) => json(response, 400, { error: "invalid_client" }));
    const wrong = clientOf(refusing.url);
    wrong.logInAhead(aStep());
    await vi.waitFor(() => expect(refusing.got).toHaveLength(1), 20_000);
    expect(await errorOf(wrong.send(TOPICS, aStep()))).toMatchObject({ status: 400, path: "/oauth/token" });
    expect(refusing.got).toHaveLength(1);
  });

  test("behaviour 27: that ends in the middle of a run is renewed once and the requests are replayed", async () => {
    const sandbox = await startSandbox({ control: true });
    onTestFinished(() => sandbox.close());
    const client = clientOf(sandbox.url);
    await client.send(TOPICS, aStep());
    await fetch(`${sandbox.url}/__sandbox/tokens/revoke`, { method: "POST" });
    await fetch(`${sandbox.url}/__sandbox/requests`, { method: "DELETE" });
    await Promise.all(Array.from({ length: 10 }, () => client.send(TOPICS, aStep())));
    const requests = (await (await fetch(`${sandbox.url}/__sandbox/requests`)).json()) as { path: string }[];
    expect(requests.filter(({ path }) => path === "/oauth/token")).toHaveLength(1);
  });

  test("that is refused by a throttled or ailing login is asked for again; wrong credentials never", async () => {
    let logins = 0;
    const { url } = await serve((request, response) => {
      if (request.url !== "/oauth/token") return json(response, 200, {});
      logins += 1;
      if (logins === 1)
        return json(
          response,
          400,
          { error: "x", description: "rate limit exceeded" },
          { "retry-after": "0" },
        );
      if (logins === 2) return json(response, 503, {}, { "retry-after": "0" });
      if (logins === 3) return json(response, 500, {}, { "retry-after": "0" });
      return json(response, 200, { access_token: TOKEN, expires_in: 3_600 });
    });
    await clientOf(url).send(TOPICS, aStep());
    expect(logins).toBe(4);

    const wrong = await serve((_, response) =>
      json(response, 400, {
        error: "invalid_client",
        description: "client not found",
        error_description: SECRET,
      }),
    );
    const client = clientOf(wrong.url, { credentials: { clientId: "sandbox-client", clientSecret: SECRET } });
    const errors = [await errorOf(client.send(TOPICS, aStep())), await errorOf(client.send(TOPICS, aStep()))];
    for (const error of errors) {
      expect(error.message).toContain(
        "POST /oauth/token was answered 400 (invalid_client): client not found",
      );
      expectNoSecret(error);
    }
    expect(wrong.got).toHaveLength(1);
  });
});

test("a limited login is waited for as long as the step may take, however short a request's own time-out is", async () => {
  let logins = 0;
  const { url } = await serve((request, response) => {
    if (request.url !== "/oauth/token") return json(response, 200, {});
    logins += 1;
    if (logins === 1) return json(response, 429, {}, { "retry-after": "1" });
    json(response, 200, { access_token: TOKEN, expires_in: 3_600 });
  });
  const client = clientOf(url, { requestTimeoutMs: 800 });
  await Promise.all(Array.from({ length: 10 }, () => client.send(TOPICS, aStep())));
  expect(logins).toBeGreaterThan(1);
});

test("a login that keeps failing is tried as often as one request, not once more for each of its repetitions", async () => {
  const { url, got } = await serve((_, response) => json(response, 503, {}, { "retry-after": "0" }));
  const error = await errorOf(clientOf(url, { maxRetries: 2 }).send(TOPICS, aStep()));
  expect(error.message).toContain("POST /oauth/token was answered 503");
  expect(error.message).toContain("repeated 2 times");
  expect(got).toHaveLength(3);
});

describe("behaviour 23: what is sent again", () => {
  const put = { method: "PUT", path: "/api/v2/x/{id}", pathParams: { id: "1" }, body: {} } as const;
  const post = { method: "POST", path: "/api/v2/x", body: {} } as const;
  const remove = { method: "DELETE", path: "/api/v2/x/{id}", pathParams: { id: "1" } } as const;

  test.each([
    { request: TOPICS, status: 429, again: true },
    { request: TOPICS, status: 502, again: true },
    { request: TOPICS, status: 503, again: true },
    { request: put, status: 504, again: true },
    { request: remove, status: 503, again: true },
    { request: post, status: 429, again: true },
    { request: post, status: 503, again: false },
    { request: post, status: 504, again: false },
    { request: TOPICS, status: 400, again: false },
    { request: put, status: 403, again: false },
    { request: TOPICS, status: 404, again: false },
    { request: put, status: 409, again: false },
    { request: TOPICS, status: 500, again: false },
  ])("$request.method after $status: $again", async ({ request, status, again }) => {
    let asked = 0;
    const { url } = await afterLogin((_, response) => {
      asked += 1;
      json(response, asked === 1 ? status : 200, { message: "no" }, { "retry-after": "0" });
    });
    const step = aStep();
    const outcome = await clientOf(url)
      .send(request, step)
      .then(
        () => "answered",
        () => "failed",
      );
    expect([outcome, asked, step.retryCount]).toEqual(again ? ["answered", 2, 1] : ["failed", 1, 0]);
  });

  test.each([
    { request: TOPICS, again: true },
    { request: put, again: true },
    { request: post, again: false },
  ])("$request.method after a broken connection: $again", async ({ request, again }) => {
    let asked = 0;
    const { url } = await afterLogin((incoming, response) => {
      asked += 1;
      if (asked === 1) incoming.socket.destroy();
      else json(response, 200, {});
    });
    const outcome = await clientOf(url)
      .send(request, aStep())
      .then(
        () => "answered",
        () => "failed",
      );
    expect([outcome, asked]).toEqual(again ? ["answered", 2] : ["failed", 1]);
  });
});

describe("answers that are none", () => {
  test.each([
    ["HTML", "text/html", "<html>Bad gateway</html>", "not JSON"],
    ["nothing", "application/json", "", "empty"],
    ["half an object", "application/json", '{"entities": [', "not JSON"],
    ["50 MB", "application/json", `{"a":"${"x".repeat(50 * 1024 * 1024)}"}`, "larger than 10 MB"],
  ])("%s gives a clear error", async (_, type, body, words) => {
    const { url } = await afterLogin((__, response) => {
      response.writeHead(200, { "content-type": type });
      response.end(body);
    });
    const error = await errorOf(clientOf(url).send(TOPICS, aStep()));
    expect(error.message).toContain(words);
    expect(error.message.length).toBeLessThan(600);
    expectNoSecret(error);
  });

  test.each(["PUT", "DELETE"] as const)("a %s may be answered without content", async (method) => {
    const { url } = await afterLogin((_, response) => {
      response.writeHead(202).end();
    });
    const request = { method, path: "/api/v2/x/{id}", pathParams: { id: "1" } };
    expect(await clientOf(url).send(request, aStep())).toEqual({ status: 202, body: {} });
  });

  test("an error page is not quoted", async () => {
    const { url } = await afterLogin((_, response) => {
      response.writeHead(403, { "content-type": "text/html" }).end("<html>denied by the proxy</html>");
    });
    const error = await errorOf(clientOf(url).send(TOPICS, aStep()));
    expect(error.message).toContain("does a proxy or gateway answer in its place?");
    expect(error.message).not.toContain("<html>");
  });
});

test("a redirect is not followed: the credentials stay where they were sent", async () => {
  const elsewhere = await serve((_, response) => json(response, 200, {}));
  const { url } = await afterLogin((_, response) => {
    response.writeHead(302, { location: `${elsewhere.url}/stolen` }).end();
  });
  const error = await errorOf(clientOf(url).send(TOPICS, aStep()));
  expect(error.message).toContain("a redirect, which is not followed");
  const login = await serve((_, response) => {
    response.writeHead(307, { location: `${elsewhere.url}/oauth/token` }).end();
  });
  await errorOf(clientOf(login.url).send(TOPICS, aStep()));
  expect(elsewhere.got).toEqual([]);
});

test("the SDK's configuration file in the user's home is not read", async () => {
  const elsewhere = await serve((_, response) => json(response, 200, {}));
  const home = await mkdtemp(join(tmpdir(), "eventbridge-home-"));
  onTestFinished(() => rm(home, { recursive: true }));
  await mkdir(join(home, ".genesyscloudjavascript"));
  const { port } = new URL(elsewhere.url);
  const file = `[gateway]\nhost = 127.0.0.1\nprotocol = http\nport = ${port}\n[logging]\nlog_level = trace\nlog_to_console = true\n`;
  await writeFile(join(home, ".genesyscloudjavascript", "config"), file);
  vi.stubEnv("HOME", home);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const printed = vi.spyOn(process.stdout, "write");
  const { url } = await afterLogin((_, response) => json(response, 200, {}));
  await clientOf(url).send(TOPICS, aStep());
  expect(elsewhere.got).toEqual([]);
  expect(printed.mock.calls.flat().join("")).not.toContain(TOKEN);
  printed.mockRestore();
});

describe("proxies", () => {
  beforeEach(() => {
    for (const name of ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"])
      vi.stubEnv(name, "");
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  async function proxy() {
    const tunnels: string[] = [];
    const { createServer } = await import("node:http");
    const server = createServer().on("connect", (request, socket) => {
      tunnels.push(String(request.url));
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.close();
    });
    return { tunnels, url: `http://127.0.0.1:${(server.address() as import("node:net").AddressInfo).port}` };
  }

  const region = { gateway: undefined, region: "genesys.invalid", maxRetries: 0 };

  test("HTTPS_PROXY is asked for a tunnel", async () => {
    const { tunnels, url } = await proxy();
    vi.stubEnv("HTTPS_PROXY", url);
    await errorOf(clientOf("http://127.0.0.1:1", region).send(TOPICS, aStep(3_000)));
    expect(tunnels).toContain("login.genesys.invalid:443");
  });

  test("NO_PROXY goes past it", async () => {
    const { tunnels, url } = await proxy();
    vi.stubEnv("HTTPS_PROXY", url);
    vi.stubEnv("NO_PROXY", ".genesys.invalid");
    await errorOf(clientOf("http://127.0.0.1:1", region).send(TOPICS, aStep(3_000)));
    expect(tunnels).toEqual([]);
  });
});

describe("pages", () => {
  const names = Array.from({ length: 60 }, (_, index) => ({ name: `n${index}` }));
  const pageOf = (url: string) => {
    const number = Number(new URL(url, "http://x").searchParams.get("pageNumber"));
    return { number, entities: names.slice((number - 1) * 25, number * 25) };
  };

  test.each([
    ["pageCount", () => ({ pageCount: 3 })],
    ["nextUri", (number: number) => (number < 3 ? { nextUri: "/next" } : {})],
    ["a short page", () => ({})],
  ])("are followed to the end by %s", async (_, extra) => {
    const { url } = await afterLogin((request, response) => {
      const { number, entities } = pageOf(String(request.url));
      json(response, 200, { entities, ...extra(number) });
    });
    const found: object[] = [];
    for await (const each of everyEntity<object>(clientOf(url), TOPICS.path, {}, aStep())) found.push(each);
    expect(found).toEqual(names);
  });
});

test("behaviour 35: many at once stay below a limit that they would exceed, and meet no 429", async () => {
  const sandbox = await startSandbox({ control: true, rateLimit: { allowed: 40, windowSeconds: 2 } });
  onTestFinished(() => sandbox.close());
  const client = clientOf(sandbox.url);
  await Promise.all(Array.from({ length: 100 }, () => client.send(TOPICS, aStep())));
  const requests = (await (await fetch(`${sandbox.url}/__sandbox/requests`)).json()) as { status: number }[];
  expect(requests.filter(({ status }) => status === 429)).toEqual([]);
  expect(requests).toHaveLength(101);
});
