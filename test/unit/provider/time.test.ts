// What becomes of a step when somebody sets this machine's time of day in the middle of it.
import { describe, expect, test, vi } from "vitest";
import type { SourceState } from "../../../provider/src/eventBridgeSource/model.js";
import { machineTime } from "../../../provider/src/genesys/time.js";
import type { Outcome } from "../../../provider/src/hooks/lifecycle.js";
import { withHooks } from "../../../provider/src/hooks/withHooks.js";
import { done, errorOf, fakeContext, inTime, useVirtualTime } from "./support/context.js";
import { createSourceHandler, inputsWith } from "./support/source.js";

useVirtualTime();

const YEAR = 365 * 24 * 3_600_000;

/** A process that makes a source, the time of day set by so much after half a minute. */
function story(setBy: number) {
  const { context, organisation } = fakeContext();
  organisation.addTopic("topic-1").addTarget("target-1");
  const outcomes: Outcome[] = [];
  const record = async (_: unknown, __: unknown, outcome: Outcome) => void outcomes.push(outcome);
  const handler = withHooks(createSourceHandler(), [{ record }]);
  const begun = performance.now();
  setTimeout(() => vi.setSystemTime(Date.now() + setBy), 30_000);
  return { context, organisation, handler, outcomes, passed: () => performance.now() - begun };
}

describe.each([
  ["back", -YEAR],
  ["forward", YEAR],
])("the time of day, set %s by a year in the middle of a create", (_, setBy) => {
  test("leaves its time-out as long as it is, and what it took", async () => {
    const { context, organisation, handler, outcomes, passed } = story(setBy);
    organisation.endings = [{ status: "running" }];
    const inputs = inputsWith({ timeouts: { create: "2m" } });
    const error = await errorOf(handler.create(context, inputs));
    expect(error.message).toContain("Job job-1 was not over after 2 min");
    expect(passed()).toBeCloseTo(120_000, -2);
    expect((error.state as SourceState).latencySeconds).toBeCloseTo(120, 1);
    expect(outcomes[0]?.latencySeconds).toBeCloseTo(120, 1);
  });

  test("changes nothing for one that goes well", async () => {
    const { context, organisation, handler, outcomes } = story(setBy);
    organisation.pending = Array.from({ length: 30 }, () => ({ status: "running" }));
    const { id, state } = await inTime(done(handler.create(context, inputsWith())));
    expect(id).toBe("src-1");
    expect(state.latencySeconds).toBeGreaterThan(30);
    expect(state.latencySeconds).toBeLessThan(120);
    expect(outcomes[0]?.latencySeconds).toBe(state.latencySeconds);
  });
});

test("time that passes is told in whole milliseconds, and the time of day is the machine's", () => {
  expect(Number.isInteger(machineTime.elapsed())).toBe(true);
  expect(machineTime.now()).toBe(Date.now());
});
