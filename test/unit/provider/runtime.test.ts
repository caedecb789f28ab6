import { expect, test } from "vitest";
import * as runtime from "../../../provider/src/runtime.js";
import { EVENT_BRIDGE_SOURCE_STUB } from "../../../provider/src/stub.js";

test("the runtime bears the entry that the stub names, with every step that the engine takes", () => {
  const entry = EVENT_BRIDGE_SOURCE_STUB.split(".").at(-1);
  expect(Object.keys(runtime)).toEqual([entry]);
  expect(Object.keys(runtime.eventBridgeSource).toSorted()).toEqual([
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
