/** What a stub in a state finds in the package, and that it works without the engine. */
import { expect, test } from "vitest";
import { KINDS } from "../../../provider/src/kinds.js";
import * as runtime from "../../../provider/src/runtime.js";

test("the runtime bears the entries that the stubs name, each with every step that the engine takes", () => {
  const entries = KINDS.map(({ stub }) => stub.split(".").at(-1));
  expect(Object.keys(runtime).toSorted()).toEqual(entries.toSorted());
  for (const provider of Object.values(runtime))
    expect(Object.keys(provider).toSorted()).toEqual([
      "check",
      "configure",
      "create",
      "delete",
      "diff",
      "read",
      "update",
    ]);
});

test("a check and a diff take neither the engine nor the network", async () => {
  const config = {
    get: () => undefined,
    require: () => "",
    rawConfig: { "genesyscloud:validateReferences": "off" },
  };
  await runtime.eventBridgeSource.configure({ config });
  const urn = "urn:pulumi:dev::shop::type::orders";
  const news = { eventTopicId: "t", targets: [{ targetId: "a" }], __urn: urn, __provider: "stub" };
  const { inputs } = await runtime.eventBridgeSource.check({}, news);
  expect(inputs).toMatchObject({ name: expect.stringMatching(/^orders-[0-9a-f]{7}$/), __provider: "stub" });
  expect(await runtime.eventBridgeSource.diff("id", inputs, inputs)).toMatchObject({ changes: false });
});
