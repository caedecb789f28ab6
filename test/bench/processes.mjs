/** What the processes of a run use, from Linux's `/proc`; elsewhere nothing is known, and nothing is told. */
import { readdirSync, readFileSync } from "node:fs";

const EVERY_MS = 200;
/** Linux counts CPU time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/**
 * @typedef {object} Usage
 * @property {number} cpuSeconds of all processes; up to 200 ms of each are missing, since they are looked at that often
 * @property {number} providerBytes the most memory that the provider's process had resident
 * @property {number} programBytes the same of the program's
 */

/** What tells the two processes apart, in the line that started them. */
const ROLES = { providerBytes: /cmd\/dynamic-provider\b/, programBytes: /cmd\/run\b(?!-)/ };

/**
 * Watches a process and all that it starts, until it is asked for the usage.
 * @param {number} root
 * @returns {() => Usage | undefined}
 */
export function watchProcesses(root) {
  /** @type {Map<number, number>} */
  const cpu = new Map([[root, 0]]);
  const most = { providerBytes: 0, programBytes: 0 };
  const timer = setInterval(look, EVERY_MS);

  function look() {
    const all = listed().flatMap((pid) => statOf(pid) ?? []);
    // Ids rise with time: a parent comes before its children.
    for (const { pid, parent, cpuSeconds } of all) {
      if (!cpu.has(pid) && !cpu.has(parent)) continue;
      cpu.set(pid, cpuSeconds);
      const role = roleOf(pid);
      if (role !== undefined) most[role] = Math.max(most[role], residentOf(pid));
    }
  }

  return () => {
    clearInterval(timer);
    const cpuSeconds = [...cpu.values()].reduce((sum, each) => sum + each, 0);
    return cpuSeconds === 0 ? undefined : { cpuSeconds, ...most };
  };
}

function listed() {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .toSorted((a, b) => a - b);
  } catch {
    return [];
  }
}

/** Undefined for a process that has ended. @param {number} pid */
function statOf(pid) {
  const text = fileOf(pid, "stat");
  if (text === undefined) return undefined;
  // The name before it may hold blanks and brackets.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { pid, parent: Number(fields[1]), cpuSeconds: ticks / TICKS_PER_SECOND };
}

/** @param {number} pid */
function roleOf(pid) {
  const line = fileOf(pid, "cmdline") ?? "";
  const roles = /** @type {const} */ (["providerBytes", "programBytes"]);
  return roles.find((role) => ROLES[role].test(line));
}

/** The most memory that a process had resident so far, in bytes. @param {number} pid */
function residentOf(pid) {
  const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(fileOf(pid, "status") ?? "")?.[1];
  return Number(kilobytes ?? 0) * 1_024;
}

/**
 * @param {number} pid
 * @param {string} name
 */
function fileOf(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return undefined;
  }
}
