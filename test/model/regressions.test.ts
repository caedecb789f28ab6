/** Lives that went wrong once, and must not again. */
import type { FaultRule } from "genesyscloud-sandbox";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Life, Violation } from "./life.js";
import { runSchedule } from "./runSchedule.js";
import { type ByHand, CALM, type Schedule } from "./schedule.js";
import { type Spec, subjectOfObject } from "./subjects/index.js";
import type { StoredObject } from "./subjects/subject.js";
import { type Lane, openLane } from "./support/lane.js";
import { emptyLife, life, round, SPEC } from "./support/stories.js";

let lane: Lane;
beforeAll(async () => {
  lane = await openLane();
});
afterAll(() => lane.close());

const edits = [{ resource: 0, spec: SPEC }];

/** A stack of one source, to be told step by step, in an organisation of its own. */
async function stackOf(spec: Spec, variants: Schedule["variants"] = {}): Promise<Life> {
  const stack = await emptyLife(lane, { variants });
  stack.edit(0, spec);
  return stack;
}

test("a quiet life: made, seen, replaced and gone", () =>
  runSchedule(lane, life([round("up", { edits }), round("refresh"), round("replace")])));

test("a lost answer to a POST is looked for, and no second source is made", () =>
  runSchedule(
    lane,
    life([
      round("up", {
        edits,
        trouble: {
          ...CALM,
          faults: [{ match: { method: "POST", path: "/sources$" }, action: { kind: "resetAfter" } }],
        },
      }),
    ]),
  ));

test("a read that is not allowed keeps the resource in the state", () =>
  runSchedule(
    lane,
    life([
      round("up", { edits }),
      round("refresh", { trouble: { ...CALM, withdrawn: "eventbridge:source:read" } }),
    ]),
  ));

test("what a job has made and somebody has removed keeps no destroy from ending", async () => {
  const stack = await stackOf(SPEC, { jobSourceId: "never" });
  await stack.operate("up", { trouble: { ...CALM, withdrawn: "eventbridge:source:read" } });
  await stack.byHand({ by: "remove", pick: 0 });
  expect(await stack.operate("destroy")).toMatchObject({ ok: true });
  expect(stack.stacks.state).toEqual([]);
});

test("what was posted since is found after a refresh that finds what was made before gone", async () => {
  const stack = await stackOf({ ...SPEC, key: "a" }, { createAnswer: "jobWithSourceId" });
  await stack.operate("up", { trouble: { ...CALM, withdrawn: "eventbridge:source:read" } });
  await stack.byHand({ by: "remove", pick: 0 });
  const lost: FaultRule = { match: { method: "POST", path: "/sources$" }, action: { kind: "resetAfter" } };
  const unseen: FaultRule = {
    match: { method: "GET", path: "/sources\\?" },
    // What was removed is not taken for gone without a list.
    skip: 1,
    action: { kind: "answer", status: 403 },
  };
  await stack.operate("up", { trouble: { ...CALM, faults: [lost, unseen] } });
  await stack.operate("refresh");
  expect(await stack.operate("up")).toMatchObject({ ok: true, steps: [{ step: "create" }] });
});

test("what was made where reads lag behind is not dropped by a refresh that comes too early", async () => {
  const stack = await stackOf(SPEC, { jobSourceId: "never", readDelaySeconds: 10 });
  const garbled: FaultRule = {
    match: { method: "GET", path: "/sources\\?.*name=" },
    action: { kind: "malformed" },
  };
  await stack.operate("up", { trouble: { ...CALM, faults: [garbled] } });
  await stack.operate("refresh");
  expect(stack.stacks.state).toMatchObject([{ outputs: { sourceId: expect.any(String) } }]);
});

test("what a failed job has made, in a list that lagged behind, is found by the next create", async () => {
  const stack = await stackOf({ ...SPEC, key: "a" }, { jobSourceId: "never", listDelaySeconds: 10 });
  const failed = { status: "failed", error: { code: "refused", message: "no" }, sourceMade: true } as const;
  expect((await stack.operate("up", { trouble: { ...CALM, jobs: [failed] } })).ok).toBe(false);
  expect(stack.stacks.state).toEqual([]);
  await lane.clock.sleep(10_000);
  expect(await stack.operate("up")).toMatchObject({ ok: true, steps: [{ step: "create" }] });
  expect((await lane.organisation.truth()).objects).toHaveLength(1);
});

test("what a failed replacement has made, and the program gives another name since, is gone once that is there", async () => {
  const spec = { ...SPEC, key: "a" } as const;
  const stack = await stackOf(spec, { jobSourceId: "never", listDelaySeconds: 10 });
  const garbled: FaultRule = {
    match: { method: "GET", path: "/sources\\?.*name=" },
    action: { kind: "malformed" },
  };
  await stack.operate("up", { trouble: { ...CALM, faults: [garbled] } });
  stack.edit(0, { ...spec, topic: 1 });
  const failed = { status: "failed", error: { code: "refused", message: "no" }, sourceMade: true } as const;
  await stack.operate("up", { trouble: { ...CALM, jobs: [failed] } });
  stack.edit(0, { ...spec, key: "b", topic: 1 });
  expect((await stack.operate("up")).ok).toBe(true);
  expect((await lane.organisation.truth()).objects).toMatchObject([{ name: "r0-b" }]);
});

test("what was deleted by a step that failed, and a lagging list still shows, is not taken for what replaces it", async () => {
  const spec = { ...SPEC, key: "a" } as const;
  const lags = { listDelaySeconds: 10, readDelaySeconds: 10 } as const;
  const stack = await stackOf(spec, { jobSourceId: "never", deleteAnswer: "job", ...lags });
  await stack.operate("up");
  stack.edit(0, { ...spec, topic: 1 });
  await stack.operate("up", { trouble: { ...CALM, withdrawn: "asyncapi:job:read" } });
  expect((await stack.operate("up")).ok).toBe(true);
  expect((await lane.organisation.truth()).objects).toHaveLength(1);
});

test("what was posted when the power failed is known again, under a name that the program chose, too", async () => {
  for (const key of ["auto", "a"] as const) {
    const stack = await stackOf({ ...SPEC, key });
    // After a look at the topics, and one at the targets.
    const killed = await stack.operate("up", {
      trouble: { ...CALM, kill: { at: 2, after: true, power: true } },
    });
    expect(killed.ok).toBe(false);
    expect((await lane.organisation.truth()).jobs).toHaveLength(1);
    expect(await stack.operate("up")).toMatchObject({ ok: true });
    expect((await lane.organisation.truth()).objects).toHaveLength(1);
  }
});

test("what replaces by force and deletes first is found by a plain up, whenever it was killed and without a journal", async () => {
  let killed = 0;
  for (let at = 0; at < 8; at++) {
    const stack = await stackOf(SPEC);
    await stack.operate("up");
    const trouble = { ...CALM, kill: { at, after: true, power: false } };
    if (!(await stack.operate("replace", { elsewhere: true, trouble })).ok) killed += 1;
    // Where it was killed between a deletion and the state only a refresh tells.
    await stack.operate("refresh", { elsewhere: true });
    expect(await stack.operate("up", { elsewhere: true })).toMatchObject({ ok: true });
    expect((await lane.organisation.truth()).objects).toHaveLength(1);
  }
  expect(killed).toBeGreaterThan(4);
});

test("what a killed create had begun to adopt stays when the program asks for another name", async () => {
  let changed = 0;
  for (let at = 0; at < 7; at++) {
    const stack = await stackOf({ ...SPEC, key: "b", onConflict: "adopt" });
    await stack.byHand({ by: "add", resource: 0, key: "b", fixed: 0 });
    const trouble = { ...CALM, kill: { at, after: true, power: false } };
    if ((await stack.operate("up", { trouble })).ok) continue;
    changed += stack.knowledge.foreign.size === 0 ? 1 : 0;
    stack.edit(0, { ...SPEC, onConflict: "adopt" });
    expect(await stack.operate("up")).toMatchObject({ ok: true });
    expect((await lane.organisation.truth()).objects.map(({ name }) => name)).toContain("r0-b");
  }
  expect(changed).toBeGreaterThan(0);
});

test("what a job has made without telling its id is found again, whenever the update that renames it is killed", async () => {
  let killed = 0;
  for (let at = 0; at < 10; at++) {
    const stack = await stackOf({ ...SPEC, key: "a", impatient: true }, { jobSourceId: "never" });
    const late = { status: "completed", afterMs: 30_000 } as const;
    expect((await stack.operate("up", { trouble: { ...CALM, jobs: [late] } })).ok).toBe(false);
    stack.edit(0, { ...SPEC, key: "b" });
    const trouble = { ...CALM, kill: { at, after: true, power: true } };
    if (!(await stack.operate("up", { trouble })).ok) killed += 1;
    await stack.operate("refresh");
    expect(stack.stacks.state).toHaveLength(1);
    expect(await stack.operate("up")).toMatchObject({ ok: true });
    expect((await lane.organisation.truth()).objects.map(({ name }) => name)).toEqual(["r0-b"]);
  }
  expect(killed).toBeGreaterThan(4);
});

test("a source that an update makes again is told of, though its version is that of the one before", async () => {
  const stack = await stackOf({ ...SPEC, webhook: 0 }, { jobSourceId: "never" });
  const garbled: FaultRule = {
    match: { method: "GET", path: "/sources\\?.*name=" },
    action: { kind: "malformed" },
  };
  await stack.operate("up", { trouble: { ...CALM, faults: [garbled] } });
  await stack.operate("refresh");
  await stack.byHand({ by: "remove", pick: 0 });
  expect(await stack.operate("up")).toMatchObject({ ok: true, steps: [{ step: "update" }] });
});

test("whoever was told that a source is unfinished is told when it is finished, though it was read in between", async () => {
  const stack = await stackOf({ ...SPEC, webhook: 0 }, { jobSourceId: "never" });
  const garbled: FaultRule = {
    match: { method: "GET", path: "/sources\\?.*name=" },
    action: { kind: "malformed" },
  };
  await stack.operate("up", { trouble: { ...CALM, faults: [garbled] } });
  await stack.operate("refresh");
  expect(await stack.operate("up")).toMatchObject({ ok: true, steps: [{ step: "update" }] });
});

test("the model notices what another hand does to the stack's own source", async () => {
  const stack = await stackOf(SPEC);
  await stack.operate("up");
  const [source] = (await lane.organisation.truth()).objects;
  await lane.organisation.add(subjectOfObject(source as StoredObject), "r0-double", 0);
  await expect(stack.operate("up")).rejects.toThrow(Violation);
});

test.each<ByHand>([
  { by: "remove", pick: 0 },
  { by: "change", pick: 0, field: "description" },
])("what is deleted while somebody reaches for it nobody has touched: $by", async (act) => {
  const { organisation } = lane;
  const stack = await stackOf(SPEC);
  await stack.operate("up");
  const truth = await organisation.truth();
  await organisation.remove(truth.objects[0] as StoredObject);
  vi.spyOn(organisation, "truth").mockResolvedValueOnce(truth);
  await stack.byHand(act);
  expect(stack.diary.at(-1)).toContain("gone already");
  expect([...stack.knowledge.stale.keys(), ...stack.knowledge.unprovable]).toEqual([]);
});

test("a log that was begun elsewhere is missing on no machine that has one of its own", () =>
  runSchedule(
    lane,
    life([
      round("replace", { edits }),
      round("up", { elsewhere: true }),
      round("up", { edits: [{ resource: 1, spec: SPEC }] }),
    ]),
  ));
