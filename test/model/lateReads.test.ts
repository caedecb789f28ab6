/** Lives of sources in which a list, a read or a job is behind the truth, told step by step. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Life } from "./life.js";
import { CALM, type Schedule } from "./schedule.js";
import type { Spec } from "./subjects/index.js";
import { type Lane, openLane } from "./support/lane.js";
import { emptyLife, SPEC } from "./support/stories.js";

let lane: Lane;
beforeAll(async () => {
  lane = await openLane();
});
afterAll(() => lane.close());

const A = { ...SPEC, key: "a" } as const;
const B = { ...SPEC, key: "b" } as const;

async function stackOf(spec: Spec, variants: Schedule["variants"] = {}): Promise<Life> {
  const stack = await emptyLife(lane, { variants });
  stack.edit(0, spec);
  return stack;
}

const names = async () => (await lane.organisation.truth()).objects.map(({ name }) => name).toSorted();
/** Names in lists are ten seconds old. */
const LATE = { listChanges: "late", listDelaySeconds: 10 } as const;

test("what somebody has given another name is not adopted by the name that a late list still shows", async () => {
  const stack = await stackOf({ ...A, onConflict: "adopt" }, LATE);
  await stack.byHand({ by: "add", resource: 0, key: "a", fixed: 0 });
  await lane.clock.sleep(12_000);
  await stack.byHand({ by: "change", pick: 0, field: "name" });
  expect(await stack.operate("up")).toMatchObject({ ok: true, steps: [{ step: "create" }] });
  expect(await names()).toEqual(["r0-a", "r0-a-by-hand"]);
});

test("what a job has just made is not forgotten for another name", async () => {
  const stack = await stackOf({ ...A, impatient: true }, { jobSourceId: "never", listDelaySeconds: 10 });
  const late = { status: "completed", afterMs: 30_000 } as const;
  expect((await stack.operate("up", { trouble: { ...CALM, jobs: [late] } })).ok).toBe(false);
  stack.edit(0, { ...B, impatient: true });
  for (let ups = 0; !(await stack.operate("up")).ok; ups++) {
    expect(ups).toBeLessThan(3);
    await stack.timePasses();
  }
  expect(await names()).toEqual(["r0-b"]);
});

test.each(["refresh", "destroy"] as const)(
  "what a job has made that failed is not gone while reads are late: %s",
  async (operation) => {
    const stack = await stackOf(A, { createAnswer: "jobWithSourceId", readDelaySeconds: 10 });
    const failed = { status: "failed", sourceMade: true, afterMs: 300 } as const;
    const trouble = { ...CALM, jobs: [failed], withdrawn: "asyncapi:job:read" };
    expect((await stack.operate("up", { trouble })).ok).toBe(false);
    expect(stack.stacks.state).toHaveLength(1);
    await stack.operate(operation);
    expect(stack.stacks.state).toHaveLength(operation === "refresh" ? 1 : 0);
    expect(await names()).toEqual(operation === "refresh" ? ["r0-a"] : []);
  },
);

test("what a killed update has posted is gone on with under another name", async () => {
  const stack = await stackOf(A);
  const failed = { status: "failed", afterMs: 300 } as const;
  await stack.operate("up", { trouble: { ...CALM, jobs: [failed], withdrawn: "asyncapi:job:read" } });
  // Lists have had their time: one look has to do.
  await lane.clock.sleep(31_000);
  const posted = async () => (await lane.organisation.truth()).jobs.filter(({ kind }) => kind === "create");
  for (let at = 0; (await posted()).length < 2; at++) {
    expect(at, stack.diary.join("\n")).toBeLessThan(8);
    await stack.operate("up", { trouble: { ...CALM, kill: { at, after: true, power: false } } });
  }
  stack.edit(0, B);
  expect(await stack.operate("up")).toMatchObject({ ok: true });
  expect(await names()).toEqual(["r0-b"]);
});
