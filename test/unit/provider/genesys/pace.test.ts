/** What those that wait are told of their next look, where looks are shared. How well it does, `polling.test.ts` simulates. */
import { expect, test } from "vitest";
import { createPace } from "../../../../provider/src/genesys/pace.js";

/** Eight that wait, and what others have taken: looks are shared. */
function eight() {
  let now = 0;
  const pace = createPace(
    () => now,
    () => undefined,
  );
  for (const ms of [1_000, 2_000, 3_000, 4_000, 5_000]) pace.watch("job").over(ms);
  const watches = Array.from({ length: 8 }, () => pace.watch("job", () => 1));
  const pass = (ms: number) => {
    now += ms;
  };
  return { pace, watch: watches[0] as (typeof watches)[number], pass, watches };
}

test("a look of one's own that got no answer is not due again at every shared moment", () => {
  const { watch, pass } = eight();
  const due: boolean[] = [];
  for (let moment = 0; moment < 40; moment++) {
    pass(watch.pause(0, 600_000));
    expect(watch.isShared).toBe(true);
    // Nothing is seen: the job's address answers 500.
    due.push(watch.isDue);
  }
  const taken = due.filter(Boolean).length;
  expect(taken).toBeGreaterThan(0);
  expect(taken).toBeLessThan(10);
});

test("those that cannot share do not count", () => {
  const { pace, watch, watches } = eight();
  for (const other of watches.slice(1)) other.leave();
  for (let other = 0; other < 7; other++) pace.watch("job");
  watch.pause(0, 600_000);
  expect(watch.isShared).toBe(false);
  expect(watch.isDue).toBe(true);
});

test("with little time left each looks by itself", () => {
  const { watch } = eight();
  watch.pause(0, 900);
  expect(watch.isShared).toBe(false);
});
