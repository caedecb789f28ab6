import type { FaultRule } from "genesyscloud-sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Life, Violation } from "./life.js";
import type { SourceSpec } from "./program.js";
import { runSchedule } from "./runSchedule.js";
import type { Round, Schedule } from "./schedule.js";
import { type Lane, openLane } from "./support/lane.js";

let lane: Lane;
beforeAll(async () => {
  lane = await openLane();
});
afterAll(() => lane.close());

const SPEC: SourceSpec = {
  name: "auto",
  topic: 0,
  targets: [0],
  filters: 0,
  status: undefined,
  description: undefined,
  onConflict: undefined,
  webhook: undefined,
  impatient: false,
};
const CALM: Round["trouble"] = {
  faults: [],
  jobs: [],
  withdrawn: undefined,
  meanwhile: undefined,
  kill: undefined,
  receiver: undefined,
};
const round = (operation: Round["operation"], more: Partial<Round> = {}): Round => ({
  edits: [],
  byHand: [],
  operation,
  pick: 0,
  another: false,
  elsewhere: false,
  trouble: CALM,
  ...more,
});
const life = (rounds: Round[], more: Partial<Schedule> = {}): Schedule => ({
  variants: {},
  jobMs: 300,
  allowed: undefined,
  rounds,
  ...more,
});
const edits = [{ resource: 0, spec: SPEC }];

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
  await lane.organisation.reset();
  await lane.organisation.variants({ jobSourceId: "never" });
  const stack = new Life(lane, 0);
  stack.edit(0, SPEC);
  await stack.operate("up", { trouble: { ...CALM, withdrawn: "eventbridge:source:read" } });
  await stack.byHand({ by: "remove", pick: 0 });
  expect(await stack.operate("destroy")).toMatchObject({ ok: true });
  expect(stack.engine.state).toEqual([]);
});

test("what was posted since is found after a refresh that finds what was made before gone", async () => {
  await lane.organisation.reset();
  await lane.organisation.variants({ createAnswer: "jobWithSourceId" });
  const stack = new Life(lane, 0);
  stack.edit(0, { ...SPEC, name: "a" });
  await stack.operate("up", { trouble: { ...CALM, withdrawn: "eventbridge:source:read" } });
  await stack.byHand({ by: "remove", pick: 0 });
  const lost: FaultRule = { match: { method: "POST", path: "/sources$" }, action: { kind: "resetAfter" } };
  const unseen: FaultRule = {
    match: { method: "GET", path: "/sources\\?" },
    action: { kind: "answer", status: 403 },
  };
  await stack.operate("up", { trouble: { ...CALM, faults: [lost, unseen] } });
  await stack.operate("refresh");
  expect(await stack.operate("up")).toMatchObject({ ok: true, steps: [{ step: "create" }] });
});

test("the model notices what another hand does to the stack's own source", async () => {
  await lane.organisation.reset();
  const stack = new Life(lane, 0);
  stack.edit(0, SPEC);
  await stack.operate("up");
  const [source] = (await lane.organisation.truth()).sources;
  await lane.organisation.add({ ...source, source_id: "double", name: "r0-double" });
  await expect(stack.operate("up")).rejects.toThrow(Violation);
});
