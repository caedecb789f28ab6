/** Whatever the platform answers becomes an object or an error that tells no credentials. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { requireObject, toGenesysError } from "../../../../provider/src/genesys/answer.js";
import { GenesysError, isNameTaken, isVersionConflict } from "../../../../provider/src/genesys/errors.js";

const REQUEST = { method: "PUT", path: "/api/v2/eventbridge/sources/{sourceId}" };
const NOW = Date.parse("2030-01-01T00:00:00Z");
const NOTHING = { now: NOW };
const of = (raw: unknown, overdue?: "request" | "step") =>
  toGenesysError(raw, REQUEST, { now: NOW, overdue });

/** Everything of an error that could be shown somewhere. */
const everythingOf = (error: GenesysError): string =>
  [error.message, error.stack, JSON.stringify(error), String(error.cause), String(error)].join("\n");

/** What axios rejects with, and the SDK hands on. */
const axiosError = (message: string, code: string, config: object = {}, response?: object) =>
  Object.assign(new Error(message), { isAxiosError: true, code, config, request: config, response });

test("an answer of the platform", () => {
  const error = of({
    status: 429,
    statusText: "Too Many Requests",
    headers: { "retry-after": "42", "inin-correlation-id": "corr-1" },
    body: {
      message: "Rate limit exceeded the maximum.",
      code: "too.many.requests.retry.after",
      status: 429,
      contextId: "ctx-1",
      entityId: "src-1",
    },
    text: "…",
    error: null,
  });
  expect(error).toBeInstanceOf(GenesysError);
  expect(error).toMatchObject({
    ...REQUEST,
    status: 429,
    code: "too.many.requests.retry.after",
    said: "Rate limit exceeded the maximum.",
    correlationId: "corr-1",
    entityId: "src-1",
    retryAfterMs: 42_000,
    retryCount: 0,
  });
});

test("the context id stands in for a missing correlation id, and a date for seconds", () => {
  const error = of({
    status: 503,
    headers: { "retry-after": "Tue, 01 Jan 2030 00:01:00 GMT" },
    body: { contextId: "ctx-1" },
  });
  expect(error).toMatchObject({ correlationId: "ctx-1", retryAfterMs: 60_000, code: "http.503" });
});

test("the words of a refused login", () => {
  const error = of({
    status: 400,
    headers: {},
    body: { error: "invalid_client", description: "client not found: x", error_description: "other" },
  });
  expect(error).toMatchObject({ status: 400, code: "invalid_client", said: "client not found: x" });
});

test("a raw axios error whose configuration bears the credentials gives none of them away", () => {
  const basic = `Basic ${Buffer.from("my-id:hunter2").toString("base64")}`;
  const headers = { Authorization: basic };
  const raw = axiosError(
    "Request failed with status code 401",
    "ERR_BAD_REQUEST",
    { headers, auth: { username: "my-id", password: "hunter2" }, data: "hunter2" },
    {
      status: 401,
      statusText: "Unauthorized",
      data: { error: "invalid_client", error_description: "authentication failed" },
      headers: { "inin-correlation-id": "corr-1" },
      config: { headers },
    },
  );
  const error = of(raw);
  expect(error).toMatchObject({
    status: 401,
    code: "invalid_client",
    said: "authentication failed",
    correlationId: "corr-1",
  });
  expect(everythingOf(error)).not.toMatch(/hunter2|my-id|Basic|Authorization/);
});

test.each(["ECONNREFUSED", "ENOTFOUND", "ECONNRESET"])("a connection that fails with %s", (code) => {
  const raw = axiosError("connect to 10.0.0.1", code, {
    headers: { Authorization: "Bearer hunter2" },
  });
  const error = of(raw);
  expect(error).toMatchObject({
    status: 0,
    code: "network.error",
    said: `the connection failed (${code})`,
  });
  expect(everythingOf(error)).not.toMatch(/hunter2|10\.0\.0\.1/);
});

test("a request that took too long", () => {
  expect(of(axiosError("canceled", "ERR_CANCELED"), "request")).toMatchObject({
    status: 0,
    code: "network.timeout",
    said: "the request took too long",
  });
});

test("a step without time for the answer does not blame the network", () => {
  const error = of(axiosError("canceled", "ERR_CANCELED"), "step");
  expect(error).toMatchObject({ status: 0, code: "network.timeout" });
  expect(error.message).toMatch(
    /got no answer: the step had to be over before the answer came\. Run the same command again\./,
  );
  expect(error.message).not.toContain("Check the");
});

test("an answer in time is an answer, also when the time is over by now", () => {
  expect(of({ status: 404, headers: {}, body: {} }, "step").status).toBe(404);
});

test("an answer that is too large may have been a success", () => {
  const error = of(axiosError("maxContentLength size of 10485760 exceeded", "ERR_BAD_RESPONSE"));
  expect(error).toMatchObject({
    status: 200,
    code: "answer.malformed",
    said: "the answer is larger than 10 MB",
  });
});

test.each([
  ["HTML", "<html><body>502 Bad Gateway</body></html>"],
  ["empty", ""],
  ["missing", undefined],
  ["a list", []],
  ["an object without words", {}],
  ["words that are none", { message: 7, code: {} }],
])("a body that is %s is not quoted", (_, body) => {
  const error = of({ status: 502, headers: {}, body, text: body });
  expect(error).toMatchObject({
    status: 502,
    code: "http.502",
    said: "the answer bears no message of Genesys Cloud; does a proxy or gateway answer in its place?",
  });
  expect(error.message).not.toContain("<html>");
});

test("a redirect says that it is none of ours to follow", () => {
  expect(of({ status: 302, headers: { location: "https://evil.example" }, body: "" }).said).toBe(
    "the answer is a redirect, which is not followed",
  );
});

test("a long message is cut", () => {
  expect(of({ status: 400, headers: {}, body: { message: "x".repeat(100_000) } }).said).toHaveLength(500);
});

test("every text of an answer has a limit, is one line, and every list a count", () => {
  const words = `\r\nforged\u001b[2J${"x".repeat(9_000_000)}`;
  const error = of({
    status: 400,
    headers: { "inin-correlation-id": words },
    body: {
      message: words,
      code: words,
      entityId: words,
      details: Array.from({ length: 100_000 }, () => ({ fieldName: words })),
    },
  });
  expect(error.fields).toHaveLength(20);
  for (const text of [error.said, error.code, error.correlationId, error.entityId, ...error.fields])
    expect(text).toMatch(/^\\u\{d\}\\u\{a\}forged\\u\{1b\}\[2Jx+… \(cut\)$/);
  expect(error.message.length).toBeLessThan(1_000);
});

test("what an answer means is told by its own words, whatever of them is masked", () => {
  const masked = (body: object) =>
    toGenesysError({ status: 400, headers: {}, body }, REQUEST, { ...NOTHING, hide: () => "[masked]" });
  const conflict = masked({ message: "The version does not match the current version", code: "bad" });
  expect(conflict).toMatchObject({ said: "[masked]", code: "[masked]" });
  expect(isVersionConflict(conflict)).toBe(true);
  expect(isVersionConflict(conflict.with({ message: "more" }))).toBe(true);
  expect(isNameTaken(masked({ message: "m", code: "name.already.exists" }))).toBe(true);
  expect(masked({ description: "rate limit exceeded" }).isThrottled).toBe(true);
  expect(isNameTaken(masked({ message: "name.already.exists", code: "other" }))).toBe(false);
});

test("an error of ours stays what it is", () => {
  const ours = of({ status: 404, headers: {}, body: {} });
  expect(of(ours)).toBe(ours);
});

test("whatever is thrown, an error of ours comes out, and nothing of its configuration", () => {
  fc.assert(
    fc.property(fc.anything(), (raw) => {
      expect(of(raw)).toBeInstanceOf(GenesysError);
    }),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.integer(), (more, status) => {
      const raw = { ...more, config: { auth: "hunter2" }, request: "hunter2", response: { status } };
      expect(everythingOf(of(raw))).not.toContain("hunter2");
    }),
  );
});

describe("a success", () => {
  test("bears an object", () => {
    const body = { a: 1 };
    expect(requireObject({ status: 200, body }, REQUEST)).toBe(body);
  });

  test.each([
    ["", "empty"],
    [undefined, "empty"],
    [null, "empty"],
    ["<html></html>", "not JSON"],
    ['{"cut', "not JSON"],
    [7, "not JSON"],
    [[{ source_id: "x" }], "a list"],
  ])("whose body is %j is none", (body, what) => {
    let error: unknown;
    try {
      requireObject({ status: 201, body }, REQUEST);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({
      status: 201,
      code: "answer.malformed",
      said: `the answer's body is ${what}; does a proxy or gateway answer in the platform's place?`,
    });
  });
});
