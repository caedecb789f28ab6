/** What a refused request is said to be, what is advised, and what the provider takes it to mean. */
import { describe, expect, test } from "vitest";
import { SOURCE_ACCESS } from "../../../../provider/src/eventBridgeSource/access.js";
import { accessFor } from "../../../../provider/src/genesys/access.js";
import {
  type ErrorFacts,
  GenesysError,
  isAmbiguous,
  isNotFound,
  isVersionConflict,
} from "../../../../provider/src/genesys/errors.js";

const errorWith = (facts: Partial<ErrorFacts>) =>
  new GenesysError({ method: "GET", path: "/p", status: 400, code: "c", message: "m", ...facts });
const messageOf = (facts: Partial<ErrorFacts>) => errorWith(facts).message;

test("a message says what failed, how it was answered, the platform's words and the correlation id", () => {
  expect(
    messageOf({
      method: "POST",
      path: "/api/v2/eventbridge/sources",
      status: 400,
      code: "bad.request",
      message: "The field 'name' is too long",
      correlationId: "abc-1",
    }),
  ).toBe(
    "POST /api/v2/eventbridge/sources was answered 400 (bad.request): The field 'name' is too long. [correlation id abc-1]",
  );
});

test("a sentence that ends is not ended twice, and no answer bears no status", () => {
  expect(messageOf({ message: "Really?" })).toBe("GET /p was answered 400 (c): Really?");
  expect(
    messageOf({ status: 0, code: "network.error", message: "the connection failed (ECONNREFUSED)" }),
  ).toBe(
    "GET /p got no answer: the connection failed (ECONNREFUSED). Check the region, the gateway and the network between here and Genesys Cloud.",
  );
});

test.each([
  ["POST", "/api/v2/eventbridge/sources", "eventbridge:source:write"],
  ["PUT", "/api/v2/eventbridge/sources/{sourceId}", "eventbridge:source:write"],
  ["DELETE", "/api/v2/eventbridge/sources/{sourceId}", "eventbridge:source:write"],
  ["GET", "/api/v2/eventbridge/sources", "eventbridge:source:read"],
  ["GET", "/api/v2/eventbridge/sources/{sourceId}", "eventbridge:source:read"],
  ["GET", "/api/v2/eventbridge/topics", "eventbridge:topic:read"],
  ["GET", "/api/v2/eventbridge/topics/{id}", "eventbridge:topic:read"],
  ["GET", "/api/v2/eventbridge/targets/{id}", "eventbridge:target:read"],
  ["GET", "/api/v2/asyncapi/jobs/{jobId}", "asyncapi:job:read"],
])("a refused %s %s names the scope %s and where to grant it", (method, path, scope) => {
  const place = `the scope ${scope} (Genesys Cloud Admin > Integrations > OAuth > the client > Scope)`;
  const access = accessFor(SOURCE_ACCESS, { method, path });
  const unauthorised = messageOf({ method, path, status: 401, access });
  expect(unauthorised).toContain(`Check the credentials, and that the OAuth client has ${place}.`);
  const forbidden = messageOf({ method, path, status: 403, access });
  expect(forbidden).toContain(
    `the role "EventBridge Administrator" or "EventBridge Source Manager" and ${place}`,
  );
});

test("a refused login speaks of credentials and of no scope", () => {
  const message = messageOf({ method: "POST", path: "/oauth/token", status: 401 });
  expect(message).toMatch(/Check the credentials\.$/);
  expect(message).not.toContain("scope");
});

test.each([
  [429, "rate limit"],
  [500, "run the same command again later"],
  [503, "run the same command again later"],
  [0, "Check the region"],
])("a %d comes with advice", (status, advice) => expect(messageOf({ status })).toContain(advice));

test("a 404 or 409 comes with none of that", () => {
  for (const status of [404, 409])
    expect(messageOf({ status })).toBe(`GET /p was answered ${status} (c): m.`);
});

describe("what an error means", () => {
  const foreign = Object.assign(new Error("x"), { status: 404, said: "does not match the current version" });

  test.each([
    [errorWith({ status: 404 }), true],
    [errorWith({ status: 403 }), false],
    [errorWith({ status: 410 }), false],
    [foreign, false],
    [undefined, false],
  ])("gone: %s %s", (error, expected) => expect(isNotFound(error)).toBe(expected));

  test.each([
    [errorWith({ status: 409 }), true],
    [errorWith({ status: 400, message: "Version 1 does not match the current version 2" }), true],
    [errorWith({ status: 400, message: "Version 1 is bad" }), false],
    [errorWith({ status: 412, message: "does not match the current version" }), false],
    [foreign, false],
  ])("version conflict: %s %s", (error, expected) => expect(isVersionConflict(error)).toBe(expected));

  test.each([
    [errorWith({ status: 0 }), true],
    [errorWith({ status: 500 }), true],
    [errorWith({ status: 503 }), true],
    [errorWith({ status: 200, code: "answer.malformed" }), true],
    [errorWith({ status: 302 }), false],
    [errorWith({ status: 400, code: "answer.malformed" }), false],
    [errorWith({ status: 409 }), false],
    [errorWith({ status: 429 }), false],
    [foreign, false],
  ])("may have been carried out: %s %s", (error, expected) => expect(isAmbiguous(error)).toBe(expected));
});
