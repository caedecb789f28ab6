/** Whether an organisation has the type of integration that EventBridge takes, as doctor looks at it. */
import { expect, test } from "vitest";
import { TYPE_INSTALLED } from "../../../../provider/src/eventBridgeIntegration/access.js";
import { TYPE_ID } from "../../../../provider/src/eventBridgeIntegration/model.js";
import type { GenesysClient, Request } from "../../../../provider/src/genesys/client.js";
import { budgetOf, errorOf } from "../support/context.js";
import { failure } from "../support/fakeOrganisation.js";

const look = (answer: (request: Request) => object) =>
  TYPE_INSTALLED.look(
    {
      send: async (request: Request) => ({ status: 200, body: answer(request) }),
    } as unknown as GenesysClient,
    budgetOf(10_000),
  );

test("a type that is told is there; one that cannot be installed is in doubt", async () => {
  expect(await look(() => ({ id: TYPE_ID }))).toEqual({ ok: "installed" });
  expect(await look(() => ({ id: TYPE_ID, nonInstallable: true }))).toHaveProperty("doubt");
});

test("a type that is not known is not installed; an answer about nothing shows neither", async () => {
  const unknown = ({ method, path }: Request) => {
    throw failure(404, { method, path });
  };
  expect(await look(unknown)).toHaveProperty("wrong");
  expect(await errorOf(look(() => ({})))).toMatchObject({ code: "answer.malformed" });
});
