/** A lock whose file seems to be another one, and the ways of systems that open a file alone. */
import { statSync } from "node:fs";
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { isStill, takeLock } from "../../../../../provider/src/hooks/audit/fileLock.js";
import { openOwn } from "../../../../../provider/src/ownFiles.js";
import { LOCK_PATIENCE_MS } from "../../../../../provider/src/waits.js";
import { temporaryFolder } from "./support.js";

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  return { ...real, stat: vi.fn(real.stat) };
});
vi.mock("../../../../../provider/src/ownFiles.js", async (original) => {
  const real = await original<typeof import("../../../../../provider/src/ownFiles.js")>();
  return { ...real, openOwn: vi.fn(real.openOwn) };
});

function onPlatform(platform: NodeJS.Platform): void {
  const before = process.platform;
  Object.defineProperty(process, "platform", { value: platform });
  onTestFinished(() => void Object.defineProperty(process, "platform", { value: before }));
}

/** Looking at a file by its name tells of another device than looking at it open. */
function otherDevice(): void {
  const look = vi.mocked(stat).mockImplementation((async (path: string) => {
    const found = statSync(path);
    found.dev += 1;
    return found;
  }) as never);
  onTestFinished(() => void look.mockReset());
}

test("a file that never is that of its name is given up with the lock's patience", async () => {
  otherDevice();
  let now = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => {
    now += LOCK_PATIENCE_MS / 3;
    return now;
  });
  onTestFinished(() => clock.mockRestore());
  await expect(takeLock(join(temporaryFolder(), "a"))).rejects.toThrow("has held its lock for 30 s");
});

test.each<[NodeJS.Platform, boolean]>([
  ["linux", false],
  ["win32", true],
])("on %s a file of the same number on another device is the same: %s", async (platform, isSame) => {
  onPlatform(platform);
  otherDevice();
  const path = join(temporaryFolder(), "a");
  const file = await open(path, "w");
  onTestFinished(() => file.close());
  expect(await isStill(file, path)).toBe(isSame);
});

test.runIf(process.platform === "linux")(
  "where a file is opened alone, one that another process has is tried again from the first look on",
  async () => {
    onPlatform("darwin");
    const path = join(temporaryFolder(), "a");
    const busy = Object.assign(new Error("EBUSY: resource busy or locked"), { code: "EBUSY" });
    const look = vi.mocked(openOwn).mockReset().mockRejectedValueOnce(busy).mockRejectedValueOnce(busy);
    onTestFinished(() => void look.mockReset());
    const file = await takeLock(path);
    onTestFinished(() => file.close());
    expect(look).toHaveBeenCalledTimes(3);
    expect(await isStill(file, path)).toBe(true);
  },
);

test("what is wrong with the file is said at once, also where it is opened alone", async () => {
  onPlatform("darwin");
  await expect(takeLock(temporaryFolder())).rejects.toThrow("it is a folder");
});
