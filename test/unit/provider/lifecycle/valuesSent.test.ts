/** Which of the inputs' values no message of the platform repeats, and the path that is shown instead. */
import { expect, test } from "vitest";
import { SOURCE } from "../../../../provider/src/eventBridgeSource/kind.js";
import { valuesSent } from "../../../../provider/src/lifecycle/valuesSent.js";
import { hiding } from "../../../../provider/src/masking.js";
import { UNKNOWN } from "../../../../provider/src/unknown.js";
import { inputsWith } from "../support/source.js";

const INPUTS = inputsWith({
  description: "a planted description",
  filters: [
    {
      name: "planted-filter",
      conditions: [
        { field: "customer.planted", operator: "equals", value: "planted-value" },
        { field: "priority", operator: "greater_than", value: 4711 },
        { field: "priority", operator: "equals", value: true },
      ],
      action: "route",
    },
  ],
});

test("every value that is sent is found, with its path, but for the name and the API's own words", () => {
  expect(valuesSent(SOURCE, INPUTS).map(({ text, mark }) => `${text} ${mark}`)).toEqual([
    "a planted description [value of description]",
    "topic-1 [value of eventTopicId]",
    "planted-filter [value of filters[0].name]",
    "customer.planted [value of filters[0].conditions[0].field]",
    "planted-value [value of filters[0].conditions[0].value]",
    "4711 [value of filters[0].conditions[1].value]",
    "target-1 [value of targets[0].targetId]",
    "1 [value of targets[0].priority]",
  ]);
});

test("a message of the platform says whose value it repeats, and stays readable", () => {
  const hide = hiding(() => valuesSent(SOURCE, INPUTS));
  expect(
    hide(
      'source "orders": filters[0].conditions[0].value PLANTED-VALUE is not allowed for the operator equals',
    ),
  ).toBe(
    'source "orders": filters[0].conditions[0].value [value of filters[0].conditions[0].value] is not allowed for the operator equals',
  );
  expect(hide("the topic topic-1 has no field customer%2Eplanted or priority")).toContain(
    "the topic [value of eventTopicId] has no field",
  );
});

test("inputs of any shape are looked through: unknown, missing, and nested however deep", () => {
  let deep: unknown = "planted-at-the-bottom";
  for (let level = 0; level < 100_000; level++) deep = [deep];
  expect(valuesSent(SOURCE, {})).toEqual([]);
  expect(
    valuesSent(SOURCE, { description: UNKNOWN, filters: null, targets: 7, __urn: "urn", name: "n" }),
  ).toMatchObject([{ text: "7" }]);
  expect(valuesSent(SOURCE, { filters: deep })).toMatchObject([{ text: "planted-at-the-bottom" }]);
  expect(
    valuesSent(SOURCE, { targets: Array(100_000).fill({ targetId: `target${"x".repeat(9)}` }) }).length,
  ).toBeLessThan(2_000);
});
