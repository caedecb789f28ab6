/** What a preview finds. */
import { expect, test } from "vitest";
import { begin, programOf } from "./support/life.js";
import { connect, MINIMAL, sourceProgram, startOrganisation } from "./support/organisation.js";
import { createStack, fails, type Stack, succeeds } from "./support/stack.js";
import { SUBJECTS } from "./support/subjects/index.js";

async function preview(stack: Stack, args: object) {
  await stack.program(sourceProgram(args));
  return stack.preview();
}

test.for(SUBJECTS)(
  "$resource: every mistake is named at its path, all at once, with no API call",
  async (subject) => {
    const { wrong } = subject;
    const { organisation, stack } = await begin(subject);
    await stack.program(programOf(subject, { vip: { args: wrong.args } }));
    const output = await fails(stack.preview());
    // The CLI shows each twice: as it comes, and in its summary.
    const paths = new Set([...output.matchAll(/has a problem: ([\w[\].]+):/g)].map(([, path]) => path));
    expect([...paths].toSorted()).toEqual(wrong.paths.toSorted());
    for (const said of wrong.says) expect(output).toContain(said);
    expect(output).not.toContain("hidden");
    expect(await organisation.calls()).toEqual([]);
  },
);

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

test.for(SUBJECTS)("$resource: unknown values pass a preview wherever they stand", async (subject) => {
  const { stack, objects } = await begin(subject);
  const later = "const later = (value) => exports.first.apply(() => value);";
  const first = programOf(subject, { first: { args: subject.minimal } });
  const made = subject.unknown.map((args, index) => `new ${subject.resource}("u${index}", ${args});`);
  await stack.program([first, later, ...made].join("\n"));
  await succeeds(stack.preview());
  await succeeds(stack.up());
  const there = await objects();
  expect(there).toHaveLength(1 + made.length);
  expect(there).toContainEqual(expect.objectContaining({ fields: expect.objectContaining(subject.known) }));
  await succeeds(stack.preview("--expect-no-changes"));
});
