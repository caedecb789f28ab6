/** The rows of a stack's whole life, beside that of a resource that does nothing. */
import { sum } from "./scenarios.mjs";
import { COUNTED, LIMITS } from "./words.mjs";

/** @typedef {Awaited<ReturnType<typeof import("./scenarios.mjs").life>>} Life */

const BESIDE =
  "ratio to a dynamic resource that does nothing and declares as many outputs, side by side; the median, of 1,000 one round alone";
const CALLS =
  "the same ratio of a dynamic resource that makes a source's calls by Node's own client, and does nothing else";
const SDK_CALLS = "the same ratio of one that makes them by the platform's SDK, and does nothing else";
const STATE = "the stack's file, divided by the number of resources";
const MEMORY = "the most that was resident, from /proc";

/**
 * @param {number} n
 * @returns {import("./rows.mjs").Row[]}
 */
export function lifeRows(n) {
  const many = n.toLocaleString("en");
  const rows = [...timesOf(many), ...callsOf(many, n), ...bytesOf(many)];
  return rows.map((row) => ({ ...row, scenario: `life-${n}` }));
}

/** @typedef {Omit<import("./rows.mjs").Row, "scenario"> & { figure: (life: Life) => number | undefined }} LifeRow */

/** @param {string} many @returns {LifeRow[]} */
function timesOf(many) {
  /** @type {(name: string, goal: number, command: import("./scenarios.mjs").Command) => LifeRow} */
  const beside = (name, goal, command) => {
    const limit = {
      up: LIMITS.create,
      refresh: LIMITS.refresh,
      destroy: LIMITS.destroy,
      preview: LIMITS.loaded,
    }[command];
    return { name, unit: "×", goal, how: BESIDE, limit, figure: ({ ratio }) => ratio(command) };
  };
  /** @type {(command: import("./scenarios.mjs").Command) => LifeRow[]} */
  const callsAlone = (command) => [
    {
      name: `\`${command}\` of ${many}, a source's calls alone, over no-op`,
      unit: "×",
      how: CALLS,
      figure: ({ ratio }) => ratio(command, "calls"),
    },
    {
      name: `\`${command}\` of ${many}, a source's calls alone by the SDK, over no-op`,
      unit: "×",
      how: SDK_CALLS,
      figure: ({ ratio }) => ratio(command, "sdkCalls"),
    },
  ];
  /** @type {(what: string, command: import("./scenarios.mjs").Command) => LifeRow} */
  const cpu = (what, command) => ({
    name: `${what} of ${many}, CPU of all processes, over no-op`,
    unit: "×",
    how: `${BESIDE}; CPU from /proc`,
    figure: ({ cpuRatio }) => cpuRatio(command),
  });
  const changing = /** @type {const} */ (["up", "refresh", "destroy"]);
  return [
    beside(`\`up\` of ${many}, jobs of 0 ms, over no-op`, 1.15, "up"),
    beside(`\`refresh\` of ${many}, over no-op`, 1.15, "refresh"),
    beside(`\`destroy\` of ${many}, over no-op`, 1.15, "destroy"),
    beside(`unchanged \`preview\` of ${many}, over no-op`, 1.05, "preview"),
    ...changing.flatMap((command) => [...callsAlone(command), cpu(`\`${command}\``, command)]),
    cpu("unchanged `preview`", "preview"),
  ];
}

/** @param {string} many @param {number} n @returns {LifeRow[]} */
function callsOf(many, n) {
  return [
    {
      name: `unchanged \`preview\` of ${many}: calls`,
      unit: "calls",
      goal: 0,
      how: COUNTED,
      figure: ({ calls }) => sum(calls("preview")),
    },
    {
      name: `\`refresh\` of ${many}: calls`,
      unit: "calls",
      // Fifteen for 1,000, and in proportion for less.
      goal: Math.max(2, Math.ceil((n * 15) / 1_000)),
      how: COUNTED,
      figure: ({ calls }) => sum(calls("refresh")),
      limit: LIMITS.oneByOne,
    },
    {
      name: `\`destroy\` of ${many}: calls a source beyond the DELETE`,
      unit: "calls",
      goal: 0.3,
      how: COUNTED,
      figure: ({ calls }) => (sum(calls("destroy")) - n) / n,
      limit: LIMITS.confirmed,
    },
  ];
}

/** @param {string} many @returns {LifeRow[]} */
function bytesOf(many) {
  /** @type {(name: string, unit: "bytes" | "MB", how: string, figure: LifeRow["figure"]) => LifeRow} */
  const row = (name, unit, how, figure) => ({ name, unit, how, figure });
  /** @type {(process: string, role: "providerBytes" | "programBytes") => LifeRow[]} */
  const memory = (process, role) => {
    const name = `memory of the ${process}, \`up\` of ${many}`;
    return [
      row(name, "MB", MEMORY, ({ memory }) => inMB(memory?.[role])),
      row(`${name} no-ops`, "MB", MEMORY, ({ noopMemory }) => inMB(noopMemory?.[role])),
    ];
  };
  return [
    row(`state of ${many} sources, each`, "bytes", STATE, ({ stateBytes }) => stateBytes),
    row(`state of ${many} no-ops, each`, "bytes", STATE, ({ noopStateBytes }) => noopStateBytes),
    ...memory("provider", "providerBytes"),
    ...memory("program", "programBytes"),
  ];
}

/** @param {number | undefined} bytes */
const inMB = (bytes) => bytes && bytes / 1e6;
