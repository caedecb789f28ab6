/** What the bench measures: a row for each figure, read from the result of a scenario. */
import { lifeRows } from "./lifeRows.mjs";
import { COUNTED, LIMITS } from "./words.mjs";

/**
 * @typedef {object} Row
 * @property {string} scenario the name of the one that it is read from
 * @property {string} name
 * @property {"×" | "calls" | "%" | "429" | "bytes" | "MB"} unit
 * @property {number} [goal] at most that; none where the figure is told for its own sake
 * @property {(result: any) => number | undefined} figure undefined where this machine cannot tell
 * @property {string} how how it is measured
 * @property {string} [limit] what stands in the way where the goal is not met, and how it is known
 */

const JOBS = "time beyond no-op, over what the jobs themselves take at so many at once; once";

/** @type {Row[]} */
export const ROWS = [
  ...[10, 100, 1_000].flatMap(lifeRows),
  ...outputsRows(),
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
    limit: LIMITS.plenty,
  },
  {
    scenario: "short-allowance",
    name: "200 creates, 300 a minute, 64 at once, jobs of 1 to 5 s: calls a create",
    unit: "calls",
    goal: 2,
    figure: ({ perCreate }) => perCreate,
    how: `${COUNTED}; look-ups and polls included`,
    limit: LIMITS.readBehindJob,
  },
  {
    scenario: "short-allowance",
    name: "200 creates, 300 a minute, 64 at once, jobs of 1 to 5 s: answers of 429",
    unit: "429",
    goal: 0,
    figure: ({ refused }) => refused,
    how: COUNTED,
  },
  ...windowRows("window", "150 creates, 100 calls a 10-s window", {
    span: LIMITS.lastWindow,
    calls: LIMITS.readBehindJob,
  }),
  ...windowRows("window-1000", "1,000 creates, 300 calls a 10-s window", {
    span: LIMITS.engine,
    calls: LIMITS.engine,
  }),
  ...integrationRows(),
  {
    scenario: "hooks",
    name: "`up` of 100, what audit log and webhook add",
    unit: "%",
    goal: 5,
    figure: ({ percent }) => percent,
    how: "median of the ratios of runs side by side, with both and with neither; the receiver answers after 20 ms",
    limit: LIMITS.hooks,
  },
];

/** @returns {Row[]} */
function outputsRows() {
  const name = "`preview` of 100 no-ops: no declared outputs, over a source's";
  const how = "median of the ratios of runs side by side: the most that outputs made lazily could save";
  const scenario = "outputs";
  return [
    { scenario, name, unit: "×", how, figure: ({ ratio }) => ratio },
    { scenario, name: `${name}, CPU`, unit: "×", how, figure: ({ cpuRatio }) => cpuRatio },
  ];
}

/** @param {string} scenario @param {string} name @returns {Row} */
function jobsRow(scenario, name) {
  return {
    scenario,
    name,
    unit: "×",
    goal: 1.1,
    figure: ({ ratio }) => ratio,
    how: JOBS,
    limit: LIMITS.late,
  };
}

/**
 * @param {string} scenario
 * @param {string} name
 * @param {{ span: string, calls: string }} limits
 * @returns {Row[]}
 */
function windowRows(scenario, name, limits) {
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
      limit: limits.span,
    },
    {
      scenario,
      name: `${name}: calls a create`,
      unit: "calls",
      goal: 2,
      figure: ({ perCreate }) => perCreate,
      how: COUNTED,
      limit: limits.calls,
    },
  ];
}

/** @returns {Row[]} */
function integrationRows() {
  /** @type {(name: string, goal: number, figure: Row["figure"], limit?: string) => Row} */
  const row = (name, goal, figure, limit = LIMITS.oneByOne) => ({
    scenario: "integrations",
    name: `\`EventBridgeIntegration\`, 30: ${name}`,
    unit: "calls",
    goal,
    how: COUNTED,
    figure,
    limit,
  });
  return [
    row("calls a create", 3, ({ create }) => create, LIMITS.ofTheCreate),
    row("calls an update, of the notes", 2, ({ update }) => update, LIMITS.ofTheRun),
    row("calls of a refresh", 3, ({ refresh }) => refresh),
    row("calls a deletion", 2, ({ destroy }) => destroy),
  ];
}
