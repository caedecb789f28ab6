/** No change of an audit log goes unnoticed, and the place of it is named. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { openChain } from "../../../../../provider/src/hooks/audit/chain.js";
import { headFile } from "../../../../../provider/src/hooks/audit/headFile.js";
import { verifyLog } from "../../../../../provider/src/hooks/audit/verify.js";
import { entryWith, temporaryFolder } from "./support.js";

const RECORDS = 1_000;
const unexpected = (message: string) => expect.unreachable(message);

let log: Buffer;
let head: Buffer;
let lines: string[];

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "eventbridge-hooks-"));
  const path = join(folder, "audit.jsonl");
  const chain = openChain(path, unexpected);
  await Promise.all(
    Array.from({ length: RECORDS }, (_, index) => chain.append(entryWith({ name: `source-${index}` }))),
  );
  log = readFileSync(path);
  head = readFileSync(headFile(path));
  rmSync(folder, { recursive: true });
  lines = log.toString().trimEnd().split("\n");
});

/** What verifying says of a log with this content. */
async function verdictOn(content: Buffer | string, expected: Parameters<typeof verifyLog>[1] = []) {
  const path = join(temporaryFolder(), "audit.jsonl");
  writeFileSync(path, content);
  writeFileSync(headFile(path), head);
  return verifyLog(path, expected);
}

const of = (changed: string[]) => `${changed.join("\n")}\n`;

test("an intact log has no finding, and its last record is its head", async () => {
  const verdict = await verdictOn(log);
  expect(verdict.finding).toBeUndefined();
  expect(verdict.records).toHaveLength(RECORDS);
  expect(`${verdict.head.seq}:${verdict.head.hash}\n`).toBe(head.toString());
});

test("whatever byte is flipped, in whatever bit, the place is named", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(log.length - 1), fc.integer({ min: 1, max: 255 }), async (at, bits) => {
      const changed = Buffer.from(log);
      changed[at] = (changed[at] as number) ^ bits;
      const lineOfByte = log.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
      const { finding } = await verdictOn(changed);
      // A newline that is lost joins two lines; one that comes into being splits one. The last one lost tears it.
      expect(finding?.line).toBe(lineOfByte);
      expect(["edited", "inserted", "torn"]).toContain(finding?.damage);
      expect(finding?.message).toMatch(new RegExp(`^line ${lineOfByte}: `));
    }),
    { numRuns: 60 },
  );
});

test("the very last byte, the end of the last line, is no exception", async () => {
  expect((await verdictOn(log.subarray(0, log.length - 1))).finding).toMatchObject({
    damage: "torn",
    line: RECORDS,
  });
});

describe("of lines", () => {
  const place = fc.nat(RECORDS - 1);

  test("one that was dropped is missed where it stood, the last one, too", async () => {
    for (const at of [0, 1, 499, RECORDS - 2, RECORDS - 1]) {
      const { finding } = await verdictOn(of(lines.toSpliced(at, 1)));
      expect(finding).toMatchObject({ damage: "removed", line: at + 1, seq: at + 1 });
    }
  });

  test("two that were swapped are named at the first of the two", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(place, { minLength: 2, maxLength: 2 }), async ([a = 0, b = 0]) => {
        const swapped = [...lines];
        [swapped[a], swapped[b]] = [lines[b] as string, lines[a] as string];
        const { finding } = await verdictOn(of(swapped));
        expect(finding).toMatchObject({ damage: "reordered", line: Math.min(a, b) + 1 });
      }),
      { numRuns: 20 },
    );
  });

  test("a copy that was inserted is named where it stands", async () => {
    await fc.assert(
      fc.asyncProperty(place, place, async (from, to) => {
        const { finding } = await verdictOn(of(lines.toSpliced(to, 0, lines[from] as string)));
        // Beside itself, the second of two equal lines is as good as the first.
        const at = from === to ? to + 2 : to + 1;
        expect(finding).toMatchObject({ damage: "inserted", line: at, seq: from + 1 });
      }),
      { numRuns: 20 },
    );
  });

  test.each([
    "",
    "{}",
    "null",
    "nonsense",
    "[".repeat(200_000) + "]".repeat(200_000),
    '{"seq":3,"prev_hash":"","hash":""}',
  ])("one that is no record was inserted: %j", async (line) => {
    const { finding } = await verdictOn(of(lines.toSpliced(2, 0, line)));
    expect(finding).toMatchObject({ damage: "inserted", line: 3, seq: 3 });
  });

  test("a record from another log does not follow", async () => {
    const path = join(temporaryFolder(), "audit.jsonl");
    const chain = openChain(path, unexpected);
    for (let index = 0; index < 3; index++) await chain.append(entryWith({ name: "another" }));
    const [, , third = ""] = readFileSync(path, "utf8").split("\n");
    const { finding } = await verdictOn(of(lines.with(2, third)));
    expect(finding).toMatchObject({ damage: "edited", line: 3, seq: 3 });
    expect(finding?.message).toContain("record 3 does not follow from record 2");
  });
});

test("a log that was written anew is shown by a head that was kept elsewhere, and by nothing else", async () => {
  const path = join(temporaryFolder(), "audit.jsonl");
  const chain = openChain(path, unexpected);
  await Promise.all(Array.from({ length: 5 }, () => chain.append(entryWith({ name: "forged" }))));
  expect((await verifyLog(path)).finding).toBeUndefined();
  const { hash } = JSON.parse(lines[3] as string);
  expect((await verifyLog(path, [{ seq: 4, hash }])).finding).toMatchObject({ damage: "rewritten", line: 4 });
  expect((await verifyLog(path, [{ seq: 9, hash }])).finding).toMatchObject({ damage: "removed", seq: 6 });
  expect((await verdictOn(log, [{ seq: 4, hash }])).finding).toBeUndefined();
});

test("what has no end is refused, and not read for ever", async () => {
  await expect(verifyLog("/dev/zero")).rejects.toThrow(
    "audit log /dev/zero: it cannot be read (EINVAL: it is a device",
  );
});

test("a log that is not there: never written, or gone", async () => {
  const path = join(temporaryFolder(), "audit.jsonl");
  expect((await verifyLog(path)).finding).toMatchObject({ damage: "missing" });
  writeFileSync(headFile(path), head);
  expect((await verifyLog(path)).finding).toMatchObject({
    damage: "removed",
    message: "the log is gone, though 1000 records were written to it",
  });
});
