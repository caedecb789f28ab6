/** What the processes of a run use, from Linux's `/proc`; elsewhere nothing is known, and nothing is told. */
import { readdirSync, readFileSync } from "node:fs";

const EVERY_MS = 200;
/** Linux counts CPU time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/**
 * @typedef {object} Usage
 * @property {number} cpuSeconds of all processes; up to 200 ms of each are missing, since they are looked at that often
 * @property {number} providerBytes the most memory that the provider's process had resident
 */

/**
 * Watches a process and all that it starts, until it is asked for the usage.
 * @param {number} root
 * @returns {() => Usage | undefined}
 */
export function watchProcesses(root) {
  /** @type {Map<number, { cpuSeconds: number, providerBytes: number }>} */
  const seen = new Map([[root, { cpuSeconds: 0, providerBytes: 0 }]]);
  const timer = setInterval(look, EVERY_MS);

  function look() {
    const all = listed().flatMap((pid) => statOf(pid) ?? []);
    // Ids rise with time: a parent comes before its children.
    for (const { pid, parent, cpuSeconds } of all) {
      if (!seen.has(pid) && !seen.has(parent)) continue;
      const providerBytes = seen.get(pid)?.providerBytes || residentOfProvider(pid);
      seen.set(pid, { cpuSeconds, providerBytes: Math.max(providerBytes, residentOfProvider(pid)) });
    }
  }

  return () => {
    clearInterval(timer);
    const all = [...seen.values()];
    const cpuSeconds = all.reduce((sum, each) => sum + each.cpuSeconds, 0);
    if (cpuSeconds === 0) return undefined;
    return { cpuSeconds, providerBytes: Math.max(...all.map(({ providerBytes }) => providerBytes)) };
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
function residentOfProvider(pid) {
  if (!fileOf(pid, "cmdline")?.includes("dynamic-provider")) return 0;
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
