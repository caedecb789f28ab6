/** Which sources the simulated organisation refuses, by the limits that are documented and those that are assumed. */
import { expect, test } from "vitest";
import { sourceBody, startWithToken } from "./harness.js";

const condition = { field: "priority", operator: "equals", value: "high" };
const filter = (change: object = {}) => ({
  name: "f",
  conditions: [condition],
  action: "route",
  ...change,
});
const withCondition = (change: object) => ({
  filters: [filter({ conditions: [condition, { ...condition, ...change }] })],
});
const targets = (...priorities: unknown[]) => ({
  targets: ["target-crm", "target-siem", "target-billing"]
    .slice(0, priorities.length)
    .map((target_id, index) => ({ target_id, priority: priorities[index] })),
});
const manyFilters = (count: number) => Array.from({ length: count }, (_, i) => filter({ name: `f${i}` }));

/** The constraint and the field the answer names, and what is sent. */
const stated: [string, string, object][] = [
  ["name.required", "name", { name: undefined }],
  ["description.type", "description", { description: 7 }],
  ["source_type.unknown", "source_type", { source_type: "kafka" }],
  ["topic.required", "event_topic_id", { event_topic_id: undefined }],
  ["topic.required", "event_topic_id", { event_topic_id: "" }],
  ["status.unknown", "status", { status: "paused" }],
  ["webhook_url.type", "webhook_url", { webhook_url: 7 }],
  ["list.type", "filters", { filters: "all" }],
  ["object.type", "filters[0]", { filters: ["all"] }],
  ["filters.max", "filters", { filters: manyFilters(6) }],
  [
    "conditions.max",
    "filters[0].conditions",
    { filters: [filter({ conditions: Array(11).fill(condition) })] },
  ],
  ["operator.unknown", "filters[0].conditions[1].operator", withCondition({ operator: "equal" })],
  ["conditions.field.required", "filters[0].conditions[1].field", withCondition({ field: "" })],
  ["targets.priority.sequence", "targets", targets(1, 3)],
  ["targets.priority.sequence", "targets", targets(1, 1)],
  ["targets.priority.sequence", "targets", targets(0, 1)],
  ["targets.priority.sequence", "targets", targets(1, undefined)],
  ["targets.priority.sequence", "targets", targets(1, 2, 2.5)],
  ["targets.id.required", "targets[0].target_id", { targets: [{ priority: 1 }] }],
];

const assumed: [string, string, object][] = [
  ["name.length", "name", { name: "" }],
  ["name.length", "name", { name: "n".repeat(257) }],
  ["targets.min", "targets", { targets: [] }],
  [
    "targets.id.duplicate",
    "targets[1].target_id",
    {
      targets: [
        { target_id: "target-crm", priority: 1 },
        { target_id: "target-crm", priority: 2 },
      ],
    },
  ],
  ["filters.name.required", "filters[0].name", { filters: [filter({ name: "" })] }],
  ["filters.name.duplicate", "filters[1].name", { filters: [filter(), filter()] }],
  ["conditions.value.type", "filters[0].conditions[1].value", withCondition({ value: null })],
  ["conditions.value.type", "filters[0].conditions[1].value", withCondition({ value: ["high"] })],
  [
    "conditions.value.type",
    "filters[0].conditions[1].value",
    withCondition({ operator: "greater_than", value: "3" }),
  ],
];

test.each([...stated, ...assumed])(
  "POST and PUT refuse what breaks %s at %s",
  async (constraint, field, change) => {
    const { post, api, control } = await startWithToken();
    const { status, body } = await post(change);
    expect(status).toBe(400);
    expect(body.code).toBe(constraint);
    expect(body.message).toContain(`'${field}'`);
    expect(body.details[0]).toEqual({ errorCode: constraint, fieldName: field, message: body.message });
    expect(body.contextId).toMatch(/^[0-9a-f-]{36}$/);
    expect((await control("GET", "/state")).body).toMatchObject({ sources: [], jobs: [] });

    const { body: made } = await control("POST", "/sources", { name: "made-by-hand" });
    const put = await api("PUT", `/eventbridge/sources/${made.source_id}`, {
      ...sourceBody(change),
      version: 1,
    });
    expect([put.status, put.body.code]).toEqual([400, constraint]);
  },
);

test.each(assumed)("without assumed limits, POST takes what breaks %s at %s", async (_, __, change) => {
  const { post, control } = await startWithToken();
  await control("PATCH", "/variants", { assumedLimits: false });
  expect((await post(change)).status).toBe(202);
});

test.each(stated)(
  "without assumed limits, POST still refuses what breaks %s at %s",
  async (_, __, change) => {
    const { post, control } = await startWithToken();
    await control("PATCH", "/variants", { assumedLimits: false });
    expect((await post(change)).status).toBe(400);
  },
);

test("every violation is listed at once, and a limit says how much it allows", async () => {
  const { post } = await startWithToken();
  const { body } = await post({ filters: manyFilters(6), targets: [] });
  expect(body.details.map(({ errorCode }: { errorCode: string }) => errorCode)).toEqual([
    "filters.max",
    "targets.min",
  ]);
  expect(body.limit).toEqual({ key: "filters.max", namespace: "eventbridge", value: 5 });
});

test.each([
  { name: "n" },
  { name: "n".repeat(256) },
  { filters: manyFilters(5) },
  { filters: [filter({ conditions: Array(10).fill(condition) })] },
  { filters: [filter({ action: "drop" })] },
  withCondition({ operator: "greater_than", value: 3 }),
  withCondition({ operator: "contains", value: false }),
  targets(2, 3, 1),
  { description: undefined, filters: undefined, status: undefined, webhook_url: undefined },
])("POST takes what is just within the limits, case %#", async (change) => {
  const { post } = await startWithToken();
  expect((await post(change)).status).toBe(202);
});

test.each([[[]], ["text"], [null], [7]])("POST refuses the body %j", async (body) => {
  const { api } = await startWithToken();
  expect((await api("POST", "/eventbridge/sources", JSON.stringify(body))).status).toBe(400);
});
