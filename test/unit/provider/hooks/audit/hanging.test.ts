// A log on a file system that does not answer, as a network's whose server is gone.
import { execFileSync } from "node:child_process";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { openChain } from "../../../../../provider/src/hooks/audit/chain.js";
import { repairLog, rotateLog, tryLog } from "../../../../../provider/src/hooks/audit/maintenance.js";
import { verifyLog } from "../../../../../provider/src/hooks/audit/verify.js";
import { closeInOrder, patient } from "../../../../../provider/src/patientFile.js";
import { FILE_PATIENCE_MS } from "../../../../../provider/src/waits.js";
import { entryWith, temporaryFolder } from "./support.js";

const SAID = /the file system has not answered for 60 s/;

/** From now on time passes when it is told to. */
function standingTime(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
}

/** The error that something fails with; time does not pass for it. */
const errorOf = (failing: Promise<unknown>): Promise<Error> =>
  failing.then(
    () => expect.fail("it did not fail"),
    (error: Error) => error,
  );

/** One of the operations of all open files never ends from now on. @returns when it was begun, and how it is mended. */
async function hang(operation: "read" | "write" | "datasync" | "truncate", folder: string) {
  const handle = await open(folder);
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const spy = vi.spyOn(prototype, operation).mockImplementation((() => {
    begin();
    return new Promise(() => {});
  }) as never);
  onTestFinished(() => spy.mockRestore());
  return { begun, mend: () => spy.mockRestore() };
}

/** A log of one record. */
async function aLog() {
  const folder = temporaryFolder();
  const path = join(folder, "audit.jsonl");
  await append(path);
  // The lock is let go of a moment later.
  await tryLog(path);
  return { folder, path };
}

const append = (path: string) => openChain(path, () => {}).append(entryWith());

describe("is a clear error and no hang", () => {
  test.each([
    ["a record", "read", append],
    ["a record", "write", append],
    ["a record", "datasync", append],
    ["a look at all of it", "read", verifyLog],
    ["a repair", "read", repairLog],
    ["a rotation", "truncate", rotateLog],
  ] as const)("for %s, where %s does not end; mended, it goes on", async (_, operation, act) => {
    const { folder, path } = await aLog();
    standingTime();
    const { begun, mend } = await hang(operation, folder);
    const failed = errorOf(act(path));
    await begun;
    await vi.advanceTimersByTimeAsync(FILE_PATIENCE_MS);
    expect((await failed).message).toMatch(SAID);
    mend();
    vi.useRealTimers();
    await append(path);
    await tryLog(path);
    expect((await verifyLog(path)).finding).toBeUndefined();
  });
});

test.skipIf(process.platform === "win32")(
  "what hangs keeps the lock until it has ended, and keeps nobody waiting",
  async () => {
    standingTime();
    const folder = temporaryFolder();
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const raw = await open(pipe, constants.O_RDWR);
    const other = await open(pipe, constants.O_RDWR);
    const [log, lock] = [patient(pipe, raw), patient(pipe, await open(join(folder, "lock"), "w"))];
    const read = errorOf(log.read(Buffer.alloc(1), 0, 1));
    await vi.advanceTimersByTimeAsync(FILE_PATIENCE_MS);
    expect((await read).message).toMatch(SAID);
    expect((await errorOf(log.write("x"))).message).toMatch(SAID);
    await closeInOrder(pipe, [log, lock]);
    expect(lock.fd).toBeGreaterThan(0);
    await other.write("x");
    vi.useRealTimers();
    await vi.waitFor(() => expect(lock.fd).toBe(-1), 20_000);
    await other.close();
  },
);
