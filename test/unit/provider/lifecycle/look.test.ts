/** A list that lags behind names objects that are gone, or are called otherwise by now. */
import { expect, test } from "vitest";
import { INTEGRATION } from "../../../../provider/src/eventBridgeIntegration/kind.js";
import { SOURCE } from "../../../../provider/src/eventBridgeSource/kind.js";
import { GenesysError } from "../../../../provider/src/genesys/errors.js";
import type { Kind, KindStep } from "../../../../provider/src/lifecycle/kind.js";
import type { KindApi, Observed } from "../../../../provider/src/lifecycle/kindApi.js";
import { findLive, findPosted } from "../../../../provider/src/lifecycle/look.js";

const URN = "urn:pulumi:dev::shop::type::orders";
const TOKEN = String(INTEGRATION.token?.(URN));

const called = (id: string, fields: object): Observed => ({
  id,
  fields: { ...fields },
  unshown: [],
  outputs: {},
});

/** An organisation whose list shows objects as they were, and whose addresses show them as they are. */
function stepIn(kind: Kind, listed: Observed[], present: Observed[], inAnother: string[] = []): KindStep {
  async function* all() {
    yield* listed;
  }
  const get = async (id: string): Promise<Observed> => {
    const found = present.find((each) => each.id === id);
    if (found !== undefined) return found;
    throw new GenesysError({ method: "GET", path: "/", status: 404, code: "not.found", message: "gone" });
  };
  const stack = {
    lookUpId: async () => false,
    lookUpInOthers: async (_: string, id: string) => inAnother.includes(id),
  };
  const api: Partial<KindApi> = { get, bearers: all, posted: all };
  return { kind, api, context: { stack } } as unknown as KindStep;
}

test("the bearer of a key is the one that bears it now", async () => {
  const listed = [
    called("gone", { name: "a" }),
    called("renamed", { name: "a" }),
    called("it", { name: "a" }),
  ];
  const present = [called("renamed", { name: "b" }), called("it", { name: "a" })];
  expect((await findLive("a", stepIn(SOURCE, listed, present)))?.id).toBe("it");
  expect(await findLive("a", stepIn(SOURCE, listed, present.slice(0, 1)))).toBeUndefined();
});

test("what was posted under a token is what still bears it, and is in no stack", async () => {
  const listed = ["renamed", "it", "moved"].map((id) => called(id, { name: TOKEN }));
  const present = [called("renamed", { name: "b" }), ...listed.slice(1)];
  const found = await findPosted(URN, stepIn(INTEGRATION, listed, present, ["moved"]));
  expect(found.map(({ id }) => id)).toEqual(["it"]);
});
