import { expect, test } from "vitest";
import {
  MINIMAL,
  type Organisation,
  sourceProgram,
  stackIn,
  startOrganisation,
} from "./support/organisation.js";

const IMPATIENT = { ...MINIMAL, timeouts: { create: "1s" } };

const posts = async (organisation: Organisation) =>
  (await organisation.calls()).filter((call) => call.startsWith("POST")).length;

test("behaviour 21: a job that outlives the create is kept with its id, and the next up goes on from there with no second POST", async () => {
  const organisation = await startOrganisation({ jobDurationMs: 8_000 });
  const stack = await stackIn(organisation, IMPATIENT);
  const up = await stack.up();
  expect(up.code).not.toBe(0);
  expect(up.output).toMatch(/was not over after .*: its last status was (queued|running)/);
  expect(up.output).toContain('the next "pulumi up" goes on from there');
  const [kept] = await stack.resources();
  expect(kept?.id).toMatch(/^job:/);

  await organisation.settings({ jobDurationMs: 50 });
  await stack.program(sourceProgram(MINIMAL));
  const again = await stack.up();
  expect(again.code, again.output).toBe(0);
  expect(await posts(organisation)).toBe(1);
  const [source] = await organisation.sources();
  expect((await stack.resources())[0]?.outputs).toMatchObject({
    sourceId: source?.source_id,
    status: "active",
  });
  expect((await stack.resources())[0]?.outputs).not.toHaveProperty("__unfinished");

  // Refresh forgets the engine's own marks and replaces the job's id by the source's.
  const refresh = await stack.refresh();
  expect(refresh.code, refresh.output).toBe(0);
  expect((await stack.resources())[0]?.id).toBe(source?.source_id);
  expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  expect((await stack.destroy()).code).toBe(0);
  expect(await organisation.sources()).toEqual([]);
});

test("a destroy straight after removes what the job was still making", async () => {
  const organisation = await startOrganisation({ jobDurationMs: 5_000 });
  const stack = await stackIn(organisation, IMPATIENT);
  expect((await stack.up()).code).not.toBe(0);
  const destroy = await stack.destroy();
  expect(destroy.code, destroy.output).toBe(0);
  expect(await organisation.sources()).toEqual([]);
  expect(await stack.resources()).toEqual([]);
});

test("a refresh in between keeps what is unfinished, and up finishes it", async () => {
  const organisation = await startOrganisation({ jobDurationMs: 5_000 });
  await organisation.variants({ statusAfterJob: "draft" });
  const stack = await stackIn(organisation, IMPATIENT);
  expect((await stack.up()).code).not.toBe(0);
  expect((await stack.refresh()).code).toBe(0);
  await stack.program(sourceProgram(MINIMAL));
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
  expect(await organisation.sources()).toEqual([expect.objectContaining({ status: "active" })]);
  expect(await posts(organisation)).toBe(1);
});

test("a failed job says why and leaves nothing; the next up tries anew", async () => {
  const organisation = await startOrganisation();
  await organisation.nextJob({
    status: "failed",
    error: { code: "target.refused", message: "the target said no" },
  });
  const stack = await stackIn(organisation, MINIMAL);
  const up = await stack.up();
  expect(up.code).not.toBe(0);
  expect(up.output).toContain("failed: target.refused: the target said no");
  expect(await stack.resources()).toEqual([]);
  const again = await stack.up();
  expect(again.code, again.output).toBe(0);
  expect(await organisation.sources()).toHaveLength(1);
});

test("behaviour 26: a job in a status that nobody knows fails at once, naming it", async () => {
  const organisation = await startOrganisation();
  await organisation.nextJob({ status: "paused" });
  const stack = await stackIn(organisation, MINIMAL);
  const up = await stack.up();
  expect(up.code).not.toBe(0);
  expect(up.output).toContain('is in the unknown status "paused"');
});

test("a last step that fails keeps the source's id, and the next up takes the step again", async () => {
  const organisation = await startOrganisation();
  const stack = await stackIn(organisation, { ...MINIMAL, status: "inactive" });
  await organisation.fault({
    match: { method: "PUT" },
    action: { kind: "answer", status: 403, body: { message: "not now", code: "forbidden" } },
  });
  const up = await stack.up();
  expect(up.code).not.toBe(0);
  expect(up.output).toContain("eventbridge:source:write");
  const [source] = await organisation.sources();
  expect((await stack.resources())[0]?.id).toBe(source?.source_id);

  const again = await stack.up();
  expect(again.code, again.output).toBe(0);
  expect(await organisation.sources()).toEqual([
    expect.objectContaining({ source_id: source?.source_id, status: "inactive" }),
  ]);
  expect(await posts(organisation)).toBe(1);
});

test("a taken name is a conflict that names the id and the ways on; adopt takes the source over", async () => {
  const organisation = await startOrganisation();
  const existing = await organisation.add("sources", {
    name: "taken",
    description: "by hand",
    event_topic_id: MINIMAL.eventTopicId,
    targets: [{ target_id: "target-siem", priority: 1 }],
  });
  const stack = await stackIn(organisation, { ...MINIMAL, name: "taken" });
  const up = await stack.up();
  expect(up.code).not.toBe(0);
  expect(up.output).toContain(`EventBridge source "taken" exists already: its id is ${existing.source_id}`);
  expect(up.output).toContain('onConflict: "adopt"');
  expect(await stack.resources()).toEqual([]);

  await stack.program(sourceProgram({ ...MINIMAL, name: "taken", onConflict: "adopt" }));
  const adopted = await stack.up();
  expect(adopted.code, adopted.output).toBe(0);
  expect(await organisation.sources()).toEqual([
    expect.objectContaining({
      source_id: existing.source_id,
      description: "Managed by Pulumi",
      targets: [{ target_id: "target-crm", priority: 1 }],
    }),
  ]);
  expect((await stack.preview("--expect-no-changes")).code).toBe(0);
});

test("a POST whose answer is lost is looked for, not repeated", async () => {
  const organisation = await startOrganisation();
  await organisation.variants({ sourceVisible: "atOnce" });
  await organisation.fault({ match: { method: "POST", path: "/sources$" }, action: { kind: "resetAfter" } });
  const stack = await stackIn(organisation, MINIMAL);
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
  expect(await organisation.sources()).toHaveLength(1);
  expect(await posts(organisation)).toBe(1);
});

test("429 with Retry-After and an outage are ridden out, and the repeats are counted truly", async () => {
  const organisation = await startOrganisation();
  const wait = (header: string) => ({
    kind: "answer" as const,
    status: 429,
    headers: { "Retry-After": header },
  });
  await organisation.fault({ match: { method: "POST", path: "/sources$" }, action: wait("1") });
  await organisation.fault({
    match: { method: "GET", path: "/sources/" },
    times: 2,
    action: { kind: "answer", status: 503 },
  });
  const stack = await stackIn(organisation, MINIMAL);
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
  expect((await stack.resources())[0]?.outputs.retryCount).toBe(3);
  expect(await organisation.sources()).toHaveLength(1);
});

test("an update over a change that nobody has seen yet is refused, naming where", async () => {
  const organisation = await startOrganisation();
  const stack = await stackIn(organisation, { ...MINIMAL, description: "ours" });
  expect((await stack.up()).code).toBe(0);
  const [source] = await organisation.sources();
  await organisation.change("sources", String(source?.source_id), { description: "theirs" });
  await stack.program(sourceProgram({ ...MINIMAL, description: "ours, edited" }));
  const up = await stack.up();
  expect(up.code).not.toBe(0);
  expect(up.output).toContain("the program asks for something else: description. Run");
  expect(up.output).not.toMatch(/theirs|ours, edited/);
  expect((await organisation.sources())[0]?.description).toBe("theirs");
});
