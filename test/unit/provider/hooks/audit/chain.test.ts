/** How records are appended to the audit log, and what it takes for the log to go on or be refused. */
import { createHash } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import canonicalize from "canonicalize";
import { expect, test, vi } from "vitest";
import { openChain } from "../../../../../provider/src/hooks/audit/chain.js";
import { headFile } from "../../../../../provider/src/hooks/audit/headFile.js";
import { verifyLog } from "../../../../../provider/src/hooks/audit/verify.js";
import { entryWith, temporaryFolder } from "./support.js";

const unexpected = (message: string) => expect.unreachable(message);

const linesOf = (path: string) =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

const errorOf = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => expect.unreachable(),
    (error: Error) => error,
  );

test("records are chained by their hashes, each over its own canonical JSON", async () => {
  const path = join(temporaryFolder(), "audit.jsonl");
  const chain = openChain(path, unexpected);
  expect(chain.head()).toBeUndefined();
  await chain.append(entryWith({ name: "first" }));
  const second = await chain.append(entryWith({ name: 'with "quotes", € and \n' }));
  const [a, b] = linesOf(path);
  expect(a).toMatchObject({ ...entryWith({ name: "first" }), seq: 1, prev_hash: "0".repeat(64) });
  expect(b).toEqual(second);
  expect(b).toMatchObject({ seq: 2, prev_hash: a.hash });
  for (const { hash, ...rest } of [a, b])
    expect(
      createHash("sha256")
        .update(String(canonicalize(rest)))
        .digest("hex"),
    ).toBe(hash);
  expect(chain.head()).toEqual({ seq: 2, hash: second.hash, log: a.hash });
  expect(await verifyLog(path)).toMatchObject({ finding: undefined, headKnown: true });
});

test("only the owner can read the files", async () => {
  const path = join(temporaryFolder(), "logs", "audit.jsonl");
  await openChain(path, unexpected).append(entryWith());
  for (const file of [path, headFile(path)]) expect(statSync(file).mode & 0o777, file).toBe(0o600);
});

test("what is appended at once shares one wait for the disk, and none is told to be there before", async () => {
  const path = join(temporaryFolder(), "audit.jsonl");
  const chain = openChain(path, unexpected);
  await chain.append(entryWith());
  const handle = await open(path);
  const synced = vi.spyOn(Object.getPrototypeOf(handle) as FileHandle, "datasync");
  await handle.close();
  const records = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      chain.append(entryWith({ name: `n${index}` })).then((record) => {
        expect(synced.mock.settledResults.filter(({ type }) => type === "fulfilled").length).toBeGreaterThan(
          0,
        );
        return record;
      }),
    ),
  );
  expect(synced.mock.calls.length).toBeLessThanOrEqual(2);
  expect(records.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, index) => index + 2));
  synced.mockRestore();
});

test("two processes' chains in one file are one chain", async () => {
  const path = join(temporaryFolder(), "audit.jsonl");
  const [one, other] = [openChain(path, unexpected), openChain(path, unexpected)];
  for (let round = 0; round < 5; round++) {
    await one.append(entryWith());
    await other.append(entryWith());
    await other.append(entryWith());
  }
  expect(linesOf(path).map(({ seq }) => seq)).toEqual(Array.from({ length: 15 }, (_, index) => index + 1));
  expect((await verifyLog(path)).finding).toBeUndefined();
});

test("a torn last line is set aside, said, and the log goes on", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "audit.jsonl");
  await openChain(path, unexpected).append(entryWith());
  appendFileSync(path, '{"event_type":"eventbridge_so');
  expect((await verifyLog(path)).finding).toMatchObject({ damage: "torn", line: 2 });

  const said: string[] = [];
  const record = await openChain(path, (message) => said.push(message)).append(entryWith());
  expect(record.seq).toBe(2);
  expect(said).toEqual([
    expect.stringMatching(/its last line was torn.*29 bytes are kept in audit\.jsonl\.torn-/),
  ]);
  const [aside] = readdirSync(folder).filter((name) => name.includes(".torn-"));
  expect(readFileSync(join(folder, String(aside)), "utf8")).toBe('{"event_type":"eventbridge_so');
  expect(statSync(join(folder, String(aside))).mode & 0o777).toBe(0o600);
  expect((await verifyLog(path)).finding).toBeUndefined();
});

test("a first line that was torn leaves an empty log to begin with", async () => {
  const path = join(temporaryFolder(), "audit.jsonl");
  writeFileSync(path, "{");
  expect((await openChain(path, () => {}).append(entryWith())).seq).toBe(1);
});

test("a log whose last line is longer than what is read at first goes on, too", async () => {
  const path = join(temporaryFolder(), "audit.jsonl");
  await openChain(path, unexpected).append(entryWith());
  await openChain(path, unexpected).append(entryWith({ name: "x".repeat(200_000) }));
  expect((await openChain(path, unexpected).append(entryWith())).seq).toBe(3);
});

test("records that were removed at the end are noticed before anything is appended", async () => {
  const path = join(temporaryFolder(), "audit.jsonl");
  const chain = openChain(path, unexpected);
  for (let index = 0; index < 3; index++) await chain.append(entryWith());
  const content = readFileSync(path);
  truncateSync(path, content.lastIndexOf("\n", content.length - 2) + 1);
  for (const each of [chain, openChain(path, unexpected)]) {
    const { message } = await errorOf(each.append(entryWith()));
    expect(message).toContain(`audit log ${path}: it ends with record 2, though 3 records were written`);
    expect(message).toContain("genesyscloud-eventbridge audit verify");
  }
  expect(linesOf(path)).toHaveLength(2);

  rmSync(path);
  expect((await errorOf(openChain(path, unexpected).append(entryWith()))).message).toContain(
    "it ends with record 0, though 3 records were written",
  );
  rmSync(headFile(path));
  expect((await openChain(path, unexpected).append(entryWith())).seq).toBe(1);
});

test("a last record that was edited is not built upon", async () => {
  const path = join(temporaryFolder(), "audit.jsonl");
  await openChain(path, unexpected).append(entryWith());
  writeFileSync(path, readFileSync(path, "utf8").replace('"active"', '"failed"'));
  expect((await errorOf(openChain(path, unexpected).append(entryWith()))).message).toContain(
    "its last line is not an intact record",
  );
});

test("a log that was rotated away goes on as a new one once its head is taken away, too", async () => {
  const path = join(temporaryFolder(), "audit.jsonl");
  const chain = openChain(path, unexpected);
  await chain.append(entryWith());
  renameSync(path, `${path}.1`);
  renameSync(headFile(path), headFile(`${path}.1`));
  expect((await chain.append(entryWith())).seq).toBe(1);
  expect(linesOf(path)).toHaveLength(1);
  expect((await verifyLog(`${path}.1`)).finding).toBeUndefined();
  expect((await verifyLog(path)).finding).toBeUndefined();
});

test("a write that only half succeeds is taken back, and the next one goes on as if it had not been", async () => {
  const path = join(temporaryFolder(), "audit.jsonl");
  const chain = openChain(path, unexpected);
  await chain.append(entryWith());
  const handle = await open(path);
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const write = prototype.write as (...args: unknown[]) => Promise<{ bytesWritten: number }>;
  let calls = 0;
  vi.spyOn(prototype, "write").mockImplementation(async function (this: FileHandle, ...args: unknown[]) {
    calls += 1;
    if (calls === 1) return write.call(this, args[0], 0, 100, args[3]) as never;
    const failed = new Error("ENOSPC: no space left on device, write");
    throw Object.assign(failed, { code: "ENOSPC", syscall: "write" });
  } as never);
  const { message } = await errorOf(chain.append(entryWith()));
  vi.restoreAllMocks();
  expect(message).toBe(`audit log ${path}: it cannot be written (ENOSPC: no space left on device).`);
  expect(linesOf(path)).toHaveLength(1);
  expect((await chain.append(entryWith())).seq).toBe(2);
  expect((await verifyLog(path)).finding).toBeUndefined();
});

test("a last line that only lacks its end gets it back, and no record is lost", async () => {
  const path = join(temporaryFolder(), "audit.jsonl");
  const chain = openChain(path, unexpected);
  await chain.append(entryWith());
  await chain.append(entryWith());
  const content = readFileSync(path);
  truncateSync(path, content.length - 1);
  const said: string[] = [];
  expect((await openChain(path, (message) => said.push(message)).append(entryWith())).seq).toBe(3);
  expect(said).toEqual([`audit log ${path}: the end of its last line was missing, and was put back.`]);
  expect((await verifyLog(path)).finding).toBeUndefined();
});

test("a log that lost more than a torn end is refused as it is: nothing is cut off or set aside", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "audit.jsonl");
  const chain = openChain(path, unexpected);
  await chain.append(entryWith());
  await chain.append(entryWith());
  const cut = readFileSync(path).subarray(0, -20);
  writeFileSync(path, cut);
  expect((await errorOf(openChain(path, unexpected).append(entryWith()))).message).toContain(
    "some were removed",
  );
  expect(readFileSync(path)).toEqual(cut);
  expect(readdirSync(folder)).toHaveLength(2);
});

test("a head file that was changed is refused; one that a power failure left blank is as good as none", async () => {
  const path = join(temporaryFolder(), "audit.jsonl");
  await openChain(path, unexpected).append(entryWith());
  for (const text of ["nonsense", `00:${"0".repeat(64)}`, `1:${"0".repeat(63)}x`]) {
    writeFileSync(headFile(path), text);
    expect((await errorOf(openChain(path, unexpected).append(entryWith()))).message).toContain(
      "audit.jsonl.head beside it was changed",
    );
    expect((await verifyLog(path)).finding).toMatchObject({ damage: "edited", line: 2 });
  }
  writeFileSync(headFile(path), "\0".repeat(67));
  const said: string[] = [];
  const record = await openChain(path, (message) => said.push(message)).append(entryWith());
  expect(record).toMatchObject({ seq: 2, head_missing: true });
  expect(said).toEqual([expect.stringContaining("is missing or blank, though the log has 1 records")]);
});

test("whatever folder leads to a log, it is one chain; a link in its own place, or its head's, is not followed", async () => {
  const folder = temporaryFolder();
  const real = join(folder, "real");
  mkdirSync(real);
  const [log, byFolder] = [join(real, "audit.jsonl"), join(folder, "linked")];
  symlinkSync(real, byFolder);
  const chains = [log, join(byFolder, "audit.jsonl")].map((path) => openChain(path, unexpected));
  await Promise.all(Array.from({ length: 30 }, (_, index) => chains[index % 2]?.append(entryWith())));
  expect((await verifyLog(log)).finding).toBeUndefined();
  expect((await verifyLog(log)).records).toHaveLength(30);

  const victim = join(folder, "victim");
  for (const place of [join(folder, "link.jsonl"), headFile(join(folder, "other.jsonl"))]) {
    symlinkSync(victim, place);
    const { message } = await errorOf(
      openChain(place.replace(/\.head$/, ""), unexpected).append(entryWith()),
    );
    expect(message).toContain("it is a link, and links are not followed here");
    expect(existsSync(victim)).toBe(false);
    rmSync(place);
  }
});

test("a log that somebody put in the place of another, of the same size, is not taken for it", async () => {
  const path = join(temporaryFolder(), "audit.jsonl");
  const [chain, other] = [openChain(path, unexpected), openChain(path, unexpected)];
  await chain.append(entryWith({ name: "one" }));
  rmSync(path);
  rmSync(headFile(path));
  await other.append(entryWith({ name: "two" }));
  expect((await chain.append(entryWith())).seq).toBe(2);
  expect((await verifyLog(path)).finding).toBeUndefined();
});

test("what can be no log is refused by name", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "a-folder"));
  writeFileSync(join(folder, "a-file"), "");
  expect(
    (await errorOf(openChain(join(folder, "a-folder"), unexpected).append(entryWith()))).message,
  ).toMatch(/audit log .*a-folder: it cannot be written \(EISDIR: it is a folder/);
  expect(
    (await errorOf(openChain(join(folder, "a-file", "log"), unexpected).append(entryWith()))).message,
  ).toContain("a-file: it is no folder");
  expect(existsSync(join(folder, "a-file", "log"))).toBe(false);
});

test("half of a surrogate pair in a name is written as what UTF-8 can hold", async () => {
  const path = join(temporaryFolder(), "audit.jsonl");
  await openChain(path, unexpected).append(entryWith({ name: "a\ud800b" }));
  expect(linesOf(path)[0].name).toBe("a\ufffdb");
  expect((await verifyLog(path)).finding).toBeUndefined();
});
