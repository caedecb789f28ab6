/** What the bench measures: the scenarios that are run, and the rows that are read from their results. */
import * as scenarios from "./scenarios.mjs";

/**
 * @typedef {object} Scenario
 * @property {boolean} quick whether the quick form runs it, too
 * @property {(bench: import("./scenarios.mjs").Bench) => Promise<any>} run
 *
 * @typedef {object} Row
 * @property {string} scenario the name of the one that it is read from
 * @property {string} name
 * @property {"×" | "calls" | "%" | "429" | "bytes" | "MB"} unit
 * @property {number} [goal] at most that; none where the figure is told for its own sake
 * @property {(result: any) => number | undefined} figure undefined where this machine cannot tell
 * @property {string} how how it is measured
 * @property {string} [limit] what stands in the way where the goal is not met
 */

const WINDOW = { allowed: 100, windowSeconds: 10 };
const SECONDS_1_TO_5 = /** @type {[number, number]} */ ([1_000, 5_000]);

/** @type {Record<string, Scenario>} */
export const SCENARIOS = {
  "life-10": { quick: true, run: (bench) => scenarios.life(bench, 10) },
  "life-100": { quick: true, run: (bench) => scenarios.life(bench, 100) },
  // Minutes each: once.
  "life-1000": { quick: false, run: (bench) => scenarios.life({ ...bench, rounds: 1 }, 1_000) },
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

const BESIDE =
  "median of the ratios of runs side by side, the other of a dynamic resource that does nothing and declares as many outputs";
const COUNTED = "counted by the server, logins left out";
const JOBS = "time beyond no-op, over what the jobs themselves take at so many at once; once";

/** @type {Row[]} */
export const ROWS = [
  ...[10, 100, 1_000].flatMap(lifeRows),
  jobsRow("jobs-1-to-5-s", "`up` of 100, jobs of 1 to 5 s, 8 at once"),
  jobsRow("jobs-2-s", "`up` of 100, jobs of 2 s, 8 at once"),
  jobsRow("jobs-32-at-once", "`up` of 100, jobs of 1 to 5 s, 32 at once"),
  {
    scenario: "jobs-1-to-5-s",
    name: "calls a create, no limit in reach, jobs of 1 to 5 s",
    unit: "calls",
    goal: 6,
    figure: ({ perCreate }) => perCreate,
    how: `${COUNTED}; look-ups and polls included`,
  },
  {
    scenario: "short-allowance",
    name: "calls a create, 300 a minute, 64 at once, jobs of 1 to 5 s",
    unit: "calls",
    goal: 2,
    figure: ({ perCreate }) => perCreate,
    how: `200 creates; ${COUNTED}; look-ups and polls included`,
  },
  {
    scenario: "short-allowance",
    name: "the same, answers of 429",
    unit: "429",
    goal: 0,
    figure: ({ refused }) => refused,
    how: COUNTED,
  },
  ...windowRows("window", "150 creates, 100 calls a 10-s window"),
  ...windowRows("window-1000", "1,000 creates, 300 calls a 10-s window"),
  ...integrationRows(),
  {
    scenario: "hooks",
    name: "`up` of 100, what audit log and webhook add",
    unit: "%",
    goal: 5,
    figure: ({ percent }) => percent,
    how: "median of the ratios of runs side by side, with both and with neither; the receiver answers after 20 ms",
  },
];

/** @param {number} n @returns {Row[]} */
function lifeRows(n) {
  const scenario = `life-${n}`;
  /** @type {(name: string, unit: Row["unit"], goal: number | undefined, how: string, figure: (life: Awaited<ReturnType<typeof scenarios.life>>) => number | undefined) => Row} */
  const row = (name, unit, goal, how, figure) => ({ scenario, name, unit, goal, how, figure });
  const of = `of ${n.toLocaleString("en")}`;
  return [
    row(`\`up\` ${of}, jobs of 0 ms, over no-op`, "×", 1.15, BESIDE, ({ ratio }) => ratio("up")),
    row(`\`refresh\` ${of}, over no-op`, "×", 1.15, BESIDE, ({ ratio }) => ratio("refresh")),
    row(`\`destroy\` ${of}, over no-op`, "×", 1.15, BESIDE, ({ ratio }) => ratio("destroy")),
    row(`unchanged \`preview\` ${of}, over no-op`, "×", 1.05, BESIDE, ({ ratio }) => ratio("preview")),
    row(`the same, CPU of all processes`, "×", undefined, `${BESIDE}; from /proc`, ({ cpuRatio }) =>
      cpuRatio("preview"),
    ),
    row(`the same, calls`, "calls", 0, COUNTED, ({ calls }) => scenarios.sum(calls("preview"))),
    row(`\`refresh\` ${of}, calls`, "calls", refreshGoal(n), COUNTED, ({ calls }) =>
      scenarios.sum(calls("refresh")),
    ),
    row(
      `\`destroy\` ${of}, calls a source beyond the DELETE`,
      "calls",
      0.3,
      COUNTED,
      ({ calls }) => (scenarios.sum(calls("destroy")) - n) / n,
    ),
    row(
      `state, ${n.toLocaleString("en")} sources, each`,
      "bytes",
      undefined,
      "the stack's file",
      ({ stateBytes }) => stateBytes,
    ),
    row(
      `state, ${n.toLocaleString("en")} no-ops, each`,
      "bytes",
      undefined,
      "the stack's file",
      ({ noopStateBytes }) => noopStateBytes,
    ),
    row(
      `provider's resident memory, \`up\` ${of}`,
      "MB",
      undefined,
      "the most, from /proc",
      ({ providerBytes }) => providerBytes && providerBytes / 1e6,
    ),
    row(
      `the same, no-op`,
      "MB",
      undefined,
      "the most, from /proc",
      ({ noopProviderBytes }) => noopProviderBytes && noopProviderBytes / 1e6,
    ),
  ];
}

/** Fifteen calls for 1,000, and in proportion for less. @param {number} n */
function refreshGoal(n) {
  return Math.max(1, Math.ceil((n * 15) / 1_000));
}

/** @param {string} scenario @param {string} name @returns {Row} */
function jobsRow(scenario, name) {
  return { scenario, name, unit: "×", goal: 1.1, figure: ({ ratio }) => ratio, how: JOBS };
}

/** @param {string} scenario @param {string} name @returns {Row[]} */
function windowRows(scenario, name) {
  return [
    {
      scenario,
      name: `${name}: answers of 429`,
      unit: "429",
      goal: 0,
      figure: ({ refused }) => refused,
      how: COUNTED,
    },
    {
      scenario,
      name: `${name}: span over the least that so many calls take`,
      unit: "×",
      goal: 1.15,
      figure: ({ ratio }) => ratio,
      how: "from the first call to the last, over the windows that have to be over before the last",
    },
    {
      scenario,
      name: `${name}: calls a create`,
      unit: "calls",
      goal: 2.1,
      figure: ({ perCreate }) => perCreate,
      how: COUNTED,
    },
  ];
}

/** @returns {Row[]} */
function integrationRows() {
  /** @type {(name: string, goal: number, how: string, figure: Row["figure"]) => Row} */
  const row = (name, goal, how, figure) => ({
    scenario: "integrations",
    name: `\`EventBridgeIntegration\`: ${name}`,
    unit: "calls",
    goal,
    how: `${how}; ${COUNTED}`,
    figure,
  });
  return [
    row("calls a create", 3.2, "30 of them, with what is asked once a run", ({ create }) => create),
    row("calls an update", 2, "30 of them, other notes", ({ update }) => update),
    row("calls of a refresh of 30", 3, "pages, not one by one", ({ refresh }) => refresh),
    row("calls a deletion", 2, "30 of them", ({ destroy }) => destroy),
  ];
}
