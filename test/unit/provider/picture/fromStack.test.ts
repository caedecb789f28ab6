/** What of a stack's state and of a preview gets into a picture, and what never does. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KINDS } from "../../../../provider/src/kinds.js";
import { type Change, type Flow, sayChanges } from "../../../../provider/src/picture/flow.js";
import {
  flowsOfPreview,
  flowsOfState,
  type ShownResource,
} from "../../../../provider/src/picture/fromStack.js";
import { UNKNOWN } from "../../../../provider/src/unknown.js";

const SOURCE = "pulumi-nodejs:dynamic/genesyscloud:EventBridgeSource";
const INTEGRATION = "pulumi-nodejs:dynamic/genesyscloud:EventBridgeIntegration";
/** As the engine encrypts it in a state. */
const CIPHER = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:x" };

const resource = (type: string, name: string, inputs: object): ShownResource & { urn: string } => ({
  urn: `urn:pulumi:dev::shop::${type}::${name}`,
  type,
  inputs: inputs as Record<string, unknown>,
});
const source = (name: string, eventTopicId: unknown, targets: unknown[], more: object = {}) =>
  resource(SOURCE, name, { eventTopicId, targets: targets.map((targetId) => ({ targetId })), ...more });

/** `topic-1 (added)`; a place that stays is its id alone. */
const told = (places: Flow["from"]) =>
  places.map(({ id, change }) => (change === "same" ? id : `${id} (${change})`));

test("of a state: both kinds, what is only read with a note, and neither what leaves nor other types", () => {
  const integration = resource(INTEGRATION, "voice", {
    awsAccountId: "012345678901",
    awsAccountRegion: "eu-central-1",
    eventSourceSuffix: "prod.voice",
    eventFilter: ["v2.users.{id}.presence", "v2.users.{id}.routingStatus"],
    enabled: false,
  });
  const read = { ...source("read", "x", []), inputs: {}, outputs: { eventTopicId: "topic-1", targets: [] } };
  const flows = flowsOfState(
    [
      source("vip", "topic-1", ["target-1"], {
        status: "draft",
        filters: [{ name: "vip", conditions: [{}] }],
      }),
      integration,
      { ...read, external: true },
      { ...source("leaving", "topic-1", []), delete: true },
      { urn: "urn:pulumi:dev::shop::aws:s3:Bucket::b", type: "aws:s3:Bucket", outputs: {} },
    ],
    KINDS,
  );
  expect(flows).toEqual([
    {
      noun: "source",
      name: "vip",
      change: "same",
      note: "draft",
      from: [{ word: "topic", id: "topic-1", change: "same" }],
      through: ["vip"],
      to: [{ word: "target", id: "target-1", change: "same" }],
    },
    expect.objectContaining({
      noun: "integration",
      note: "disabled",
      to: [
        {
          word: "AWS event source",
          id: "prod.voice",
          detail: "AWS 012345678901 eu-central-1",
          change: "same",
        },
      ],
    }),
    expect.objectContaining({
      name: "read",
      note: "only read",
      from: [expect.objectContaining({ id: "topic-1" })],
    }),
  ]);
});

describe("of a preview", () => {
  const before = source("vip", "topic-1", ["target-1", "target-2"]);
  const after = source("vip", "topic-2", ["target-1", "target-3"]);

  test.each<[op: string, given: object, change: Change | undefined, from: string[], to: string[]]>([
    ["same", { oldState: before, newState: before }, "same", ["topic-1"], ["target-1", "target-2"]],
    ["create", { newState: after }, "added", ["topic-2 (added)"], ["target-1 (added)", "target-3 (added)"]],
    ["import", { newState: after }, "added", ["topic-2 (added)"], ["target-1 (added)", "target-3 (added)"]],
    [
      "update",
      { oldState: before, newState: after },
      "changed",
      ["topic-2 (added)", "topic-1 (removed)"],
      ["target-1", "target-3 (added)", "target-2 (removed)"],
    ],
    [
      "replace",
      { oldState: before, newState: after },
      "replaced",
      ["topic-2 (added)", "topic-1 (removed)"],
      ["target-1", "target-3 (added)", "target-2 (removed)"],
    ],
    [
      "delete",
      { oldState: before },
      "removed",
      ["topic-1 (removed)"],
      ["target-1 (removed)", "target-2 (removed)"],
    ],
    ["read", { newState: before }, "same", ["topic-1"], ["target-1", "target-2"]],
    ["delete-replaced", { oldState: before }, undefined, [], []],
    ["discard", { oldState: before }, undefined, [], []],
  ])("the step %s marks what it does", (op, given, change, from, to) => {
    const flows = flowsOfPreview([{ op, urn: before.urn, ...given }], KINDS);
    expect(flows.map((flow) => [flow.name, flow.change, told(flow.from), told(flow.to)])).toEqual(
      change === undefined ? [] : [["vip", change, from, to]],
    );
  });

  test("how many there are of each change is said in one order", () => {
    const ops = ["delete", "update", "create", "create", "same"];
    const flows = flowsOfPreview(
      ops.map((op) => ({ op, urn: before.urn, oldState: before, newState: after })),
      KINDS,
    );
    expect(sayChanges(flows)).toBe("2 added, 1 changed, 1 removed");
  });
});

describe("what is secret or not known", () => {
  test.each<[string, unknown]>([
    ["(secret)", CIPHER],
    ["(secret)", "[secret]"],
    ["(not known yet)", UNKNOWN],
  ])("is %s, wherever it stands", (shown, value) => {
    const whole = { eventTopicId: value, targets: value, filters: value };
    const parts = {
      eventTopicId: value,
      targets: [{ targetId: value }],
      filters: [{ name: value, conditions: value }],
    };
    const entries = { eventTopicId: value, targets: [value], filters: [value] };
    for (const inputs of [whole, parts, entries]) {
      const [flow] = flowsOfState([resource(SOURCE, "vip", inputs)], KINDS) as [Flow];
      expect([told(flow.from), flow.through, told(flow.to)]).toEqual([[shown], [shown], [shown]]);
    }
    const [flow] = flowsOfState(
      [resource(INTEGRATION, "voice", { eventFilter: value, eventSourceSuffix: value, awsAccountId: value })],
      KINDS,
    ) as [Flow];
    expect([told(flow.from), told(flow.to)]).toEqual([[shown], [shown]]);
  });

  test("no value of a condition, no webhook and no description is in a flow, whatever they are", () => {
    const planted = (text: string) => `planted ${text}`;
    fc.assert(
      fc.property(fc.constantFrom(SOURCE, INTEGRATION), fc.string(), (type, text) => {
        const inputs = {
          eventTopicId: "topic-1",
          targets: [{ targetId: "target-1", priority: 1 }],
          filters: [
            {
              name: "f",
              action: "route",
              conditions: [{ field: "x", operator: "equals", value: planted(text) }],
            },
          ],
          webhookUrl: planted(text),
          description: planted(text),
          notes: planted(text),
          eventFilter: ["v2.users.{id}.presence"],
          awsAccountId: "012345678901",
          awsAccountRegion: "eu-central-1",
          eventSourceSuffix: "s",
          __asked: planted(text),
          __carried: planted(text),
        };
        expect(JSON.stringify(flowsOfState([resource(type, "a", inputs)], KINDS))).not.toContain("planted");
      }),
    );
  });

  test("whatever shape a state has, it is drawn", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(SOURCE, INTEGRATION),
        fc.dictionary(
          fc.constantFrom("eventTopicId", "targets", "filters", "status", "eventFilter", "enabled"),
          fc.jsonValue(),
        ),
        (type, inputs) => {
          expect(flowsOfState([resource(type, "a", inputs)], KINDS)).toHaveLength(1);
        },
      ),
    );
  });
});
