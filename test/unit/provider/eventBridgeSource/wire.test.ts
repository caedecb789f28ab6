/** A source's inputs in the API's words and back again: nothing is lost or made up on the way. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { OPERATORS } from "../../../../provider/src/eventBridgeSource/args.js";
import type { SourceFields } from "../../../../provider/src/eventBridgeSource/model.js";
import {
  observedFrom,
  sourceIn,
  toWire,
  type WireSource,
} from "../../../../provider/src/eventBridgeSource/wire.js";
import { fieldsOf } from "../../../../provider/src/lifecycle/fields.js";
import { inputsWith } from "../support/source.js";

/** The fields of a source as the API shows it. */
const fieldsFromWire = (source: WireSource, known?: { webhookUrl?: string }) =>
  fieldsOf(observedFrom(source), known);

test("the body of a request, in the API's words", () => {
  const body = toWire(
    inputsWith({
      filters: [
        {
          name: "vip",
          conditions: [{ field: "priority", operator: "equals", value: "high" }],
          action: "route",
        },
      ],
      targets: [{ targetId: "t", priority: 1 }],
      webhookUrl: "https://hooks.example.com/x",
      onConflict: "adopt",
      timeouts: { create: "1m" },
      __autonamed: true,
    }),
  );
  expect(body).toStrictEqual({
    name: "orders",
    description: "Managed by Pulumi",
    source_type: "eventbridge",
    event_topic_id: "topic-1",
    filters: [
      {
        name: "vip",
        conditions: [{ field: "priority", operator: "equals", value: "high" }],
        action: "route",
      },
    ],
    targets: [{ target_id: "t", priority: 1 }],
    status: "active",
    webhook_url: "https://hooks.example.com/x",
  });
  expect(toWire(inputsWith()).webhook_url).toBeNull();
});

const value = fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean());
const plain = { noNullPrototype: true } as const;
const aSource: fc.Arbitrary<SourceFields> = fc
  .record(
    {
      name: fc.string(),
      description: fc.string(),
      sourceType: fc.string(),
      eventTopicId: fc.string(),
      filters: fc.array(
        fc.record(
          {
            name: fc.string(),
            conditions: fc.array(
              fc.record({ field: fc.string(), operator: fc.constantFrom(...OPERATORS), value }, plain),
            ),
            action: fc.string(),
          },
          plain,
        ),
        { maxLength: 5 },
      ),
      targets: fc.array(fc.string(), { maxLength: 5 }),
      status: fc.string(),
      webhookUrl: fc.webUrl(),
    },
    {
      requiredKeys: ["name", "description", "sourceType", "eventTopicId", "filters", "targets", "status"],
      noNullPrototype: true,
    },
  )
  .map(({ targets, ...more }) => ({
    ...more,
    targets: targets.map((targetId, index) => ({ targetId, priority: index + 1 })),
  }));

test("there and back again nothing is lost and no order changed", () =>
  fc.assert(
    fc.property(aSource, (fields) => {
      expect(fieldsFromWire(toWire(fields))).toStrictEqual(fields);
    }),
  ));

test("targets come back in order of priority", () => {
  const targets = [
    { target_id: "b", priority: 2 },
    { target_id: "a", priority: 1 },
  ];
  expect(fieldsFromWire({ targets }).targets).toEqual([
    { targetId: "a", priority: 1 },
    { targetId: "b", priority: 2 },
  ]);
});

test("whatever an answer leaves out reads as empty, and keys that are not ours are left out", () => {
  expect(fieldsFromWire({})).toStrictEqual({
    name: "",
    description: "",
    sourceType: "",
    eventTopicId: "",
    filters: [],
    targets: [],
    status: "",
  });
  const extra = { extra: 1, targets: [{ target_id: "a", priority: 1, name: "CRM" }] };
  expect(fieldsFromWire(extra)).toMatchObject({ targets: [{ targetId: "a", priority: 1 }] });
  expect(fieldsFromWire(extra)).not.toHaveProperty("extra");
});

test.each([
  ["left out, and known", {}, "u", "u"],
  ["left out, and not known", {}, undefined, undefined],
  ["null, whatever is known", { webhook_url: null }, "u", undefined],
  ["another one", { webhook_url: "v" }, "u", "v"],
])("a webhook address that is %s", (_, source, known, expected) => {
  const fields = fieldsFromWire(source, { webhookUrl: known });
  expect(fields.webhookUrl).toBe(expected);
  expect("webhookUrl" in fields).toBe(expected !== undefined);
});

test("outputs are what only the API knows, as far as it says so", () => {
  expect(
    observedFrom({
      name: "n",
      source_id: "1",
      version: 2,
      date_created: "c",
      date_modified: "m",
      self_uri: "/s",
    }),
  ).toMatchObject({
    id: "1",
    version: 2,
    outputs: { sourceId: "1", version: 2, dateCreated: "c", dateModified: "m", selfUri: "/s" },
  });
  expect(observedFrom({ source_id: "1" }).outputs).toStrictEqual({ sourceId: "1" });
});

test("what an answer bears that the contract does not name is not sent back", () => {
  const request = { method: "GET", path: "/x" };
  const source = sourceIn({ name: "n", tags: ["a"], source_id: "s", version: 3, self_uri: "/s" }, request);
  expect(Object.keys(toWire(fieldsFromWire(source) as never)).toSorted()).toEqual(
    [
      "name",
      "description",
      "source_type",
      "event_topic_id",
      "filters",
      "targets",
      "status",
      "webhook_url",
    ].toSorted(),
  );
});
