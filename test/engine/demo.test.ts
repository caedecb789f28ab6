/** `npm run demo` ends well, or by a signal, and leaves nothing running behind. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";

const root = join(import.meta.dirname, "../..");
const folder = join(root, ".demo");

/** Starts the demo in a process group of its own, as a terminal does. @param env beside that of this process */
function startDemo(env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(root, "scripts", "demo.mjs")], {
    cwd: root,
    detached: true,
    env: { ...process.env, ...env },
  });
  let output = "";
  const waiting: { words: string; resolve: () => void }[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      for (const { resolve } of waiting.filter(({ words }) => output.includes(words))) resolve();
    });
  return {
    child,
    output: () => output,
    ended: new Promise<number | null>((resolve) => child.on("close", resolve)),
    says: (words: string) =>
      new Promise<void>((resolve) => {
        waiting.push({ words, resolve });
        if (output.includes(words)) resolve();
      }),
  };
}

let running: ChildProcess | undefined;
afterEach(() => {
  if (running?.pid !== undefined && running.exitCode === null) process.kill(-running.pid, "SIGKILL");
});

/** Processes that run in the demo's folder; the CLI's plugins are in process groups of their own. Linux only. */
function leftRunning(): string[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
    } catch {
      return false;
    }
  });
}

async function expectNothingLeft(): Promise<void> {
  expect(existsSync(folder)).toBe(false);
  await vi.waitFor(() => expect(leftRunning()).toEqual([]), { timeout: 60_000 });
}

// One after the other: they share the repository's folder.
describe("npm run demo", { concurrent: false }, () => {
  test("ends green with its summary, and leaves nothing behind", async () => {
    const demo = startDemo();
    running = demo.child;
    expect(await demo.ended, demo.output()).toBe(0);
    expect(demo.output()).toContain("destroy   nothing left in the organisation");
    await expectNothingLeft();
  });

  test.each([
    { to: "the whole group, as Ctrl-C in a terminal", signal: "SIGINT", group: true, code: 130 },
    { to: "the demo alone", signal: "SIGINT", group: false, code: 130 },
    { to: "the whole group, as a terminal that is closed", signal: "SIGHUP", group: true, code: 1 },
  ] as const)(
    "$signal to $to ends it while jobs are followed, and leaves nothing behind",
    async ({ signal, group, code }) => {
      const demo = startDemo({ DEMO_JOB_MS: "10000" });
      running = demo.child;
      await Promise.race([demo.says(" %), "), demo.ended]);
      expect(demo.output()).toContain(" %), ");
      process.kill(Number(demo.child.pid) * (group ? -1 : 1), signal);
      expect(await demo.ended, demo.output()).toBe(code);
      expect(demo.output()).not.toContain("Done in");
      await expectNothingLeft();
    },
  );
});
