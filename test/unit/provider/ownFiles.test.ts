/** Files of the package's own in places where somebody has put something else: real links, pipes, devices, users. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { inTime, isAnyHanging } from "../../../provider/src/fileTrouble.js";
import {
  createTheirs,
  openOwn,
  readOwn,
  removeOwn,
  renameOwn,
  renameOwnAtOnce,
  writeOwn,
  writeTheirs,
} from "../../../provider/src/ownFiles.js";
import { makeFolder, makeOwnFolder } from "../../../provider/src/ownFolders.js";
import { FILE_PATIENCE_MS } from "../../../provider/src/waits.js";

const isPosix = process.platform !== "win32";
const isRoot = process.getuid?.() === 0;
const SOMEBODY = 4711;
const LIMIT = { limit: 100 };

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "eventbridge-files-"));
  file = join(folder, "own.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const rights = (path: string) => statSync(path).mode & 0o777;

test("what is written is read back, for its owner's eyes only, and nothing else is left in the folder", async () => {
  expect(await readOwn(file, LIMIT)).toBeUndefined();
  await writeOwn(file, "first");
  await writeOwn(file, "zweites, größer");
  expect(await readOwn(file, LIMIT)).toBe("zweites, größer");
  const other = join(folder, "other.json");
  renameOwnAtOnce(file, other);
  expect(await readOwn(other, LIMIT)).toBe("zweites, größer");
  await renameOwn(other, file);
  if (isPosix) expect(rights(file)).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["own.json"]);
  await removeOwn(file);
  await removeOwn(file);
  expect(readdirSync(folder)).toEqual([]);
});

test("what is made is made once, for its owner's eyes only, and can be written and read", async () => {
  const made = await openOwn(file, { create: "new" });
  await made.write("text");
  await made.close();
  if (isPosix) expect(rights(file)).toBe(0o600);
  await expect(openOwn(file, { create: "new" })).rejects.toMatchObject({ code: "EEXIST" });
  const again = await openOwn(file, { create: true });
  expect((await again.read(Buffer.alloc(9), 0, 9, 0)).bytesRead).toBe(4);
  await again.close();
  await expect(openOwn(join(folder, "none"), { write: true })).rejects.toMatchObject({ code: "ENOENT" });
  const readOnly = await openOwn(file);
  await expect(readOnly.write("x")).rejects.toThrow();
  await readOnly.close();
});

describe.runIf(isPosix)("in the place of a file", () => {
  /** Every way to use a file, on a path where there is none. */
  const uses: [string, () => Promise<unknown>][] = [
    ["open", () => openOwn(file)],
    ["open for writing", () => openOwn(file, { write: true })],
    ["make", () => openOwn(file, { create: true })],
    ["open what anybody may own", () => openOwn(file, { anyOwner: true })],
    ["read", () => readOwn(file, LIMIT)],
    ["write", () => writeOwn(file, "x")],
  ];

  describe.each<[string, RegExp, () => void]>([
    ["a link", /it is a link, and links are not followed/, () => symlinkSync(join(folder, "victim"), file)],
    ["a link to nothing", /it is a link/, () => symlinkSync(join(folder, "nothing"), file)],
    ["a link to a device", /it is a link/, () => symlinkSync("/dev/zero", file)],
    ["a folder", /it is a folder, and no file/, () => mkdirSync(file)],
    ["a pipe", /it is a pipe, and no file/, () => void execFileSync("mkfifo", [file])],
  ])("%s", (_, said, put) => {
    test.each(uses)("is refused to %s by name, whatever it leads to left alone", async (__, use) => {
      writeFileSync(join(folder, "victim"), "precious", { mode: 0o644 });
      put();
      await expect(use()).rejects.toThrow(said);
      await expect(use()).rejects.toMatchObject({ name: "FileTrouble", path: file });
      expect(readFileSync(join(folder, "victim"), "utf8")).toBe("precious");
      expect(rights(join(folder, "victim"))).toBe(0o644);
      expect(readdirSync(folder).toSorted()).toEqual(["own.json", "victim"]);
    });
  });

  test("a device is refused before it is opened", async () => {
    for (const device of ["/dev/zero", "/dev/tty"]) {
      await expect(readOwn(device, LIMIT), device).rejects.toThrow("it is a device, and no file");
      await expect(writeOwn(device, "x"), device).rejects.toThrow("it is a device, and no file");
    }
    expect(lstatSync("/dev/zero").isCharacterDevice()).toBe(true);
  });

  test("a file with another name elsewhere is not written to there, and can be read and replaced", async () => {
    const elsewhere = join(folder, "elsewhere");
    writeFileSync(elsewhere, "precious", { mode: 0o600 });
    linkSync(elsewhere, file);
    await expect(openOwn(file, { write: true })).rejects.toThrow("it has another name elsewhere");
    expect(await readOwn(file, LIMIT)).toBe("precious");
    await writeOwn(file, "ours");
    expect(readFileSync(elsewhere, "utf8")).toBe("precious");
  });

  test("one that others could write to they cannot any more; who may read it still may", async () => {
    writeFileSync(file, "text");
    chmodSync(file, 0o666);
    expect(await readOwn(file, LIMIT)).toBe("text");
    expect(rights(file)).toBe(0o644);
    await writeOwn(file, "text");
    expect(rights(file)).toBe(0o600);
  });
});

describe.runIf(isRoot)("another user's file", () => {
  beforeEach(() => {
    writeFileSync(file, "theirs");
    chmodSync(file, 0o666);
    chownSync(file, SOMEBODY, SOMEBODY);
  });

  test("is neither read, opened nor replaced, and stays as it is", async () => {
    for (const use of [
      () => readOwn(file, LIMIT),
      () => openOwn(file, { write: true }),
      () => writeOwn(file, "ours"),
    ])
      await expect(use()).rejects.toThrow(
        `own.json: it belongs to another user (uid ${SOMEBODY}, and this process is of uid 0)`,
      );
    expect(readFileSync(file, "utf8")).toBe("theirs");
    expect(statSync(file)).toMatchObject({ uid: SOMEBODY });
    expect(rights(file)).toBe(0o666);
    expect(readdirSync(folder)).toEqual(["own.json"]);
  });

  test("can be looked at by who asks for that", async () => {
    expect(await readOwn(file, { ...LIMIT, anyOwner: true })).toBe("theirs");
    expect(rights(file)).toBe(0o666);
  });
});

test("a file that is too long is not read to its end", async () => {
  writeFileSync(file, "x".repeat(101));
  await expect(readOwn(file, LIMIT)).rejects.toThrow("it is longer than 100 bytes");
  writeFileSync(file, "x".repeat(100));
  expect(await readOwn(file, LIMIT)).toHaveLength(100);
  // It says that it is empty, and is not.
  if (process.platform === "linux")
    await expect(readOwn("/proc/self/smaps", { limit: 200, anyOwner: true })).rejects.toThrow("longer");
});

test.runIf(isPosix)(
  "the user's own file keeps owner and rights, behind its link, and a new one is like any",
  async () => {
    writeFileSync(file, "before");
    chmodSync(file, 0o664);
    if (isRoot) chownSync(file, SOMEBODY, SOMEBODY);
    const link = join(folder, "link");
    symlinkSync(file, link);
    await writeTheirs(link, "after");
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(file, "utf8")).toBe("after");
    expect(rights(file)).toBe(0o664);
    if (isRoot) expect(statSync(file)).toMatchObject({ uid: SOMEBODY, gid: SOMEBODY });
    const [made, like] = [join(folder, "made"), join(folder, "like")];
    await writeTheirs(made, "new");
    writeFileSync(like, "new");
    expect(rights(made)).toBe(rights(like));
    expect(readdirSync(folder).toSorted()).toEqual(["like", "link", "made", "own.json"]);
  },
);

test("a file made for a user is like any, and what is there, a link as well, is not overwritten", async () => {
  const [made, like, link] = [join(folder, "made"), join(folder, "like"), join(folder, "link")];
  await createTheirs(made, "new");
  writeFileSync(like, "new");
  expect([readFileSync(made, "utf8"), rights(made)]).toEqual(["new", rights(like)]);
  symlinkSync(join(folder, "nowhere"), link);
  for (const there of [made, link])
    await expect(createTheirs(there, "other")).rejects.toMatchObject({ code: "EEXIST" });
  expect(readFileSync(made, "utf8")).toBe("new");
  expect(readdirSync(folder).toSorted()).toEqual(["like", "link", "made"]);
});

describe("folders", () => {
  test("are made with what is missing above them, for their owner's eyes only", async () => {
    const deep = join(folder, "a", "b", "c");
    await makeFolder(deep);
    await makeFolder(deep);
    await makeOwnFolder(deep);
    expect(readdirSync(join(folder, "a", "b"))).toEqual(["c"]);
    if (isPosix) expect([rights(join(folder, "a")), rights(deep)]).toEqual([0o700, 0o700]);
  });

  test.runIf(process.platform === "linux")(
    "that can never be made are an error, not a wait without end",
    async () => {
      await expect(makeFolder("/proc/nothing/at/all")).rejects.toThrow(
        "/proc/nothing: no folder can be made here",
      );
      await expect(makeFolder("/proc/1/nothing")).rejects.toThrow(
        /no folder can be made here|E(ACCES|PERM|ROFS)/,
      );
    },
  );

  test("below a file say so", async () => {
    writeFileSync(file, "");
    await expect(makeFolder(file)).rejects.toThrow("own.json: it is no folder");
    await expect(makeFolder(join(file, "below"))).rejects.toMatchObject({ code: "ENOTDIR" });
  });

  test.runIf(isPosix)(
    "of our own are no links, and others who could write to them cannot any more",
    async () => {
      const [real, link] = [join(folder, "real"), join(folder, "link")];
      mkdirSync(real);
      chmodSync(real, 0o777);
      symlinkSync(real, link);
      await makeFolder(link);
      await expect(makeOwnFolder(link)).rejects.toThrow("link: it is a link, and links are not followed");
      expect(rights(real)).toBe(0o777);
      await makeOwnFolder(real);
      expect(rights(real)).toBe(0o755);
    },
  );

  test.runIf(isRoot)("of another user are not our own", async () => {
    mkdirSync(join(folder, "theirs"));
    chownSync(join(folder, "theirs"), SOMEBODY, SOMEBODY);
    await makeFolder(join(folder, "theirs"));
    await expect(makeOwnFolder(join(folder, "theirs"))).rejects.toThrow("it belongs to another user");
    expect(readdirSync(join(folder, "theirs"))).toEqual([]);
  });
});

describe("a file system that does not answer", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
  });

  test("is given up, by name, and what comes about after all is told that nobody waits", async () => {
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let wasLate: boolean | undefined;
    const hung = inTime(file, async (isLate) => {
      await answered;
      wasLate = isLate();
    });
    const said = expect(hung).rejects.toThrow(/own\.json: the file system has not answered for 60 s/);
    vi.advanceTimersByTime(FILE_PATIENCE_MS - 1);
    expect(isAnyHanging()).toBe(false);
    vi.advanceTimersByTime(1);
    await said;
    expect(isAnyHanging()).toBe(true);
    answer();
    await vi.waitFor(() => expect(isAnyHanging()).toBe(false), 20_000);
    expect(wasLate).toBe(true);
  });

  test("leaves no timer behind when it answers", async () => {
    expect(await inTime(file, async () => "text")).toBe("text");
    await expect(inTime(file, () => Promise.reject(new Error("no room")))).rejects.toThrow("no room");
    expect(vi.getTimerCount()).toBe(0);
  });
});
