/** A stack neither adopts nor deletes what others have made, or what it has let go of. */
import { expect, test, vi } from "vitest";
import { nightly } from "./support/nightly.js";
import {
  connect,
  MINIMAL,
  type Organisation,
  type StoredSource,
  sourceProgram,
  stackIn,
  startOrganisation,
} from "./support/organisation.js";
import { createStack, type Stack } from "./support/stack.js";

const CHOSEN = { ...MINIMAL, name: "chosen" };
/** A POST that does not arrive. */
const LOST = {
  match: { method: "POST", path: "/sources$" },
  action: { kind: "answer", status: 503 },
} as const;

async function succeeds(run: Promise<{ code: number | null; output: string }>): Promise<string> {
  const { code, output } = await run;
  expect(code, output).toBe(0);
  return output;
}

async function fails(run: Promise<{ code: number | null; output: string }>): Promise<string> {
  const { code, output } = await run;
  expect(code, output).not.toBe(0);
  return output;
}

async function onlySource(organisation: Organisation): Promise<StoredSource> {
  const [source, ...others] = await organisation.sources();
  expect(others).toEqual([]);
  return source as StoredSource;
}

const urnOf = async (stack: Stack) => String((await stack.resources())[0]?.urn);

test("a source that a program only reads from now on is deleted with the resource that managed it", async () => {
  const organisation = await startOrganisation();
  const stack = await stackIn(organisation);
  await succeeds(stack.up());
  const { source_id } = await onlySource(organisation);
  const read = `EventBridgeSource.get("reader", ${JSON.stringify(source_id)});`;
  await stack.program(`${sourceProgram(MINIMAL)}\n${read}`);
  await succeeds(stack.up());
  await stack.program(`const { EventBridgeSource } = require("pulumi-genesyscloud-eventbridge");\n${read}`);
  await succeeds(stack.up());
  expect(await organisation.sources()).toEqual([]);
});

test("a lost POST beside another stack's source of the same name and content does not take it for its own", async () => {
  const organisation = await startOrganisation();
  const theirs = await stackIn(organisation, CHOSEN);
  await succeeds(theirs.up());
  const { source_id } = await onlySource(organisation);
  const ours = await stackIn(organisation, CHOSEN);
  await organisation.fault(LOST);
  expect(await fails(ours.up())).toContain(`exists already: its id is ${source_id}`);
  await succeeds(ours.destroy());
  expect(await onlySource(organisation)).toMatchObject({ source_id, version: 1 });
});

test("a lost POST of a replacement by force does not take the old source for the new one", async () => {
  const organisation = await startOrganisation();
  const stack = await stackIn(organisation, CHOSEN);
  await succeeds(stack.up());
  const { source_id } = await onlySource(organisation);
  await organisation.fault(LOST);
  expect(await fails(stack.up("--replace", await urnOf(stack)))).toContain("is in the stack already");
  expect(await onlySource(organisation)).toMatchObject({ source_id });
});

test("what a failed create has posted proves nothing of what others make later", async () => {
  const organisation = await startOrganisation();
  const ours = await stackIn(organisation, CHOSEN);
  await organisation.nextJob({ status: "failed", error: { code: "no.capacity", message: "none left" } });
  await fails(ours.up());
  const theirs = await stackIn(organisation, CHOSEN);
  await succeeds(theirs.up());
  const { source_id } = await onlySource(organisation);
  expect(await fails(ours.up())).toContain(`exists already: its id is ${source_id}`);
});

nightly("what others have made since does not go with a create whose job has failed", async () => {
  const organisation = await startOrganisation();
  const ours = await stackIn(organisation, { ...CHOSEN, timeouts: { create: "3s" } });
  await organisation.nextJob({ status: "failed", afterMs: 5_000 });
  expect(await fails(ours.up())).toContain("as job:");
  // The name is free once the job is over.
  await vi.waitUntil(() => organisation.add("sources", laterSource()).catch(() => false), {
    timeout: 60_000,
  });
  await succeeds(ours.destroy());
  expect(await onlySource(organisation)).toMatchObject({ name: "chosen" });
});

test("a replacement by force of what is unfinished does not adopt what its own job makes, and delete it", async () => {
  const organisation = await startOrganisation({ jobDurationMs: 9_000 });
  const stack = await stackIn(organisation, { ...CHOSEN, timeouts: { create: "3s" } });
  await fails(stack.up());
  await stack.program(sourceProgram(CHOSEN));
  expect(await fails(stack.up("--replace", await urnOf(stack)))).toContain(
    "set the option deleteBeforeReplace",
  );
  await succeeds(stack.up());
  await onlySource(organisation);
  await succeeds(stack.preview("--expect-no-changes"));
});

test("a source that the stack has let go of on purpose is not touched when its logical name is used again", async () => {
  const organisation = await startOrganisation();
  const stack = await createStack();
  await connect(stack, organisation);
  await stack.program(sourceProgram({ ...MINIMAL, name: "kept for others" }, "{ retainOnDelete: true }"));
  await succeeds(stack.up());
  const kept = await onlySource(organisation);
  await stack.program("");
  await succeeds(stack.up());
  await stack.program(sourceProgram({ ...MINIMAL, name: "new", eventTopicId: "topic-conversation-end" }));
  await succeeds(stack.up());
  expect(await organisation.sources()).toEqual([kept, expect.objectContaining({ name: "new" })]);
});

test("a source that a cut-short run has left in the state twice stays as long as one of the two does", async () => {
  const organisation = await startOrganisation();
  const { source_id } = await organisation.add("sources", {
    name: "chosen",
    description: "Managed by Pulumi",
  });
  const stack = await createStack();
  await connect(stack, organisation);
  const imported = sourceProgram(CHOSEN, `{ import: ${JSON.stringify(source_id)} }`);
  await stack.program(imported);
  await succeeds(stack.up());
  const other = `new EventBridgeSource("other", ${JSON.stringify({ ...MINIMAL, name: "other" })}, { dependsOn: source });`;
  const moved = imported.replace('"vip", {', '"renamed", {');
  await stack.program(moved + other);
  await organisation.fault({ ...LOST, action: { kind: "answer", status: 403 } });
  await fails(stack.up());
  expect(await stack.resources()).toHaveLength(2);
  await stack.program(moved);
  expect(await succeeds(stack.up())).toContain("another resource of the stack has it, too");
  expect(await onlySource(organisation)).toMatchObject({ source_id });
  await succeeds(stack.destroy());
  expect(await organisation.sources()).toEqual([]);
});

test("two resources of one run that would adopt the same source: the second is told", async () => {
  const organisation = await startOrganisation();
  const stack = await createStack();
  await connect(stack, organisation);
  const adopting = { ...CHOSEN, onConflict: "adopt" };
  await stack.program(`
const { EventBridgeSource } = require("pulumi-genesyscloud-eventbridge");
const a = new EventBridgeSource("a", ${JSON.stringify({ ...adopting, description: "a's" })});
new EventBridgeSource("b", ${JSON.stringify({ ...adopting, description: "b's" })}, { dependsOn: a });
`);
  expect(await fails(stack.up())).toContain("is in the stack already");
  expect(await onlySource(organisation)).toMatchObject({ description: "a's" });
});

nightly("a source that a list shows though it was deleted is not taken for the new one", async () => {
  const organisation = await startOrganisation();
  await organisation.variants({ jobSourceId: "never", listDelaySeconds: 6 });
  const stack = await stackIn(organisation, CHOSEN);
  await succeeds(stack.up());
  await succeeds(stack.destroy());
  await succeeds(stack.up());
  await onlySource(organisation);
  await succeeds(stack.destroy());
  expect(await organisation.sources()).toEqual([]);
});

test("with the answer to its POST lost and its job slow, a create of a chosen name is found by the next run", async () => {
  const organisation = await startOrganisation({ jobDurationMs: 6_000 });
  const stack = await stackIn(organisation, { ...CHOSEN, timeouts: { create: "4s" } });
  await organisation.fault({ match: LOST.match, action: { kind: "resetAfter" } });
  await fails(stack.up());
  await stack.program(sourceProgram(CHOSEN));
  await succeeds(stack.up());
  expect((await stack.resources())[0]?.id).toBe((await onlySource(organisation)).source_id);
});

/** What the programs above would have, made well after any job of theirs. */
const laterSource = () => ({
  name: "chosen",
  description: "Managed by Pulumi",
  date_created: new Date(Date.now() + 5_000).toISOString(),
});

test("under the settings of another organisation nothing of a stack passes for gone", async () => {
  const organisation = await startOrganisation();
  const stack = await stackIn(organisation);
  await succeeds(stack.up());
  const { source_id } = await onlySource(organisation);
  const other = await startOrganisation();
  await connect(stack, { ...other, url: other.url.replace("127.0.0.1", "localhost") });
  expect(await fails(stack.up())).toContain(
    `(id ${source_id}) is not found through the stack's configuration: it was made or changed at 127.0.0.1.`,
  );
  for (const operation of [() => stack.refresh(), () => stack.destroy()])
    expect(await fails(operation())).toContain(
      `(id ${source_id}) is not found at localhost: it was made or changed at 127.0.0.1, and stays in the stack's state.`,
    );
  expect((await stack.resources()).map(({ id }) => id)).toEqual([source_id]);
  await connect(stack, organisation);
  await succeeds(stack.up());
  await succeeds(stack.destroy());
  expect(await organisation.sources()).toEqual([]);
});
