/** The answer to a POST of an integration: what it does not tell is not made up. */
import { expect, test } from "vitest";
import { integrationApi } from "../../../../provider/src/eventBridgeIntegration/api.js";
import { TYPE_ID } from "../../../../provider/src/eventBridgeIntegration/model.js";
import type { GenesysClient, Request } from "../../../../provider/src/genesys/client.js";
import type { Inputs } from "../../../../provider/src/lifecycle/inputs.js";
import { budgetOf, errorOf } from "../support/context.js";

const ORGANIZATION = { id: "00000000-0000-4000-8000-000000000001" };

/** Creates where the platform answers the POST so. */
const createAnswered = (answer: object) => {
  const send = async ({ path }: Request) => ({
    status: 200,
    body: path.endsWith("/organizations/me") ? ORGANIZATION : answer,
  });
  return integrationApi({ send } as unknown as GenesysClient, budgetOf(10_000)).create({} as Inputs, "token");
};

test.each([
  ["bears no id of an integration", {}],
  ["bears no id of an integration", { integrationType: { id: TYPE_ID } }],
  ["is about an integration of another type", { id: "i-1", integrationType: { id: "webhook" } }],
])("an answer that %s is as good as lost", async (said, answer) => {
  const error = await errorOf(createAnswered(answer));
  expect(error).toMatchObject({ status: 200, code: "answer.malformed" });
  expect(error.message).toContain(said);
});

test("an id is enough", async () => {
  expect(await createAnswered({ id: "i-1" })).toMatchObject({ id: "i-1", seen: { isBare: true } });
});
