/** Pulumi's resource option `import`: what it takes into the stack, and what it refuses to. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  MINIMAL,
  type Organisation,
  sourceProgram,
  stackIn,
  startOrganisation,
} from "./support/organisation.js";

const ID = "11111111-2222-3333-4444-555555555555";

/** A source that somebody made in the admin console, and the arguments that describe it. */
const BY_HAND = {
  source_id: ID,
  name: "made by hand",
  description: "by Jo",
  event_topic_id: "topic-conversation-end",
  targets: [{ target_id: "target-siem", priority: 1 }],
  filters: [
    { name: "vip", conditions: [{ field: "priority", operator: "equals", value: "high" }], action: "route" },
  ],
};
const ARGS = {
  name: "made by hand",
  description: "by Jo",
  eventTopicId: "topic-conversation-end",
  targets: [{ targetId: "target-siem" }],
  filters: [{ name: "vip", conditions: [{ field: "priority", operator: "equals", value: "high" }] }],
};
const IMPORT = JSON.stringify({ import: ID });

async function byHand() {
  const organisation = await startOrganisation();
  await organisation.add("sources", BY_HAND);
  const stack = await stackIn(organisation);
  return { organisation, stack };
}

const changes = async (organisation: Organisation) =>
  (await organisation.calls()).filter((call) => !call.startsWith("GET"));

test("the option import imports a source without a change; afterwards it may stay, go, or name another", async () => {
  const { organisation, stack } = await byHand();
  await stack.program(sourceProgram(ARGS, IMPORT));

  await organisation.forgetCalls();
  const preview = await stack.preview();
  expect(preview.code, preview.output).toBe(0);
  expect(preview.output).toContain(`source ${ID} will be imported as it is: nothing is made or changed`);
  expect(await organisation.calls()).toEqual([]);

  const [before] = await organisation.sources();
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
  expect(await organisation.calls()).toEqual([`GET /api/v2/eventbridge/sources/${ID} 200`]);
  expect(await organisation.sources()).toEqual([before]);
  const [resource] = await stack.resources();
  expect(resource?.id).toBe(ID);
  expect(resource?.outputs).toMatchObject({ sourceId: ID, version: 1, status: "active" });
  expect(resource?.outputs).not.toHaveProperty("__import");

  for (const options of [IMPORT, "{}", JSON.stringify({ import: "another" })]) {
    await stack.program(sourceProgram(ARGS, options));
    const again = await stack.preview("--expect-no-changes", "--diff");
    expect(again.code, again.output).toBe(0);
    expect(again.output).not.toContain("imported");
  }
  const refresh = await stack.refresh("--expect-no-changes");
  expect(refresh.code, refresh.output).toBe(0);

  // A change is shown as that alone, and made in place.
  for (const [options, description] of [
    ["{}", "one"],
    [IMPORT, "two"],
  ] as const) {
    await stack.program(sourceProgram({ ...ARGS, description }, options));
    const changed = await stack.preview("--json");
    const [step] = JSON.parse(changed.output).steps.filter((each: { op: string }) => each.op === "update");
    expect(Object.keys(step.detailedDiff)).toEqual(["description"]);
    expect((await stack.up()).code).toBe(0);
  }
  expect(await organisation.sources()).toMatchObject([{ source_id: ID, description: "two" }]);

  // What replaces it is made anew, though the option is still there.
  const { description: _, name: __, ...others } = ARGS;
  await stack.program(sourceProgram({ ...others, eventTopicId: "topic-conversation-start" }, IMPORT));
  const replaced = await stack.up();
  expect(replaced.code, replaced.output).toBe(0);
  const [replacement, ...more] = await organisation.sources();
  expect(more).toEqual([]);
  expect(replacement).toMatchObject({ event_topic_id: "topic-conversation-start" });
  expect(replacement?.source_id).not.toBe(ID);

  expect((await stack.destroy()).code).toBe(0);
  expect(await organisation.sources()).toEqual([]);
});

test("what is imported and then replaced by force is made anew, on whatever machine, and not imported a second time", async () => {
  const { organisation, stack } = await byHand();
  await stack.program(sourceProgram(ARGS, IMPORT));
  expect((await stack.up()).code).toBe(0);
  const [resource] = await stack.resources();
  await rm(join(stack.folder, ".genesyscloud-eventbridge"), { recursive: true });

  const refused = await stack.up("--replace", String(resource?.urn));
  expect(refused.code).not.toBe(0);
  expect(refused.output).toContain("set the option deleteBeforeReplace");
  expect(await organisation.sources()).toMatchObject([{ source_id: ID }]);

  await stack.program(sourceProgram(ARGS, JSON.stringify({ import: ID, deleteBeforeReplace: true })));
  const replaced = await stack.up("--replace", String(resource?.urn));
  expect(replaced.code, replaced.output).toBe(0);
  const sources = await organisation.sources();
  expect(sources).toMatchObject([{ name: "made by hand" }]);
  expect(sources[0]?.source_id).not.toBe(ID);
  expect((await stack.preview("--expect-no-changes")).code).toBe(0);
});

test("a source that a program only read is imported by the option, under the resource's name", async () => {
  const { organisation, stack } = await byHand();
  const program = sourceProgram(ARGS, IMPORT);
  await stack.program(
    program.replace(/new EventBridgeSource\(.*\);/s, `EventBridgeSource.get("vip", "${ID}");`),
  );
  const read = await stack.up();
  expect(read.code, read.output).toBe(0);
  await stack.program(program);
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
  expect(await organisation.sources()).toMatchObject([{ source_id: ID, version: 1 }]);
  expect((await stack.preview("--expect-no-changes")).code).toBe(0);
});

test("arguments that would change the source fail, naming where, and nothing is changed or kept", async () => {
  const { organisation, stack } = await byHand();
  await organisation.change("sources", ID, { webhook_url: "https://hooks.invalid/planted-one" });
  const args = {
    ...ARGS,
    description: "another",
    targets: [{ targetId: "target-crm" }],
    filters: [
      { name: "vip", conditions: [{ field: "priority", operator: "equals", value: "planted-value" }] },
    ],
    webhookUrl: "https://hooks.invalid/planted-two",
  };
  await stack.program(sourceProgram(args, IMPORT));
  const before = await organisation.sources();
  const up = await stack.up();
  expect(up.code).not.toBe(0);
  expect(up.output).toContain(`EventBridge source "made by hand" (id ${ID}) is not imported`);
  expect(up.output).toMatch(
    /description, .*filters\[0\]\.conditions\[0\]\.value, .*targets\[0\]\.targetId, .*webhookUrl/,
  );
  expect(up.output).not.toContain("planted");
  expect(await changes(organisation)).toEqual([]);
  expect(await organisation.sources()).toEqual(before);
  expect(await stack.resources()).toEqual([]);
});

test("a name that the program leaves out is asked for by name", async () => {
  const { stack } = await byHand();
  const { name: _, ...unnamed } = ARGS;
  await stack.program(sourceProgram(unnamed, IMPORT));
  const up = await stack.up();
  expect(up.code).not.toBe(0);
  expect(up.output).toContain("the program would change it: name");
  expect(up.output).toContain('give it name: "made by hand"');
});

test("an id that does not exist fails, and no source is made", async () => {
  const organisation = await startOrganisation();
  const stack = await stackIn(organisation);
  await stack.program(sourceProgram(MINIMAL, '{ import: "no-such-source" }'));
  const up = await stack.up();
  expect(up.code).not.toBe(0);
  expect(up.output).toContain('There is no EventBridge source with the id "no-such-source" to import.');
  expect(await changes(organisation)).toEqual([]);
  expect(await organisation.sources()).toEqual([]);
  expect(await stack.resources()).toEqual([]);
});

test("a source that moves to another resource by the option is not deleted with the old one", async () => {
  const { organisation, stack } = await byHand();
  await stack.program(sourceProgram(ARGS, IMPORT));
  expect((await stack.up()).code).toBe(0);
  await stack.program(sourceProgram(ARGS, IMPORT).replace('"vip", {', '"renamed", {'));
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
  expect(await organisation.sources()).toMatchObject([{ source_id: ID }]);
  expect((await stack.resources()).map(({ urn }) => urn.split("::").at(-1))).toEqual(["renamed"]);
});
