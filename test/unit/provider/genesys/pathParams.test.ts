/** No request goes to another address than the one that is meant. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { createClient } from "../../../../provider/src/genesys/client.js";
import { whyNoId } from "../../../../provider/src/genesys/pathParams.js";
import { machineTime } from "../../../../provider/src/genesys/time.js";
import { clientOptions } from "../../../../provider/src/settings.js";
import { budgetOf, errorOf, SETTINGS } from "../support/context.js";

const NO_IDS = ["", ".", "..", "%2e", "%2E%2e", ".%2e", "%2E.", "\ud800", "a\udc00"];

test.each(NO_IDS)("the id %j is refused before anything is sent, the login included", async (sourceId) => {
  const client = createClient(clientOptions(SETTINGS), machineTime);
  const path = "/api/v2/eventbridge/sources/{sourceId}";
  const error = await errorOf(
    client.send({ method: "DELETE", path, pathParams: { sourceId } }, budgetOf(60_000)),
  );
  expect(error).toMatchObject({ code: "not.sent", status: 400, path });
  expect(error.message).toMatch(
    /^DELETE \/api\/v2\/eventbridge\/sources\/\{sourceId\} was not sent: sourceId /,
  );
});

test.each(["a", "...", ".a", "a.", "%", "/", "a/..", "..a", "%2f", "日本", " "])("%j can be one", (id) => {
  expect(whyNoId(id)).toBeUndefined();
});

test("whatever is let through stays one part of the address", () =>
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(".", "%", "2", "e", "/") })),
      (id) => {
        fc.pre(whyNoId(id) === undefined);
        const { pathname } = new URL(`https://api.example.com/sources/${encodeURIComponent(id)}/end`);
        expect(pathname.split("/")).toHaveLength(4);
      },
    ),
  ));
