/** What runs that were killed or interrupted have left, and what is replaced by force. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { nightly } from "./support/nightly.js";
import {
  connect,
  MINIMAL,
  type Organisation,
  sourceProgram,
  stackIn,
  startOrganisation,
} from "./support/organisation.js";
import { providerProcesses } from "./support/providerProcesses.js";
import { createStack, type Stack } from "./support/stack.js";

const posts = async (organisation: Organisation) =>
  (await organisation.calls()).filter((call) => call.startsWith("POST"));

/** Resolves when the API has accepted so many sources. */
const posted = (organisation: Organisation, count = 1) =>
  vi.waitUntil(async () => (await posts(organisation)).length >= count, { timeout: 60_000, interval: 20 });

/** Starts an up and kills the provider as soon as it has asked for the source's job, which is still at work. */
async function killProvider(stack: Stack, organisation: Organisation, ...args: string[]): Promise<string> {
  const { ended } = stack.startUp(...args);
  const isAsked = async () => (await organisation.calls()).some((call) => call.includes("/asyncapi/jobs/"));
  await vi.waitUntil(isAsked, { timeout: 60_000, interval: 20 });
  for (const pid of providerProcesses(stack.folder)) process.kill(pid, "SIGKILL");
  const { code, output } = await ended;
  expect(code).not.toBe(0);
  return output;
}

/** What a runner that is thrown away takes with it: everything but the program and the state. */
async function loseLocalFiles(stack: Stack): Promise<void> {
  await rm(join(stack.folder, ".genesyscloud-eventbridge"), { recursive: true });
}

/** As `killProvider`, on a machine that has no local files before and is gone with them afterwards. */
async function killOnPassingMachine(stack: Stack, organisation: Organisation, ...args: string[]) {
  await loseLocalFiles(stack);
  await organisation.forgetCalls();
  await killProvider(stack, organisation, ...args);
  await loseLocalFiles(stack);
}

async function expectOneSource(stack: Stack, organisation: Organisation): Promise<void> {
  const again = await stack.up();
  expect(again.code, again.output).toBe(0);
  const sources = await organisation.sources();
  expect(sources).toEqual([expect.objectContaining({ status: "active" })]);
  expect((await stack.resources()).map(({ id }) => id)).toEqual([sources[0]?.source_id]);
  expect((await stack.preview("--expect-no-changes")).code).toBe(0);
}

test("what a killed up has left and a destroy does not find, doctor names; the next up goes on with it", async () => {
  const organisation = await startOrganisation({ jobDurationMs: 3_000 });
  const stack = await stackIn(organisation);
  await killProvider(stack, organisation);
  await vi.waitUntil(async () => (await organisation.sources()).length === 1, { timeout: 60_000 });
  const destroyed = await stack.destroy();
  expect(destroyed.code, destroyed.output).toBe(0);
  const [source] = await organisation.sources();
  const { code, stdout } = await stack.command("doctor");
  expect(code, stdout).toBe(0);
  expect(stdout).toMatch(
    new RegExp(`^warning {2}interrupted creates .*"${source?.name}" \\(id ${source?.source_id}\\)`, "m"),
  );
  await expectOneSource(stack, organisation);
  expect((await stack.command("doctor")).stdout).toMatch(/^ok {7}interrupted creates /m);
});

test("of a name that the program chose nothing proves that it is ours once the journal is lost: a conflict, and adopt", async () => {
  const organisation = await startOrganisation({ jobDurationMs: 3_000 });
  const stack = await stackIn(organisation, { ...MINIMAL, name: "chosen" });
  await killProvider(stack, organisation);
  await loseLocalFiles(stack);
  await vi.waitUntil(async () => (await organisation.sources()).length === 1, { timeout: 60_000 });
  const [source] = await organisation.sources();
  const conflict = await stack.up();
  expect(conflict.code).not.toBe(0);
  expect(conflict.output).toContain(`exists already: its id is ${source?.source_id}`);
  await stack.program(sourceProgram({ ...MINIMAL, name: "chosen", onConflict: "adopt" }));
  await expectOneSource(stack, organisation);
});

test("what was left behind under another topic, which no update can change, makes room for what is asked for now", async () => {
  const organisation = await startOrganisation({ jobDurationMs: 3_000 });
  const stack = await stackIn(organisation, { ...MINIMAL, name: "chosen" });
  await killProvider(stack, organisation);
  await stack.program(
    sourceProgram({
      ...MINIMAL,
      name: "renamed",
      eventTopicId: "topic-conversation-end",
      description: "new",
    }),
  );
  await expectOneSource(stack, organisation);
  expect((await organisation.sources())[0]).toMatchObject({
    name: "renamed",
    event_topic_id: "topic-conversation-end",
    description: "new",
  });
});

test("a CLI that is killed: its provider starts nothing new and ends; the next up goes on", async () => {
  const organisation = await startOrganisation({ jobDurationMs: 4_000 });
  const stack = await createStack();
  await connect(stack, organisation);
  await stack.program(`
const { EventBridgeSource } = require("pulumi-genesyscloud-eventbridge");
for (let i = 0; i < 12; i++) new EventBridgeSource("s" + i, ${JSON.stringify(MINIMAL)});
`);
  const { child, ended } = stack.startUp("--parallel", "4");
  await posted(organisation, 4);
  child.kill("SIGKILL");
  await ended;
  await vi.waitUntil(() => providerProcesses(stack.folder).length === 0, { timeout: 120_000 });
  expect(await posts(organisation)).toHaveLength(4);

  await stack.pulumi("cancel", "--yes");
  const again = await stack.up();
  expect(again.code, again.output).toBe(0);
  expect(await organisation.sources()).toHaveLength(12);
  expect(await stack.resources()).toHaveLength(12);
  expect(await posts(organisation)).toHaveLength(12);
});

test("at the first Ctrl-C what is in flight is finished and recorded", async () => {
  const organisation = await startOrganisation({ jobDurationMs: 1_500 });
  const stack = await stackIn(organisation);
  const { child, ended } = stack.startUp();
  await posted(organisation);
  child.kill("SIGINT");
  await ended;
  const [source] = await organisation.sources();
  expect((await stack.resources()).map(({ id }) => id)).toEqual([source?.source_id]);
  expect(source?.status).toBe("active");
});

test("a deletion that is refused while another job is at work waits for it", async () => {
  const organisation = await startOrganisation();
  const stack = await stackIn(organisation);
  expect((await stack.up()).code).toBe(0);
  const body = { message: "The source is being changed by another job.", code: "job.in.progress" };
  await organisation.fault({
    match: { method: "DELETE" },
    times: 2,
    action: { kind: "answer", status: 409, body },
  });
  const destroy = await stack.destroy();
  expect(destroy.code, destroy.output).toBe(0);
  expect(await organisation.sources()).toEqual([]);
  expect((await organisation.calls()).filter((call) => call.startsWith("DELETE"))).toHaveLength(3);
});

test("a source that is replaced by force is made anew beside the old one, and is never taken for it", async () => {
  const organisation = await startOrganisation();
  const stack = await stackIn(organisation);
  expect((await stack.up()).code).toBe(0);
  const [first] = await stack.resources();
  const replaced = await stack.up("--replace", String(first?.urn));
  expect(replaced.code, replaced.output).toBe(0);
  const [second, ...others] = await organisation.sources();
  expect(others).toEqual([]);
  expect(second?.source_id).not.toBe(first?.id);
  expect(second?.name).not.toBe(first?.outputs.name);
  expect((await stack.preview("--expect-no-changes")).code).toBe(0);

  expect((await stack.pulumi("state", "taint", String(first?.urn), "--yes")).code).toBe(0);
  const tainted = await stack.up();
  expect(tainted.code, tainted.output).toBe(0);
  const [third] = await organisation.sources();
  expect(third?.source_id).not.toBe(second?.source_id);
  expect(third?.name).not.toBe(second?.name);
});

test("replaced by force on another machine than made it, it is made anew beside the old one, too", async () => {
  const organisation = await startOrganisation();
  const stack = await stackIn(organisation);
  expect((await stack.up()).code).toBe(0);
  const [resource] = await stack.resources();
  await loseLocalFiles(stack);
  const replaced = await stack.up("--replace", String(resource?.urn));
  expect(replaced.code, replaced.output).toBe(0);
  const [source, ...others] = await organisation.sources();
  expect(others).toEqual([]);
  expect(source?.source_id).not.toBe(resource?.id);
  expect(source?.name).not.toBe(resource?.outputs.name);
});

nightly(
  "tainted, and killed while it is made anew, on a machine that is gone with its files: the next up goes on",
  async () => {
    const organisation = await startOrganisation({ jobDurationMs: 4_000 });
    const stack = await stackIn(organisation);
    expect((await stack.up()).code).toBe(0);
    const [resource] = await stack.resources();
    expect((await stack.pulumi("state", "taint", String(resource?.urn), "--yes")).code).toBe(0);
    await killOnPassingMachine(stack, organisation);
    await expectOneSource(stack, organisation);
    expect((await stack.resources())[0]?.id).not.toBe(resource?.id);
  },
);

nightly(
  "replaced by force, deleted first, and killed while it is made, on a machine that is gone with its files: a plain up goes on",
  async () => {
    const organisation = await startOrganisation({ jobDurationMs: 4_000 });
    const stack = await stackIn(organisation);
    await stack.program(sourceProgram(MINIMAL, "{ deleteBeforeReplace: true }"));
    expect((await stack.up()).code).toBe(0);
    const [resource] = await stack.resources();
    await killOnPassingMachine(stack, organisation, "--replace", String(resource?.urn));
    await expectOneSource(stack, organisation);
    expect((await stack.resources())[0]?.id).not.toBe(resource?.id);
  },
);

nightly(
  "deleted by hand, found gone by an up that refreshes and is killed while it makes it again: the next up goes on",
  async () => {
    const organisation = await startOrganisation({ jobDurationMs: 4_000 });
    const stack = await stackIn(organisation);
    expect((await stack.up()).code).toBe(0);
    const [source] = await organisation.sources();
    await organisation.remove("sources", String(source?.source_id));
    await killOnPassingMachine(stack, organisation, "--refresh");
    await expectOneSource(stack, organisation);
  },
);

nightly(
  "given another name by hand, tainted, and killed in an up that refreshes, on a machine that is gone: the next up goes on",
  async () => {
    const organisation = await startOrganisation({ jobDurationMs: 4_000 });
    const stack = await stackIn(organisation);
    expect((await stack.up()).code).toBe(0);
    const [resource] = await stack.resources();
    await organisation.change("sources", String(resource?.id), { name: "by-hand" });
    expect((await stack.pulumi("state", "taint", String(resource?.urn), "--yes")).code).toBe(0);
    await killOnPassingMachine(stack, organisation, "--refresh");
    await expectOneSource(stack, organisation);
  },
);

test("a source that may be adopted is not adopted as its own successor when it is replaced by force", async () => {
  const organisation = await startOrganisation();
  const stack = await stackIn(organisation, { ...MINIMAL, name: "kept", onConflict: "adopt" });
  expect((await stack.up()).code).toBe(0);
  const [resource] = await stack.resources();
  const refused = await stack.up("--replace", String(resource?.urn));
  expect(refused.code).not.toBe(0);
  expect(refused.output).toContain(
    "Where it is being replaced under the name that it has, set the option deleteBeforeReplace",
  );
  expect(await organisation.sources()).toEqual([expect.objectContaining({ source_id: resource?.id })]);
  expect((await stack.resources())[0]?.id).toBe(resource?.id);
});
