import { expect, test } from "vitest";
import { connect, MINIMAL, sourceProgram, startOrganisation } from "./support/organisation.js";
import { createStack, type Stack } from "./support/stack.js";

async function preview(stack: Stack, args: object) {
  await stack.program(sourceProgram(args));
  return stack.preview();
}

test("twenty mistakes give twenty failures at their paths, and no API call", async () => {
  const organisation = await startOrganisation();
  const stack = await createStack();
  await connect(stack, organisation);
  const condition = { field: "a", operator: "equals", value: "b" };
  const run = await preview(stack, {
    targets: [
      { targetId: "target-crm", priority: 1 },
      { targetId: "target-crm", priority: 3 },
      { targetID: "target-siem", priority: 0 },
    ],
    filters: [
      {
        name: "a",
        conditions: [
          { ...condition, operator: "equal" },
          { ...condition, operator: "greater_than" },
        ],
      },
      { name: "a", conditions: [], action: 7 },
      { name: "", conditions: Array(11).fill(condition) },
      {
        name: "d",
        conditions: [
          { ...condition, value: {} },
          { field: "", operator: "contains", value: "x" },
          { operator: "equals", value: 1 },
        ],
      },
      "not a filter",
      "one too many",
    ],
    name: "n".repeat(257),
    descripton: "mistyped",
    sourceType: "kafka",
    status: "enabled",
    webhookUrl: "ftp://hidden-user:hidden-password@example.com",
    onConflict: "adapt",
    timeouts: { create: "soon" },
  });

  expect(run.code).not.toBe(0);
  // The CLI shows each twice: as it comes, and in its summary.
  const paths = new Set([...run.output.matchAll(/has a problem: ([\w[\].]+):/g)].map(([, path]) => path));
  expect([...paths].toSorted()).toEqual(
    [
      "eventTopicId",
      "targets[1].targetId",
      "targets[2].targetId",
      "targets[2].targetID",
      "targets[2].priority",
      "filters",
      "filters[0].conditions[0].operator",
      "filters[0].conditions[1].value",
      "filters[1].name",
      "filters[1].conditions",
      "filters[2].name",
      "filters[2].conditions",
      "filters[3].conditions[0].value",
      "filters[3].conditions[1].field",
      "filters[4]",
      "filters[3].conditions[2].field",
      "filters[1].action",
      "name",
      "descripton",
      "sourceType",
      "status",
      "webhookUrl",
      "onConflict",
      "timeouts.create",
    ].toSorted(),
  );
  expect(run.output).toContain(
    'filters[0].conditions[0].operator: must be "equals", "contains" or "greater_than"',
  );
  expect(run.output).toContain('descripton: is not an argument (did you mean "description"?)');
  expect(run.output).not.toContain("hidden");
  expect(await organisation.calls()).toEqual([]);
});

test("topics and targets must exist, be active and go together", async () => {
  const organisation = await startOrganisation();
  const stack = await createStack();
  await connect(stack, organisation);

  const run = await preview(stack, {
    eventTopicId: "topic-user-station",
    targets: [
      { targetId: "target-nowhere" },
      { targetId: "target-legacy-erp" },
      { targetId: "target-workforce" },
    ],
  });
  expect(run.code).not.toBe(0);
  expect(run.output).toContain("eventTopicId: this topic is inactive");
  expect(run.output).toContain("targets[0].targetId: this target does not exist");
  expect(run.output).toContain("targets[1].targetId: this target is inactive");
  expect(run.output).toContain("targets[2].targetId: this target does not take the topic");

  await stack.config({ "genesyscloud:validateReferences": "warn" });
  const warned = await preview(stack, { ...MINIMAL, eventTopicId: "topic-nowhere" });
  expect(warned.code, warned.output).toBe(0);
  expect(warned.output).toContain("warning: eventTopicId: this topic does not exist");

  await stack.config({ "genesyscloud:validateReferences": "off" });
  await organisation.forgetCalls();
  const off = await preview(stack, { ...MINIMAL, eventTopicId: "topic-nowhere" });
  expect(off.code, off.output).toBe(0);
  expect(await organisation.calls()).toEqual([]);
});

test("fifty sources are looked up with a handful of calls", async () => {
  const organisation = await startOrganisation();
  const stack = await createStack();
  await connect(stack, organisation);
  await stack.program(`
const { EventBridgeSource } = require("pulumi-genesyscloud-eventbridge");
const topics = ["start", "end", "acw", "agent-start", "agent-end", "attributes", "callback", "wrapup"];
for (let i = 0; i < 50; i++)
  new EventBridgeSource("s" + i, {
    eventTopicId: "topic-conversation-" + topics[i % topics.length],
    targets: [{ targetId: "target-crm" }, { targetId: "target-survey" }],
  });
`);
  const run = await stack.preview();
  expect(run.code, run.output).toBe(0);
  expect((await organisation.calls()).toSorted()).toEqual([
    "GET /api/v2/eventbridge/targets?pageSize=25&pageNumber=1 200",
    "GET /api/v2/eventbridge/topics?pageSize=25&pageNumber=1 200",
  ]);
});

test("without credentials a preview does everything but the look-ups, says so in one line, and up fails clearly", async () => {
  const stack = await createStack();
  await stack.program(`
const { EventBridgeSource } = require("pulumi-genesyscloud-eventbridge");
for (const name of ["a", "b", "c"]) new EventBridgeSource(name, ${JSON.stringify(MINIMAL)});
`);
  const run = await stack.preview();
  expect(run.code, run.output).toBe(0);
  // Once, though there are three sources; the CLI repeats it as it comes, its summary does not.
  const [, summary = ""] = run.output.split("Diagnostics:");
  expect(summary.match(/topics and targets are not looked up: no credentials/g)).toHaveLength(1);
  expect(run.output).toContain("4 to create");

  const up = await stack.up();
  expect(up.code).not.toBe(0);
  expect(up.output).toContain("no credentials for Genesys Cloud: set genesyscloud:oauthClientId");
});

test("wrong settings are named with what is allowed, before anything is sent", async () => {
  const organisation = await startOrganisation();
  const stack = await createStack();
  await connect(stack, organisation);
  await stack.config({
    "genesyscloud:regoin": "eu-central-1",
    "genesyscloud:maxRetries": "many",
    "genesyscloud:requestTimeout": "10",
  });
  const run = await preview(stack, MINIMAL);
  expect(run.code).not.toBe(0);
  expect(run.output).toContain('genesyscloud:regoin: is not a configuration key (did you mean "region"?)');
  expect(run.output).toContain('genesyscloud:maxRetries: "many" is not allowed');
  expect(run.output).toContain(
    'genesyscloud:requestTimeout: "10" is not allowed: it must be a duration such as "90s"',
  );
  expect(run.output).not.toMatch(/^\s+at .*\(/m);
  expect(await organisation.calls()).toEqual([]);
});

test("unknown values pass a preview wherever they stand", async () => {
  const organisation = await startOrganisation();
  const stack = await createStack();
  await connect(stack, organisation);
  await stack.program(`
const pulumi = require("@pulumi/pulumi");
const { EventBridgeSource } = require("pulumi-genesyscloud-eventbridge");
const first = new EventBridgeSource("first", ${JSON.stringify(MINIMAL)});
const later = (value) => first.sourceId.apply(() => value);
new EventBridgeSource("inside", {
  eventTopicId: later("topic-conversation-start"),
  targets: [{ targetId: later("target-crm"), priority: later(2) }, { targetId: "target-siem", priority: 1 }],
  filters: [{ name: later("f"), conditions: [{ field: later("a"), operator: later("equals"), value: later(1) }], action: later("route") }],
  name: later("named-later"), description: later("d"), status: later("active"), sourceType: later("eventbridge"),
  webhookUrl: later("https://hooks.example.com"), onConflict: later("fail"), timeouts: { create: later("1m") },
});
new EventBridgeSource("whole", { eventTopicId: "topic-conversation-end", targets: later([{ targetId: "target-crm" }]), filters: later([]), timeouts: later({}) });
new EventBridgeSource("elements", { eventTopicId: later("topic-conversation-end"), targets: [later({ targetId: "target-crm" })], filters: [later({ name: "x", conditions: [{ field: "a", operator: "equals", value: true }] })] });
`);
  const run = await stack.preview();
  expect(run.code, run.output).toBe(0);
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
  const sources = await organisation.sources();
  expect(sources).toHaveLength(4);
  expect(sources.find(({ name }) => name === "named-later")?.targets).toEqual([
    { target_id: "target-siem", priority: 1 },
    { target_id: "target-crm", priority: 2 },
  ]);
  expect((await stack.preview("--expect-no-changes")).code).toBe(0);
});
