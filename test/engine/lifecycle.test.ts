import { expect, test } from "vitest";
import { MINIMAL, sourceProgram, stackIn, startOrganisation } from "./support/organisation.js";
import type { Stack } from "./support/stack.js";

async function mustUp(stack: Stack) {
  const run = await stack.up();
  expect(run.code, run.output).toBe(0);
  return run;
}

test("a source is created as asked, a second preview finds nothing to do and asks nothing, and destroy leaves nothing", async () => {
  const organisation = await startOrganisation();
  const stack = await stackIn(organisation, {
    ...MINIMAL,
    targets: [{ targetId: "target-crm" }, { targetId: "target-data-lake" }],
    filters: [{ name: "vip", conditions: [{ field: "priority", operator: "equals", value: "high" }] }],
  });

  await mustUp(stack);
  const [source] = await organisation.sources();
  expect(source).toMatchObject({
    name: expect.stringMatching(/^vip-[0-9a-f]{7}$/),
    description: "Managed by Pulumi",
    source_type: "eventbridge",
    event_topic_id: "topic-conversation-start",
    targets: [
      { target_id: "target-crm", priority: 1 },
      { target_id: "target-data-lake", priority: 2 },
    ],
    filters: [
      {
        name: "vip",
        conditions: [{ field: "priority", operator: "equals", value: "high" }],
        action: "route",
      },
    ],
    status: "active",
    webhook_url: null,
  });
  const [resource] = await stack.resources();
  expect(resource?.id).toBe(source?.source_id);
  expect(resource?.outputs).toMatchObject({
    sourceId: source?.source_id,
    status: "active",
    version: 1,
    retryCount: 0,
  });

  // What reaches the state is a permanent contract: constant, short, no path and nothing of this machine.
  const stub = 'exports.handler=()=>require("pulumi-genesyscloud-eventbridge/runtime").eventBridgeSource';
  expect([resource?.inputs.__provider, resource?.outputs.__provider]).toEqual([stub, stub]);

  await organisation.forgetCalls();
  const preview = await stack.preview("--expect-no-changes");
  expect(preview.code, preview.output).toBe(0);
  expect(await organisation.calls()).toEqual([]);

  const destroy = await stack.destroy();
  expect(destroy.code, destroy.output).toBe(0);
  expect(await organisation.sources()).toEqual([]);
  expect(await stack.resources()).toEqual([]);
});

test("creating a source takes as many calls as it needs and no more", async () => {
  const organisation = await startOrganisation();
  const stack = await stackIn(organisation);
  await mustUp(stack);
  const calls = (await organisation.calls()).map((call) => call.replace(/[0-9a-f-]{36}/, "…"));
  expect(calls.toSorted()).toEqual(
    [
      "GET /api/v2/eventbridge/topics?pageSize=25&pageNumber=1 200",
      "GET /api/v2/eventbridge/targets?pageSize=25&pageNumber=1 200",
      "POST /api/v2/eventbridge/sources 202",
      "GET /api/v2/asyncapi/jobs/… 200",
      "GET /api/v2/eventbridge/sources/… 200",
    ].toSorted(),
  );
});

test("each mutable field is updated in place, under the same id", async () => {
  const organisation = await startOrganisation();
  const stack = await stackIn(organisation);
  await mustUp(stack);
  const [before] = await organisation.sources();

  const changes: [object, object][] = [
    [{ name: "renamed" }, { name: "renamed" }],
    [{ description: "for the CRM" }, { description: "for the CRM" }],
    [
      { targets: [{ targetId: "target-data-lake" }] },
      { targets: [{ target_id: "target-data-lake", priority: 1 }] },
    ],
    [
      {
        filters: [
          { name: "f", conditions: [{ field: "n", operator: "greater_than", value: 3 }], action: "drop" },
        ],
      },
      {
        filters: [
          { name: "f", conditions: [{ field: "n", operator: "greater_than", value: 3 }], action: "drop" },
        ],
      },
    ],
    [{ status: "inactive" }, { status: "inactive" }],
    [{ webhookUrl: "http://127.0.0.1:9/a" }, { webhook_url: "http://127.0.0.1:9/a" }],
  ];
  let args: object = MINIMAL;
  for (const [change, expected] of changes) {
    args = { ...args, ...change };
    await stack.program(sourceProgram(args));
    const run = await mustUp(stack);
    expect(run.output).toContain("1 updated");
    expect(await organisation.sources()).toEqual([
      expect.objectContaining({ source_id: before?.source_id, ...expected }),
    ]);
  }

  // Removing arguments removes what they set.
  await stack.program(sourceProgram({ ...MINIMAL, name: "renamed" }));
  await mustUp(stack);
  expect(await organisation.sources()).toEqual([
    expect.objectContaining({
      source_id: before?.source_id,
      filters: [],
      description: "Managed by Pulumi",
      status: "active",
      webhook_url: null,
    }),
  ]);
});

test("another topic replaces the source: the new one first under another name, then the old one goes", async () => {
  const organisation = await startOrganisation();
  const stack = await stackIn(organisation);
  await mustUp(stack);
  const [before] = await organisation.sources();

  await stack.program(sourceProgram({ ...MINIMAL, eventTopicId: "topic-conversation-end" }));
  const preview = await stack.preview("--diff");
  expect(preview.output).toContain('eventTopicId: "topic-conversation-start" => "topic-conversation-end"');
  await organisation.forgetCalls();
  const run = await mustUp(stack);
  expect(run.output).toContain("1 replaced");

  const [after, ...others] = await organisation.sources();
  expect(others).toEqual([]);
  expect(after?.source_id).not.toBe(before?.source_id);
  expect(after?.name).toMatch(/^vip-[0-9a-f]{7}$/);
  expect(after?.name).not.toBe(before?.name);
  const changes = (await organisation.calls()).filter((call) => /^(POST|DELETE)/.test(call));
  expect(changes.map((call) => call.split(" ")[0])).toEqual(["POST", "DELETE"]);
});

test("a source of a chosen name is deleted before its replacement, because names are unique", async () => {
  const organisation = await startOrganisation();
  const stack = await stackIn(organisation, { ...MINIMAL, name: "chosen" });
  await mustUp(stack);
  await organisation.forgetCalls();
  await stack.program(sourceProgram({ ...MINIMAL, name: "chosen", eventTopicId: "topic-conversation-end" }));
  await mustUp(stack);
  const changes = (await organisation.calls()).filter((call) => /^(POST|DELETE)/.test(call));
  expect(changes.map((call) => call.split(" ")[0])).toEqual(["DELETE", "POST"]);
  expect(await organisation.sources()).toEqual([
    expect.objectContaining({ name: "chosen", event_topic_id: "topic-conversation-end" }),
  ]);
});

test("a change behind Pulumi's back is shown exactly and repaired", async () => {
  const organisation = await startOrganisation();
  const stack = await stackIn(organisation);
  await mustUp(stack);
  const [source] = await organisation.sources();
  await organisation.change("sources", String(source?.source_id), { description: "edited in the console" });

  const refresh = await stack.refresh();
  expect(refresh.code, refresh.output).toBe(0);
  const preview = await stack.preview("--diff");
  expect(preview.output).toContain('description: "edited in the console" => "Managed by Pulumi"');
  expect(preview.output.match(/^ +~ \w+ *: /gm), preview.output).toHaveLength(1);
  await mustUp(stack);
  expect(await organisation.sources()).toEqual([
    expect.objectContaining({ source_id: source?.source_id, description: "Managed by Pulumi" }),
  ]);

  const quiet = await stack.refresh();
  expect(quiet.output).toContain("unchanged");
  expect((await stack.preview("--expect-no-changes")).code).toBe(0);
});

test("a source deleted behind Pulumi's back is dropped by refresh and made again by up", async () => {
  const organisation = await startOrganisation();
  const stack = await stackIn(organisation);
  await mustUp(stack);
  const [source] = await organisation.sources();
  await organisation.remove("sources", String(source?.source_id));

  const refresh = await stack.refresh();
  expect(refresh.code, refresh.output).toBe(0);
  expect(await stack.resources()).toEqual([]);
  await mustUp(stack);
  expect(await organisation.sources()).toEqual([expect.objectContaining({ name: source?.name })]);
});

test("destroying what somebody deleted already succeeds", async () => {
  const organisation = await startOrganisation();
  const stack = await stackIn(organisation);
  await mustUp(stack);
  const [source] = await organisation.sources();
  await organisation.remove("sources", String(source?.source_id));
  const destroy = await stack.destroy();
  expect(destroy.code, destroy.output).toBe(0);
});

test("not being allowed to read a source is an error and never taken for its absence", async () => {
  const organisation = await startOrganisation();
  const stack = await stackIn(organisation);
  await mustUp(stack);
  await organisation.settings({ scopes: ["eventbridge:source:write"] });
  const refresh = await stack.refresh();
  expect(refresh.code).not.toBe(0);
  expect(refresh.output).toContain("eventbridge:source:read");
  expect(refresh.output).not.toMatch(/^\s+at .*\(/m);
  expect(await stack.resources()).toHaveLength(1);
});

test("time-outs and the order of targets with priorities: what is no difference calls nothing", async () => {
  const organisation = await startOrganisation();
  const targets = [
    { targetId: "target-crm", priority: 2 },
    { targetId: "target-data-lake", priority: 1 },
  ];
  const stack = await stackIn(organisation, { ...MINIMAL, targets });
  await mustUp(stack);
  await stack.program(sourceProgram({ ...MINIMAL, targets: targets.toReversed() }));
  expect((await stack.preview("--expect-no-changes")).code).toBe(0);

  await organisation.forgetCalls();
  await stack.program(sourceProgram({ ...MINIMAL, targets, timeouts: { delete: "2m" } }));
  await mustUp(stack);
  expect(await organisation.calls()).toEqual([]);
  const [resource] = await stack.resources();
  expect(resource?.outputs.timeouts).toEqual({ delete: "2m" });
});

test("behaviour 11: previews of a create, an update, a replacement and a deletion change nothing", async () => {
  const organisation = await startOrganisation();
  const stack = await stackIn(organisation);
  expect((await stack.preview()).output).toContain("2 to create");
  await mustUp(stack);
  const before = await organisation.sources();
  await organisation.forgetCalls();
  for (const [program, shown] of [
    [sourceProgram({ ...MINIMAL, description: "another" }), "1 to update"],
    [sourceProgram({ ...MINIMAL, eventTopicId: "topic-conversation-end" }), "1 to replace"],
    ["", "1 to delete"],
  ] as const) {
    await stack.program(program);
    expect((await stack.preview()).output).toContain(shown);
  }
  expect((await organisation.calls()).filter((call) => !call.startsWith("GET"))).toEqual([]);
  expect(await organisation.sources()).toEqual(before);
});

test("behaviour 15: destroy ends when the source can no longer be read, however far reads lag behind", async () => {
  const organisation = await startOrganisation();
  const stack = await stackIn(organisation);
  await mustUp(stack);
  const [source] = await organisation.sources();
  await organisation.forgetCalls();
  await organisation.fault({
    match: { method: "GET", path: "/sources/" },
    times: 3,
    action: { kind: "answer", status: 200, body: source },
  });
  const destroy = await stack.destroy();
  expect(destroy.code, destroy.output).toBe(0);
  const calls = (await organisation.calls()).map((call) => call.replace(/ .*(?= )/, ""));
  expect(calls).toEqual(["DELETE 204", "GET 200", "GET 200", "GET 200", "GET 404"]);
});
