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

test("the model notices what another hand does to the stack's own source", async () => {
  await lane.organisation.reset();
  const stack = new Life(lane, 0);
  stack.edit(0, SPEC);
  await stack.operate("up");
  const [source] = (await lane.organisation.truth()).sources;
  await lane.organisation.add({ ...source, source_id: "double", name: "r0-double" });
  await expect(stack.operate("up")).rejects.toThrow(Violation);
});
