/** Random lives of a stack, in which every invariant must hold after every operation. */
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { schedules } from "./arbitraries.js";
import { runSchedule } from "./runSchedule.js";
import type { Schedule } from "./schedule.js";

import { type Lane, openLane } from "./support/lane.js";

/** More than cores, for a provider and its organisation take turns. */
const LANES = Number(process.env.MODEL_LANES ?? 3);
const RUNS = Number(process.env.MODEL_RUNS ?? 80);
/** "off" shows a failure as it was found, at once. */
const SHRINK = process.env.MODEL_SHRINK !== "off";
/** The same by default: CI must fail for the change at hand, not for a lucky draw. `npm run nightly` draws a fresh one. */
const SEED = Number(process.env.MODEL_SEED ?? 11);
const PATH = process.env.MODEL_PATH;

let lived = 0;
const lanes: Lane[] = [];
beforeAll(async () => {
  lanes.push(...(await Promise.all(Array.from({ length: PATH === undefined ? LANES : 1 }, openLane))));
});
afterAll(() => Promise.all(lanes.map((lane) => lane.close())));

test(`random lives of a stack, seed ${SEED}`, { timeout: 0 }, async () => {
  console.log(`MODEL_SEED=${SEED}, ${RUNS} schedules`);
  const begun = performance.now();
  const failures = await Promise.all(lanes.map((lane, index) => explore(lane, SEED + index)));
  const seconds = (performance.now() - begun) / 1_000;
  console.log(`${RUNS} schedules in ${seconds.toFixed(1)} s`);
  expect(failures.filter((each) => each !== undefined).join("\n\n")).toBe("");
});

/** Lives one lane's share of the schedules. @returns how to replay what failed, and what it was */
async function explore(lane: Lane, seed: number): Promise<string | undefined> {
  const details = await fc.check(
    fc.asyncProperty(schedules, async (schedule) => {
      await runSchedule(lane, schedule);
      lived += 1;
      if (lived % 100 === 0) console.log(`${lived} schedules went well`);
    }),
    {
      seed,
      numRuns: Math.ceil(RUNS / lanes.length),
      endOnFailure: !SHRINK,
      ...(PATH === undefined ? {} : { path: PATH }),
    },
  );
  if (!details.failed) return undefined;
  const failure = sayFailure(seed, details);
  // The other lanes may take their time.
  console.log(failure);
  return failure;
}

/** How to replay what failed, and what it was. */
function sayFailure(seed: number, details: fc.RunDetails<[Schedule]>): string {
  const { counterexamplePath, counterexample, numRuns, numShrinks, errorInstance } = details;
  return [
    `Schedule ${numRuns} fails. Replay: MODEL_SEED=${seed} MODEL_PATH=${counterexamplePath} npm run test:model`,
    `Shrunk ${numShrinks} times to:`,
    JSON.stringify(counterexample?.[0]),
    (errorInstance as Error | null)?.stack ?? String(errorInstance),
  ].join("\n");
}
