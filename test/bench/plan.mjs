/** The scenarios by name, with the numbers that they are run with. */
import * as scenarios from "./scenarios.mjs";

/**
 * @typedef {object} Scenario
 * @property {boolean} quick whether the quick form runs it, too
 * @property {(bench: import("./scenarios.mjs").Bench) => Promise<any>} run
 */

const WINDOW = { allowed: 100, windowSeconds: 10 };
const SECONDS_1_TO_5 = /** @type {[number, number]} */ ([1_000, 5_000]);

/** @type {Record<string, Scenario>} */
export const SCENARIOS = {
  "life-10": { quick: true, run: (bench) => scenarios.life(bench, 10) },
  "life-100": { quick: true, run: (bench) => scenarios.life(bench, 100) },
  // Minutes each: once.
  "life-1000": { quick: false, run: (bench) => scenarios.life({ ...bench, rounds: 1 }, 1_000) },
  outputs: { quick: false, run: (bench) => scenarios.outputs(bench, 100) },
  "jobs-1-to-5-s": {
    quick: true,
    run: (bench) => scenarios.slowJobs(bench, { n: 100, jobs: SECONDS_1_TO_5, parallel: 8 }),
  },
  "jobs-2-s": {
    quick: false,
    run: (bench) => scenarios.slowJobs(bench, { n: 100, jobs: [2_000, 2_000], parallel: 8 }),
  },
  "jobs-32-at-once": {
    quick: false,
    run: (bench) => scenarios.slowJobs(bench, { n: 100, jobs: SECONDS_1_TO_5, parallel: 32 }),
  },
  window: {
    quick: true,
    run: (bench) => scenarios.shortWindow(bench, { n: 150, jobs: [0, 0], parallel: 8, ...WINDOW }),
  },
  "short-allowance": {
    quick: false,
    run: (bench) =>
      scenarios.shortWindow(bench, {
        n: 200,
        jobs: SECONDS_1_TO_5,
        parallel: 64,
        allowed: 300,
        windowSeconds: 60,
      }),
  },
  "window-1000": {
    quick: false,
    run: (bench) =>
      scenarios.shortWindow(bench, { n: 1_000, jobs: [0, 0], parallel: 8, allowed: 300, windowSeconds: 10 }),
  },
  integrations: { quick: true, run: (bench) => scenarios.integrations(bench, 30) },
  hooks: { quick: false, run: (bench) => scenarios.hooks(bench, 100) },
};
