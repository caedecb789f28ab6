/** When requests are sent, repeated and given up, above all while tokens or logins are in trouble. */
import fc from "fast-check";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { parseDuration } from "../../../../provider/src/duration.js";
import { createClient } from "../../../../provider/src/genesys/client.js";
import type { ClientOptions } from "../../../../provider/src/genesys/options.js";
import type { ApiClient } from "../../../../provider/src/genesys/sdk.js";
import { machineTime } from "../../../../provider/src/genesys/time.js";
import { clientOptions } from "../../../../provider/src/settings.js";
import { LOOKUP_TIMEOUT } from "../../../../provider/src/waits.js";
import { budgetOf, errorOf, inTime, SETTINGS, useVirtualTime } from "../support/context.js";

type CallArguments = Parameters<ApiClient["callApi"]>;

/** The SDK in memory: what it was asked, what it answers next. */
const sdk = {
  created: 0,
  logins: 0,
  tokens: [] as string[],
  calls: [] as CallArguments[],
  loginErrors: [] as unknown[],
  answers: [] as unknown[],
  hangs: false,
  /** How long each answer takes, in milliseconds; at once when there are no more. */
  delays: [] as number[],
  loggingIn: 0,
  mostLoggingIn: 0,
};

/** Takes its time, and ends early when the request is given up. */
function after(milliseconds: number): Promise<void> {
  const given = signal;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    given?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new Error("canceled"));
    });
  });
}

let signal: AbortSignal | undefined;

vi.mock("../../../../provider/src/genesys/sdk.js", () => ({
  underSignal: (given: AbortSignal, call: () => unknown) => {
    signal = given;
    return call();
  },
  createApiClient: (): Partial<ApiClient> => {
    sdk.created += 1;
    return {
      setAccessToken: (token) => void sdk.tokens.push(token),
      loginClientCredentialsGrant: async () => {
        sdk.logins += 1;
        sdk.loggingIn += 1;
        sdk.mostLoggingIn = Math.max(sdk.mostLoggingIn, sdk.loggingIn);
        await after(sdk.delays.shift() ?? 0).finally(() => {
          sdk.loggingIn -= 1;
        });
        const error = sdk.loginErrors.shift();
        if (error !== undefined) throw error;
        return { tokenExpiryTime: Date.now() + 3_600_000 };
      },
      callApi: async (...given) => {
        sdk.calls.push(given);
        if (sdk.hangs)
          return new Promise((_, reject) => {
            signal?.addEventListener("abort", () => reject(new Error("canceled")));
          });
        await after(sdk.delays.shift() ?? 0);
        const answer = sdk.answers.shift() as {
          status: number;
          headers: Record<string, unknown>;
          body: unknown;
        };
        if (answer instanceof Error || answer.status >= 300) throw answer;
        return answer;
      },
    };
  },
}));

useVirtualTime();

beforeEach(() => {
  Object.assign(sdk, {
    created: 0,
    logins: 0,
    tokens: [],
    calls: [],
    loginErrors: [],
    answers: [],
    hangs: false,
    delays: [],
    loggingIn: 0,
    mostLoggingIn: 0,
  });
});

const REQUEST = { method: "GET", path: "/api/v2/things/{id}", pathParams: { id: "a/b" } } as const;
const clientWith = (options: Partial<ClientOptions> = {}, tell?: (line: string) => void) =>
  createClient({ ...clientOptions(SETTINGS), ...options }, machineTime, tell);
const rejection = (status: number, headers = {}) => ({ status, headers, body: { code: `c${status}` } });

test("nothing is loaded or sent before the first request, and everything only once", async () => {
  const client = clientWith();
  expect(sdk.created).toBe(0);
  sdk.answers = [
    { status: 200, body: { a: 1 } },
    { status: 200, body: {} },
  ];
  expect(await inTime(client.send(REQUEST, budgetOf(60_000)))).toEqual({ status: 200, body: { a: 1 } });
  await inTime(client.send(REQUEST, budgetOf(60_000)));
  expect(sdk).toMatchObject({ created: 1, logins: 1 });
});

test("a request reaches the SDK with its parameters apart, so that they are encoded", async () => {
  sdk.answers = [{ status: 200, body: {} }];
  const body = { name: "n" };
  await inTime(
    clientWith().send({ ...REQUEST, method: "PUT", query: { pageNumber: 1 }, body }, budgetOf(60_000)),
  );
  const json = ["application/json"];
  expect(sdk.calls).toEqual([
    [
      "/api/v2/things/{id}",
      "PUT",
      { id: "a/b" },
      { pageNumber: 1 },
      {},
      {},
      body,
      ["PureCloud OAuth"],
      json,
      json,
    ],
  ]);
});

test("an answer without content is an empty object; one that should have content is an error", async () => {
  sdk.answers = [
    { status: 204, body: undefined },
    { status: 200, body: "<html>" },
    { status: 204, body: undefined },
  ];
  const client = clientWith();
  const deletion = { ...REQUEST, method: "DELETE" } as const;
  expect(await inTime(client.send(deletion, budgetOf(60_000)))).toEqual({ status: 204, body: {} });
  for (const status of [200, 204])
    expect(await errorOf(client.send(REQUEST, budgetOf(60_000)))).toMatchObject({
      status,
      code: "answer.malformed",
    });
});

test("trouble is overcome, and counted in the step's budget", async () => {
  sdk.answers = [rejection(503), rejection(429, { "retry-after": "7" }), { status: 200, body: {} }];
  const budget = budgetOf(60_000);
  const begun = Date.now();
  await inTime(clientWith().send(REQUEST, budget));
  expect(budget.retryCount).toBe(2);
  expect(Date.now() - begun).toBeGreaterThanOrEqual(7_000);
});

test("a POST is repeated after a 429 and never after a lost answer", async () => {
  const post = { method: "POST", path: "/p", body: {} } as const;
  sdk.answers = [
    rejection(429, { "retry-after": "1" }),
    Object.assign(new Error("x"), { code: "ECONNRESET" }),
  ];
  const error = await errorOf(clientWith().send(post, budgetOf(60_000)));
  expect(error).toMatchObject({ method: "POST", path: "/p", status: 0, code: "network.error" });
  expect(sdk.calls).toHaveLength(2);
});

test("a request is ended after its time-out, and at the deadline of the step", async () => {
  sdk.hangs = true;
  const begun = Date.now();
  const client = clientWith({ maxRetries: 0 });
  expect(await errorOf(client.send(REQUEST, budgetOf(60_000)))).toMatchObject({
    status: 0,
    code: "network.timeout",
    said: "the request took too long",
  });
  expect(Date.now() - begun).toBe(10_000);
  expect(await errorOf(client.send(REQUEST, budgetOf(3_000)))).toHaveProperty(
    "said",
    "the step had to be over before the answer came",
  );
  expect(Date.now() - begun).toBe(13_000);
  expect(vi.getTimerCount()).toBe(0);
});

test("a stop of the provider ends a request", async () => {
  sdk.hangs = true;
  const stop = new AbortController();
  const begun = Date.now();
  setTimeout(() => stop.abort(), 500);
  expect(await errorOf(clientWith().send(REQUEST, budgetOf(60_000, stop.signal)))).toMatchObject({
    status: 0,
  });
  expect(Date.now() - begun).toBe(500);
  expect(sdk.calls).toHaveLength(1);
});

test.each(["POST", "PUT", "PATCH", "DELETE"] as const)(
  "a %s that is on its way is awaited, though the step is over, or is to stop",
  async (method) => {
    sdk.hangs = true;
    const client = clientWith({ maxRetries: 0 });
    const stop = new AbortController();
    const begun = Date.now();
    setTimeout(() => stop.abort(), 500);
    const change = client.send({ method, path: "/p", body: {} }, budgetOf(1_000, stop.signal));
    expect(await errorOf(change)).toMatchObject({ status: 0, said: "the request took too long" });
    expect(Date.now() - begun).toBe(10_000);
    // Of a step that is over nothing more is sent.
    const late = errorOf(client.send({ method, path: "/p", body: {} }, budgetOf(0)));
    expect(await late).toMatchObject({ code: "not.sent", said: "the step had to be over before" });
    expect(sdk.calls).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  },
);

describe("token", () => {
  test("one that was good and is refused is renewed and the request sent once more", async () => {
    sdk.answers = [{ status: 200, body: {} }, rejection(401), { status: 200, body: { ok: true } }];
    const client = clientWith();
    await inTime(client.send(REQUEST, budgetOf(60_000)));
    const budget = budgetOf(60_000);
    expect((await inTime(client.send(REQUEST, budget))).body).toEqual({ ok: true });
    expect(budget.retryCount).toBe(1);
    expect(sdk).toMatchObject({ logins: 2 });
    expect(sdk.calls).toHaveLength(3);
  });

  test("refused twice, the refusal counts", async () => {
    sdk.answers = [{ status: 200, body: {} }, rejection(401), rejection(401), { status: 200, body: {} }];
    const client = clientWith();
    await inTime(client.send(REQUEST, budgetOf(60_000)));
    expect(await errorOf(client.send(REQUEST, budgetOf(60_000)))).toMatchObject({ status: 401 });
    expect(sdk).toMatchObject({ logins: 2 });
    expect(sdk.calls).toHaveLength(3);
  });

  test("one that was never good is not renewed: another would be no better", async () => {
    sdk.answers = [rejection(401), { status: 200, body: {} }];
    expect(await errorOf(clientWith().send(REQUEST, budgetOf(60_000)))).toMatchObject({ status: 401 });
    expect(sdk).toMatchObject({ logins: 1 });
  });

  test("a given one cannot be renewed: the refusal counts at once", async () => {
    sdk.answers = [rejection(401)];
    const client = clientWith({ credentials: { accessToken: "t" } });
    const error = await errorOf(client.send(REQUEST, budgetOf(60_000)));
    expect(error).toMatchObject({ status: 401 });
    expect(error.message).toContain("used as it was given and cannot be renewed");
    expect(sdk).toMatchObject({ logins: 0, tokens: ["t"] });
    expect(sdk.calls).toHaveLength(1);
  });

  test("a refused login fails the request, names the login, and gives no credentials away", async () => {
    const config = { headers: { Authorization: "Basic aHVudGVyMg==" } };
    sdk.loginErrors = [
      Object.assign(new Error("401"), {
        config,
        response: { status: 401, data: { error: "invalid_client" } },
      }),
    ];
    const error = await errorOf(clientWith().send(REQUEST, budgetOf(60_000)));
    expect(error.message).toMatch(/^POST \/oauth\/token was answered 401 \(invalid_client\)/);
    expect(`${error.message}${error.stack}${JSON.stringify(error)}`).not.toMatch(/Basic|aHVudGVyMg|hunter2/);
    expect(sdk.calls).toEqual([]);
  });

  describe("a login that is limited", () => {
    const MINUTES = 10 * 60_000;
    const limited = () => rejection(429, { "retry-after": "40" });

    test("is waited for by all steps, as long as each may take, and said in one line", async () => {
      sdk.loginErrors = [limited()];
      sdk.answers = Array.from({ length: 5 }, () => ({ status: 200, body: {} }));
      const lines: string[] = [];
      const client = clientWith({}, (line) => lines.push(line));
      const begun = Date.now();
      const short = errorOf(client.send(REQUEST, budgetOf(30_000))).then((error) => [error, Date.now()]);
      const all = Array.from({ length: 5 }, () => client.send(REQUEST, budgetOf(MINUTES)));
      const [error, at] = await short;
      expect(error).toMatchObject({ status: 429, path: "/oauth/token", retryAfterMs: 40_000 });
      expect(error.message).toContain("Genesys Cloud asks to wait 40 s.");
      expect(at).toBe(begun);
      const late = await errorOf(client.send(REQUEST, budgetOf(20_000)));
      expect(late.message).toContain("POST /oauth/token was answered 429");
      expect(Date.now()).toBe(begun);
      await inTime(Promise.all(all));
      expect(Date.now() - begun).toBe(40_000);
      expect(sdk).toMatchObject({ logins: 2, mostLoggingIn: 1 });
      expect(lines).toEqual([
        "the login was answered 429: the next is tried in 40 s, and everything waits for it",
      ]);
    });

    test("is not tried again before its time, also when all who waited have given up", async () => {
      sdk.loginErrors = [limited()];
      sdk.answers = [{ status: 200, body: {} }];
      const client = clientWith();
      const begun = Date.now();
      for (let step = 0; step < 3; step++)
        expect((await errorOf(client.send(REQUEST, budgetOf(30_000)))).status).toBe(429);
      expect(Date.now()).toBe(begun);
      expect(sdk.logins).toBe(1);
      await inTime(client.send(REQUEST, budgetOf(MINUTES)));
      expect(Date.now() - begun).toBe(40_000);
      expect(sdk.logins).toBe(2);
    });

    test("is tried all the same when one of those who wait is told to stop", async () => {
      sdk.loginErrors = [limited()];
      sdk.answers = [{ status: 200, body: {} }];
      const client = clientWith();
      const stop = new AbortController();
      const begun = Date.now();
      setTimeout(() => stop.abort(), 5_000);
      const patient = client.send(REQUEST, budgetOf(MINUTES));
      await errorOf(client.send(REQUEST, budgetOf(MINUTES, stop.signal)));
      expect(Date.now() - begun).toBe(5_000);
      await inTime(patient);
      expect(Date.now() - begun).toBe(40_000);
    });

    test("keeps nobody who was told to stop, and no timer for him", async () => {
      sdk.loginErrors = [limited()];
      const stop = new AbortController();
      const begun = Date.now();
      setTimeout(() => stop.abort(), 5_000);
      const error = await errorOf(clientWith().send(REQUEST, budgetOf(MINUTES, stop.signal)));
      expect(error.message).toMatch(
        /was told to stop before the login was over\. Run the same command again\.$/,
      );
      expect(Date.now() - begun).toBe(5_000);
      await vi.advanceTimersByTimeAsync(0);
      expect(vi.getTimerCount()).toBe(0);
    });
  });

  test("a step that gives up on a slow login does not end it for the others", async () => {
    sdk.delays = [8_000];
    sdk.answers = [{ status: 200, body: {} }];
    const client = clientWith();
    const begun = Date.now();
    const patient = client.send(REQUEST, budgetOf(60_000));
    expect((await errorOf(client.send(REQUEST, budgetOf(3_000)))).message).toMatch(
      /was not sent: the login did not come about before the step had to be over\. Run the same command again\.$/,
    );
    expect(Date.now() - begun).toBe(3_000);
    await inTime(patient);
    expect(Date.now() - begun).toBe(8_000);
    expect(sdk.logins).toBe(1);
  });

  test("a login that meets trouble is tried again", async () => {
    sdk.loginErrors = [{ status: 503, headers: {}, body: {} }];
    sdk.answers = [{ status: 200, body: {} }];
    await inTime(clientWith().send(REQUEST, budgetOf(60_000)));
    expect(sdk.logins).toBe(2);
  });
});

test("a look-up that comes when a window has just been used up waits for the next, and the one after it", async () => {
  const full = (count: string) => ({
    status: 200,
    headers: { "inin-ratelimit-allowed": "300", "inin-ratelimit-count": count, "inin-ratelimit-reset": "60" },
    body: {},
  });
  sdk.answers = [full("300"), full("300"), full("1")];
  const client = clientWith();
  const begun = Date.now();
  const aLookUp = () => client.send(REQUEST, budgetOf(parseDuration(LOOKUP_TIMEOUT) as number));
  await inTime(Promise.all([aLookUp(), aLookUp(), aLookUp()]));
  expect(Date.now() - begun).toBeCloseTo(122_000, -2);
});

test("a gateway's error says nothing of the limit: the next request goes ahead alone, too", async () => {
  sdk.answers = [rejection(502), { status: 200, body: {} }, { status: 200, body: {} }];
  sdk.delays = [0, 100, 100, 100];
  const client = clientWith({ maxRetries: 0 });
  const all = Promise.allSettled(Array.from({ length: 3 }, () => client.send(REQUEST, budgetOf(60_000))));
  await vi.advanceTimersByTimeAsync(150);
  expect(sdk.calls).toHaveLength(2);
  await inTime(all);
  expect(sdk.calls).toHaveLength(3);
});

describe("a Retry-After that outlasts the step", () => {
  test.each(["3600", String(Math.floor(Date.parse("2030-01-01") / 1_000))])(
    "(%s) fails all that cannot go in time, at once, and each says how long the platform asks to wait",
    async (seconds) => {
      sdk.answers = [{ status: 200, headers: {}, body: {} }, rejection(429, { "retry-after": seconds })];
      const lines: string[] = [];
      const client = clientWith({}, (line) => lines.push(line));
      await inTime(client.send(REQUEST, budgetOf(60_000)));
      const begun = Date.now();
      const met = errorOf(client.send(REQUEST, budgetOf(600_000)));
      const { message } = await met;
      const others = await Promise.all(
        Array.from({ length: 4 }, () => errorOf(client.send(REQUEST, budgetOf(600_000)))),
      );
      expect(Date.now()).toBe(begun);
      const [asked] = /asks to wait [^.]+\./.exec(message) ?? [];
      expect(asked).toMatch(/ (1 h|\d+ days( \d+ h)?)\.$/);
      for (const error of others) {
        expect(error.message).toContain("was not sent: the rate limit leaves no room");
        expect(error.message).toContain(String(asked));
      }
      expect(sdk.calls).toHaveLength(2);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(
        /^Genesys Cloud asks to wait (1 h|\d+ days.*) \(429\): nothing is sent until then$/,
      );
    },
  );
});

test("any sequence of statuses, headers and delays ends in time, and no two logins overlap", async () => {
  const retryAfter = fc.oneof(
    fc.constant(undefined),
    fc.nat(200).map(String),
    fc.nat(200_000).map((later) => new Date(Date.now() + later).toUTCString()),
    fc.string(),
  );
  const rate = fc.record(
    {
      "inin-ratelimit-allowed": fc.nat(300).map(String),
      "inin-ratelimit-count": fc.nat(400).map(String),
      "inin-ratelimit-reset": fc.nat(60).map(String),
    },
    { requiredKeys: [] },
  );
  const answer = fc.record({
    status: fc.constantFrom(200, 202, 204, 400, 401, 403, 404, 409, 429, 500, 502, 503, 504),
    headers: fc.tuple(rate, retryAfter).map(([headers, after]) => ({ ...headers, "retry-after": after })),
    body: fc.oneof(fc.constant({}), fc.constant("<html>"), fc.constant(undefined)),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        answers: fc.array(answer, { maxLength: 40 }),
        loginErrors: fc.array(fc.constantFrom(undefined, rejection(503), rejection(500)), { maxLength: 4 }),
        delays: fc.array(fc.nat(15_000), { maxLength: 40 }),
        methods: fc.array(fc.constantFrom("GET", "POST", "PUT", "DELETE"), { minLength: 1, maxLength: 6 }),
        deadline: fc.integer({ min: 1, max: 120_000 }),
      }),
      async ({ answers, loginErrors, delays, methods, deadline }) => {
        const endless = Array.from({ length: 200 }, () => ({ status: 200, headers: {}, body: {} }));
        Object.assign(sdk, {
          answers: [...answers, ...endless],
          loginErrors,
          delays: [...delays],
          mostLoggingIn: 0,
        });
        const client = clientWith();
        const begun = Date.now();
        const ends = methods.map((method) =>
          client.send({ ...REQUEST, method }, budgetOf(deadline)).then(
            () => Date.now(),
            (error: unknown) => {
              expect(error).toHaveProperty("name", "GenesysError");
              return Date.now();
            },
          ),
        );
        for (const ended of await inTime(Promise.all(ends)))
          expect(ended - begun).toBeLessThanOrEqual(deadline + 10_000);
        expect(sdk.mostLoggingIn).toBeLessThanOrEqual(1);
        await vi.runAllTimersAsync();
      },
    ),
    { numRuns: 300 },
  );
});
