/** What is missing from a log, or never was one: it is said, it stays said, and nothing is put in its place. */
import {
  chownSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import canonicalize from "canonicalize";
import { describe, expect, test } from "vitest";
import { openChain } from "../../../../../provider/src/hooks/audit/chain.js";
import { headFile } from "../../../../../provider/src/hooks/audit/headFile.js";
import { linesOf } from "../../../../../provider/src/hooks/audit/lines.js";
import { goesThrough } from "../../../../../provider/src/hooks/audit/lookup.js";
import { repairLog, rotateLog, tryLog } from "../../../../../provider/src/hooks/audit/maintenance.js";
import type { AuditRecord, KnownHead } from "../../../../../provider/src/hooks/audit/record.js";
import { isBegunRecord } from "../../../../../provider/src/hooks/audit/torn.js";
import { verifyLog } from "../../../../../provider/src/hooks/audit/verify.js";
import { entryWith, temporaryFolder } from "./support.js";

const unexpected = (message: string) => expect.unreachable(message);

const errorOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => expect.unreachable(),
    (error: Error) => error.message,
  );

/** A log of so many records, and what it told. */
async function logOf(count: number, path = join(temporaryFolder(), "audit.jsonl")) {
  const chain = openChain(path, unexpected);
  const records: AuditRecord[] = [];
  for (let index = 0; index < count; index++)
    records.push(await chain.append(entryWith({ name: `n${index + 1}` })));
  await tryLog(path);
  return { path, records };
}

/** A record as the stack's state names it. */
const ofLog = (records: readonly AuditRecord[], index: number): KnownHead => {
  const { seq, hash } = records[index] as AuditRecord;
  return { seq, hash, log: records[0]?.hash };
};

/** Takes records off the end, and the head with them. */
function cutOff(path: string, kept: number): void {
  const lines = readFileSync(path, "utf8").split("\n");
  writeFileSync(
    path,
    lines
      .slice(0, kept)
      .map((line) => `${line}\n`)
      .join(""),
  );
  rmSync(headFile(path));
}

describe("a file that was named as the audit log by mistake", () => {
  const token = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";
  const minified = '{"name":"a-package","version":"1.0.0"}';
  test.each([
    ["a token", token],
    ["a token and a line end", `${token}\n`],
    ["a key", "-----BEGIN PRIVATE KEY-----\nMIIE"],
    ["minified JSON", minified],
    ["minified JSON of an error", '{"error":{"code":"x","message":"y"}}'],
    ["JSON that begins as a record does", '{"event_type":"click","page":"/home"}'],
    ["a brace too many", '{"event_type":"a"}{'],
    ["blanks", "    "],
  ])("is refused as it is: %s", async (_, content) => {
    const folder = temporaryFolder();
    const path = join(folder, "mistaken");
    writeFileSync(path, content, { mode: 0o600 });
    expect((await verifyLog(path)).finding?.damage).toBe("edited");
    for (const use of [() => openChain(path, unexpected).append(entryWith()), () => repairLog(path)]) {
      expect(await errorOf(use())).toMatch(/this file is no audit log|not an intact record/);
      expect(readFileSync(path, "utf8")).toBe(content);
      expect(readdirSync(folder).filter((name) => name.includes("torn"))).toEqual([]);
    }
  });

  test("every beginning of a record is one, and no whole record is only its beginning", async () => {
    const { records } = await logOf(1);
    const failure = { status: 409, code: "conflict", message: 'taken "by" {another}' };
    const marks = { continues: "1:a", head_missing: true, lost_head: "2:b", intent_seq: 7, error: failure };
    for (const record of [...records, { ...records[0], ...marks }]) {
      const line = Buffer.from(String(canonicalize(record)));
      for (let length = 1; length < line.length; length++)
        expect(isBegunRecord(line.subarray(0, length)), line.toString("utf8", 0, length)).toBe(true);
      expect(isBegunRecord(line)).toBe(false);
      expect(isBegunRecord(Buffer.concat([line, Buffer.from("x")]))).toBe(false);
    }
  });

  test.skipIf(process.getuid?.() !== 0)("is refused when it is another user's", async () => {
    const { path } = await logOf(1);
    chownSync(path, 54_321, 54_321);
    expect(await errorOf(openChain(path, unexpected).append(entryWith()))).toContain(
      "belongs to another user",
    );
  });
});

describe("records that were cut off together with the head", () => {
  test("are a warning once a run, and what was written next goes on saying so", async () => {
    const { path } = await logOf(3);
    cutOff(path, 2);
    expect((await verifyLog(path)).warnings).toEqual([expect.stringContaining("is not there")]);
    const said: string[] = [];
    const chain = openChain(path, (message) => said.push(message));
    expect(await chain.append(entryWith())).toMatchObject({ seq: 3, head_missing: true });
    expect(await chain.append(entryWith())).not.toHaveProperty("head_missing");
    expect(said).toEqual([expect.stringContaining("whether some were removed at its end cannot be told")]);

    const later: string[] = [];
    await openChain(path, (message) => later.push(message)).append(entryWith());
    expect(later).toEqual([expect.stringContaining("records may be missing from it, as its record 3 says")]);
    const verdict = await verifyLog(path);
    expect(verdict.finding).toBeUndefined();
    expect(verdict.warnings).toEqual([expect.stringContaining("when record 3 was written")]);
  });

  test("are proven by what the state of a resource names, and stay so", async () => {
    const { path, records } = await logOf(4);
    cutOff(path, 2);
    const said: string[] = [];
    const chain = openChain(path, (message) => said.push(message));
    await chain.append(entryWith(), ofLog(records, 0));
    expect(await chain.append(entryWith(), ofLog(records, 3))).toMatchObject({
      lost_head: `4:${records[3]?.hash}`,
    });
    for (let index = 0; index < 3; index++) await chain.append(entryWith());
    expect(said).toHaveLength(1);
    const { finding, records: shown, count, hidesRecords } = await verifyLog(path);
    expect([shown.length, count, hidesRecords]).toEqual([7, 7, false]);
    expect(finding).toMatchObject({
      damage: "removed",
      seq: 4,
      message: expect.stringContaining(`record 4:${records[3]?.hash} was written for "orders"`),
    });
  });

  test("are no sign where the state does not tell of which log they were", async () => {
    const { path, records } = await logOf(4);
    cutOff(path, 2);
    const chain = openChain(path, () => {});
    expect(await chain.append(entryWith(), records[3])).not.toHaveProperty("lost_head");
  });

  test("two machines that take turns have a log each, and neither lacks a record", async () => {
    const [mine, yours] = ["mine", "yours"].map((name) => ({
      path: join(temporaryFolder(), "audit.jsonl"),
      name,
      records: [] as AuditRecord[],
    }));
    const turns = [mine, yours, mine, yours, mine].map((each) => each as NonNullable<typeof mine>);
    let inState: KnownHead | undefined;
    for (const { path, name, records } of turns) {
      const chain = openChain(path, unexpected);
      // A create knows of nothing; an update of what the other machine has written.
      for (const known of [undefined, inState]) records.push(await chain.append(entryWith({ name }), known));
      inState = ofLog(records, records.length - 1);
    }
    for (const { path } of turns)
      expect(await verifyLog(path)).toMatchObject({ finding: undefined, warnings: [] });
  });

  test("what the state names and the log goes through, here or where it was moved to, is no sign", async () => {
    const { path, records } = await logOf(300);
    const chain = openChain(path, unexpected);
    for (const index of [0, 1, 149, 298, 299])
      expect(await chain.append(entryWith(), ofLog(records, index))).not.toHaveProperty("lost_head");
    await tryLog(path);
    await rotateLog(path);
    await chain.append(entryWith());
    expect(await chain.append(entryWith(), ofLog(records, 17))).not.toHaveProperty("lost_head");
    expect(await verifyLog(path)).toMatchObject({ finding: undefined, warnings: [] });
  });

  test("a machine that never had the log begins one, and is told nothing but by verify", async () => {
    const { records } = await logOf(2);
    const path = join(temporaryFolder(), "audit.jsonl");
    const chain = openChain(path, unexpected);
    expect(await chain.append(entryWith(), ofLog(records, 1))).toMatchObject({
      continues: `2:${records[1]?.hash}`,
    });
    expect(await chain.append(entryWith(), ofLog(records, 0))).not.toHaveProperty("lost_head");
    expect(await openChain(path, unexpected).append(entryWith(), ofLog(records, 0))).not.toHaveProperty(
      "lost_head",
    );
    const { finding, warnings } = await verifyLog(path);
    expect(finding).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining("an earlier log of 2 records")]);
  });
});

describe("a log that was moved away", () => {
  test("is named by the first record of the next, and found in whichever it is", async () => {
    const { path, records: first } = await logOf(3);
    const one = await rotateLog(path);
    const { records: second } = await logOf(2, path);
    expect(second[0]).toMatchObject({ seq: 1, continues: `3:${first[2]?.hash}` });
    expect(second[1]).not.toHaveProperty("continues");
    const two = await rotateLog(path);
    await logOf(1, path);
    const heads = [first[1], second[0], second[1]] as AuditRecord[];
    expect(await verifyLog(path, heads)).toMatchObject({
      finding: undefined,
      warnings: [],
      earlier: [two, one],
    });

    writeFileSync(one, readFileSync(one, "utf8").replace('"n2"', '"xx"'));
    expect((await verifyLog(path)).finding?.message).toMatch(
      /^audit\.jsonl\..*: line 2: record 2 was edited/,
    );
    rmSync(one);
    rmSync(headFile(one));
    expect(await verifyLog(path)).toMatchObject({
      finding: undefined,
      warnings: [expect.stringContaining("an earlier log of 3 records")],
    });
  });

  test("whoever was killed on the way leaves a log that goes on", async () => {
    const { path } = await logOf(2);
    const away = await rotateLog(path);
    renameSync(away, path);
    expect((await verifyLog(path)).finding).toBeUndefined();
    expect(await openChain(path, unexpected).append(entryWith())).toMatchObject({ seq: 3 });
    await tryLog(path);
    // The first record is there, and its head is not.
    await rotateLog(path);
    const begun = readFileSync(headFile(path));
    await logOf(2, path);
    writeFileSync(headFile(path), begun);
    expect((await verifyLog(path)).finding).toBeUndefined();
    expect(await openChain(path, unexpected).append(entryWith())).toMatchObject({ seq: 3 });
  });

  test("keeps the sign that the file of its head was missing, and what was found of it is told", async () => {
    const { path } = await logOf(3);
    const [first] = readFileSync(path, "utf8").split("\n");
    writeFileSync(path, `${first}\n{"seq":2,`);
    rmSync(headFile(path));
    const told: string[] = [];
    const away = await rotateLog(path, (message) => told.push(message));
    expect(told).toEqual([
      expect.stringContaining("its last line was torn"),
      expect.stringContaining("the file .head beside it is missing or blank"),
    ]);
    const stillMissing = [expect.stringMatching(/^audit\.jsonl\..*\.head, which says .* is not there/)];
    expect(await verifyLog(away)).toMatchObject({ finding: undefined, warnings: stillMissing });
    await logOf(1, path);
    expect(await verifyLog(path)).toMatchObject({
      finding: undefined,
      earlier: [away],
      warnings: [expect.stringContaining(".head, which says how far the log goes, is not there")],
    });
  });

  test("without a record in it there is nothing to move", async () => {
    const { path } = await logOf(1);
    await rotateLog(path);
    expect(await errorOf(rotateLog(path))).toContain("there is no such file");
  });
});

describe("a log that a tool has turned", () => {
  const turned = async (how: (text: string) => string) => {
    const { path } = await logOf(3);
    const text = readFileSync(path, "utf8");
    writeFileSync(path, how(text));
    return { path, text };
  };
  test.each([
    [
      "CRLF",
      (text: string) => text.replaceAll("\n", "\r\n"),
      /line ends were turned to CRLF.*audit\.jsonl -text/,
    ],
    ["CRLF in its last line", (text: string) => text.replace(/\n$/, "\r\n"), /line ends were turned to CRLF/],
    [
      "a byte order mark",
      (text: string) => `\ufeff${text}`,
      /a byte order mark was put before its first record/,
    ],
  ])("is not gone on with, and turned back: %s", async (_, how, message) => {
    const { path, text } = await turned(how);
    const refused: Error & { isUnwritable?: boolean } = await openChain(path, unexpected)
      .append(entryWith())
      .then(
        () => expect.unreachable(),
        (error) => error,
      );
    // To make it writable, or to name another file, would be no remedy.
    expect(refused.isUnwritable).toBe(false);
    expect(refused.message).toMatch(message);
    expect((await verifyLog(path)).finding).toMatchObject({ damage: "converted" });
    expect(await repairLog(path)).toContain("no record was changed by that");
    expect(readFileSync(path, "utf8")).toBe(text);
    expect(await openChain(path, unexpected).append(entryWith())).toMatchObject({ seq: 4 });
  });

  test("and edited as well is edited, and is not turned back", async () => {
    const { path } = await turned((text) => text.replaceAll("\n", "\r\n").replace('"n2"', '"xx"'));
    const before = readFileSync(path);
    expect((await verifyLog(path)).finding).toMatchObject({ damage: "edited", line: 2 });
    await errorOf(repairLog(path));
    expect(readFileSync(path)).toEqual(before);
  });

  test("so that a head file has other line ends is as it was", async () => {
    const { path } = await logOf(2);
    const head = readFileSync(headFile(path), "utf8");
    writeFileSync(headFile(path), `\ufeff${head.replace("\n", "\r\n")}`);
    expect(await verifyLog(path)).toMatchObject({ finding: undefined, headKnown: true });
    expect(await openChain(path, unexpected).append(entryWith())).toMatchObject({ seq: 3 });
  });
});

describe("a log of any size", () => {
  test("a line longer than any record is a finding, and is not held in memory", async () => {
    const { path } = await logOf(2);
    const { length } = readFileSync(path);
    truncateSync(path, length + 200 * 1024 * 1024);
    expect((await verifyLog(path)).finding).toMatchObject({
      damage: "edited",
      line: 3,
      message: expect.stringContaining("more than any record has"),
    });
    expect(await errorOf(openChain(path, unexpected).append(entryWith()))).toContain(
      "its last line is longer than any record",
    );
  });

  test("is cut into the same lines, whatever is read at once", async () => {
    const path = join(temporaryFolder(), "lines");
    writeFileSync(path, "a\n\nbcd\nefghijk\nlm");
    const file = await open(path);
    for (let piece = 1; piece < 20; piece++) {
      const lines: unknown[] = [];
      for await (const { bytes, length, ended } of linesOf(file, { piece, limit: 5 }))
        lines.push([bytes?.toString(), length, ended]);
      expect(lines).toEqual([
        ["a", 1, true],
        ["", 0, true],
        ["bcd", 3, true],
        [undefined, 7, true],
        ["lm", 2, false],
      ]);
    }
    await file.close();
  });

  test("each of its records is found by halving, and no other", async () => {
    const { path, records } = await logOf(400);
    const file = await open(path);
    const { size } = await file.stat();
    const json = (value: unknown) => canonicalize(value);
    for (const record of records) expect(await goesThrough(file, size, record, json)).toBe(true);
    for (const seq of [1, 200, 400, 401, 1_000])
      expect(await goesThrough(file, size, { seq, hash: "0".repeat(64) }, json)).toBe(false);
    await file.close();
  });
});

test("to try a log leaves everything as it was, and takes the lock that a record takes", async () => {
  const folder = temporaryFolder();
  await tryLog(join(folder, "new", "audit.jsonl"));
  expect(readdirSync(folder)).toEqual([]);
  const path = join(folder, "audit.jsonl");
  writeFileSync(join(folder, "a-file"), "");
  expect(await errorOf(tryLog(join(folder, "a-file", "audit.jsonl")))).toContain("a-file is no folder");
  await openChain(path, unexpected).append(entryWith());
  await tryLog(path);
  expect(existsSync(headFile(path))).toBe(true);
});
