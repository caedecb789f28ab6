/** Which differences call for an update and which for a replacement, and whether the old one goes first. */
import { describe, expect, test } from "vitest";
import { SOURCE } from "../../../../provider/src/eventBridgeSource/kind.js";
import type { SourceInputs, SourceState } from "../../../../provider/src/eventBridgeSource/model.js";
import { diff } from "../../../../provider/src/lifecycle/diff.js";
import { UNKNOWN } from "../../../../provider/src/unknown.js";
import { inputsWith, stateWith } from "../support/source.js";

/** Of an object whose key the program has chosen: should the engine replace it, it is deleted first. */
const NONE = { inputs: false, unfinished: false, replaces: [], deleteBeforeReplace: true };
const filter = {
  name: "vip",
  conditions: [{ field: "priority", operator: "equals", value: "high" }] as const,
  action: "route",
};
const withFilter = (more: object = {}) =>
  ({ filters: [{ ...filter, ...more }] }) as unknown as Partial<SourceInputs>;

test("nothing differs from itself; outputs and where a value comes from are no difference", () => {
  const inputs = inputsWith({
    ...withFilter(),
    webhookUrl: "u",
    timeouts: { create: "1m" },
    onConflict: "fail",
  });
  const state = stateWith({ ...inputs, version: 7, jobId: "job-1", retryCount: 3, latencySeconds: 2 });
  expect(diff(SOURCE, state, inputs)).toEqual(NONE);
  expect(diff(SOURCE, state, { ...inputs, __urn: "urn:other", __autonamed: true })).toEqual({
    ...NONE,
    deleteBeforeReplace: false,
  });
  const { __urn: _, ...withoutUrn } = inputs;
  expect(diff(SOURCE, state, withoutUrn)).toEqual(NONE);
});

test.each<[string, Partial<SourceState>, Partial<SourceInputs>]>([
  ["name", {}, { name: "other" }],
  ["description", {}, { description: "" }],
  ["description that drifted", { description: "drift" }, {}],
  ["status", {}, { status: "inactive" }],
  ["status that drifted", { status: "draft" }, {}],
  ["filters added", {}, withFilter()],
  ["filters removed", withFilter() as SourceState, {}],
  ["filter's name", withFilter() as SourceState, withFilter({ name: "other" })],
  ["filter's action", withFilter() as SourceState, withFilter({ action: "drop" })],
  [
    "condition's value, also when only its type differs",
    withFilter({ conditions: [{ field: "n", operator: "equals", value: "1" }] }) as SourceState,
    withFilter({ conditions: [{ field: "n", operator: "equals", value: 1 }] }),
  ],
  [
    "order of filters",
    { filters: [{ ...filter, name: "a" }, filter] } as unknown as SourceState,
    { filters: [filter, { ...filter, name: "a" }] } as unknown as SourceInputs,
  ],
  ["target", {}, { targets: [{ targetId: "target-2", priority: 1 }] }],
  [
    "another target",
    {},
    {
      targets: [
        { targetId: "target-1", priority: 1 },
        { targetId: "target-2", priority: 2 },
      ],
    },
  ],
  ["priority", {}, { targets: [{ targetId: "target-1", priority: 2 }] }],
  ["webhook added", {}, { webhookUrl: "u" }],
  ["webhook removed", { webhookUrl: "u" }, {}],
  ["webhook changed", { webhookUrl: "u" }, { webhookUrl: "v" }],
  ["onConflict", {}, { onConflict: "adopt" }],
  ["timeouts", { timeouts: { create: "1m" } }, { timeouts: { create: "2m" } }],
  ["timeouts removed", { timeouts: { create: "1m" } }, {}],
  ["an unknown value", {}, { description: UNKNOWN }],
  ["an unknown list", {}, { targets: UNKNOWN as never }],
])("a difference that an update can make up for: %s", (_, olds, news) =>
  expect(diff(SOURCE, stateWith(olds), inputsWith(news))).toEqual({
    ...NONE,
    inputs: true,
    deleteBeforeReplace: news.name === undefined,
  }),
);

describe("replacement", () => {
  test.each<[string, Partial<SourceInputs>, string[]]>([
    ["the topic", { eventTopicId: "topic-2" }, ["eventTopicId"]],
    ["an unknown topic", { eventTopicId: UNKNOWN }, ["eventTopicId"]],
    ["the type", { sourceType: "other" }, ["sourceType"]],
    ["both", { eventTopicId: "topic-2", sourceType: "other" }, ["eventTopicId", "sourceType"]],
  ])("%s", (_, news, replaces) =>
    expect(diff(SOURCE, stateWith(), inputsWith(news))).toMatchObject({ inputs: true, replaces }),
  );

  test.each<[string, Partial<SourceState>, Partial<SourceInputs>, boolean]>([
    ["a name that the user chose and keeps", {}, {}, true],
    ["a name that the user chose anew", {}, { name: "other" }, false],
    ["a derived name: the replacement gets another", { __autonamed: true }, { __autonamed: true }, false],
    ["a derived name that the program now writes itself", { __autonamed: true }, {}, true],
  ])("%s: deleted first? ", (_, olds, news, first) =>
    expect(
      diff(SOURCE, stateWith(olds), inputsWith({ eventTopicId: "topic-2", ...news })).deleteBeforeReplace,
    ).toBe(first),
  );

  test("whatever field the engine replaces for (replaceOnChanges), a chosen name is free before it is given again", () =>
    expect(diff(SOURCE, stateWith(), inputsWith({ description: "d" }))).toMatchObject({
      replaces: [],
      deleteBeforeReplace: true,
    }));
});

test("an unfinished step calls for an update though the inputs agree", () =>
  expect(diff(SOURCE, stateWith({ __unfinished: "why" }), inputsWith())).toEqual({
    ...NONE,
    unfinished: true,
  }));
