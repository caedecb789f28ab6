/** One audit log, many processes: the chain holds and no record is lost, whoever is killed and whatever the disk does. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openChain } from "../../provider/src/hooks/audit/chain.js";
import { tryLog } from "../../provider/src/hooks/audit/maintenance.js";
import { verifyLog } from "../../provider/src/hooks/audit/verify.js";
import { entryWith } from "../unit/provider/hooks/audit/support.js";

const support = join(import.meta.dirname, "support");

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "eventbridge-audit-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A process of its own; what it writes to standard error is shown. */
const start = (script: string, ...args: string[]) =>
  spawn(process.execPath, [join(support, script), ...args], { stdio: ["ignore", "pipe", "inherit"] });

test("eight processes that write a thousand records each into one file make one chain, and nothing is lost", async () => {
  const path = join(temporaryFolder(), "audit.jsonl");
  const processes = Array.from({ length: 8 }, (_, index) => start("appender.mjs", path, `p${index}`, "1000"));
  const codes = await Promise.all(processes.map((each) => once(each, "close").then(([code]) => code)));
  expect(codes).toEqual(Array(8).fill(0));
  const { finding, records } = await verifyLog(path);
  expect(finding).toBeUndefined();
  const wanted = processes.flatMap((_, p) => Array.from({ length: 1000 }, (__, r) => `p${p}-${r + 1}`));
  expect(records.map(({ name }) => name).toSorted()).toEqual(wanted.toSorted());
});

test("a process that is killed while it holds the lock keeps nobody waiting", async () => {
  const path = join(temporaryFolder(), "audit.jsonl");
  const holder = start("lockHolder.mjs", path);
  await once(holder.stdout, "data");
  const appended = openChain(path, (message) => expect.unreachable(message)).append(entryWith());
  const before = await Promise.race([appended.then(() => "appended"), Promise.resolve("still waiting")]);
  expect(before).toBe("still waiting");
  holder.kill("SIGKILL");
  expect((await appended).seq).toBe(1);
});

test("processes that are killed while they write keep nobody waiting, and no record that was told to be there is lost", async () => {
  const path = join(temporaryFolder(), "audit.jsonl");
  const killed = Array.from({ length: 8 }, (_, index) =>
    start("appender.mjs", path, `k${index}`, "1000000", "tell"),
  );
  const told = killed.map(() => [] as string[]);
  const ended = killed.map((each, index) => {
    let text = "";
    each.stdout.setEncoding("utf8").on("data", (more: string) => {
      text += more;
      told[index] = text.split("\n").slice(0, -1);
      // Each at another point of its work.
      if ((told[index]?.length ?? 0) > 40 * (index + 1)) each.kill("SIGKILL");
    });
    return once(each, "close");
  });
  await Promise.all(ended);
  expect((await openChain(path, () => {}).append(entryWith({ name: "last" }))).name).toBe("last");
  const { finding, records } = await verifyLog(path);
  expect(finding).toBeUndefined();
  const names = new Set(records.map(({ name }) => name));
  expect(told.flat().filter((name) => !names.has(name))).toEqual([]);
  expect(told.every((each) => each.length > 40)).toBe(true);
});

/** A file system of its own, which is soon full; only root can make one. */
const canMount = process.platform === "linux" && process.getuid?.() === 0;

test.skipIf(!canMount)("containers that share a volume, and nothing else, share the lock, too", async () => {
  const path = join(temporaryFolder(), "audit.jsonl");
  const apart = ["--net", "--pid", "--ipc", "--uts", "--fork", "--kill-child", "--mount-proc"];
  const holder = spawn("unshare", [...apart, process.execPath, join(support, "lockHolder.mjs"), path]);
  await once(holder.stdout, "data");
  const appended = openChain(path, (message) => expect.unreachable(message)).append(entryWith());
  const flock = await waiting();
  expect(flock).toBeGreaterThan(0);
  holder.kill("SIGKILL");
  expect((await appended).seq).toBe(1);
});

/** How many programs of this process wait for a lock, once one does. */
async function waiting(): Promise<number> {
  for (;;) {
    const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8").split(" ");
    const names = children.map((pid) => nameOf(pid));
    const count = names.filter((name) => name === "flock").length;
    if (count > 0) return count;
    await new Promise(setImmediate);
  }
}

function nameOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return "";
  }
}

test.skipIf(!canMount)(
  "where the program that takes the lock cannot be run nothing is written, and what to install is said",
  async () => {
    const folder = temporaryFolder();
    const path = join(folder, "audit.jsonl");
    const hide = 'mount --bind /dev/null "$(command -v flock)" && exec "$@"';
    const appender = [process.execPath, join(support, "appender.mjs"), path, "p", "1"];
    const child = spawn("unshare", ["--mount", "sh", "-c", hide, "sh", ...appender], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    await once(child, "close");
    expect(said).toContain("cannot be run (EACCES): install util-linux, or busybox");
    expect(existsSync(path)).toBe(false);
  },
);

test.skipIf(!canMount)(
  "a disk that is full says so, and the log goes on where it was once there is room",
  async () => {
    const folder = temporaryFolder();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]);
    onTestFinished(() => void execFileSync("umount", [folder]));
    const path = join(folder, "audit.jsonl");
    const chain = openChain(path, (message) => expect.unreachable(message));
    await chain.append(entryWith());
    const filler = join(folder, "filler");
    expect(() => writeFileSync(filler, Buffer.alloc(1024 * 1024))).toThrow("ENOSPC");

    const { size } = statSync(path);
    const long = entryWith({ name: "x".repeat(10_000) });
    await expect(chain.append(long)).rejects.toThrow(
      `audit log ${path}: it cannot be written (ENOSPC: no space left on device).`,
    );
    expect(statSync(path).size).toBe(size);
    rmSync(filler);
    expect((await chain.append(long)).seq).toBe(2);
    expect((await verifyLog(path)).finding).toBeUndefined();
    expect(readdirSync(folder).toSorted()).toEqual(["audit.jsonl", "audit.jsonl.head"]);
    // Until it is let go of, the file system cannot go.
    await tryLog(path);
  },
);
