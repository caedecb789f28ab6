/** Finding a head in a log that is too large to be read: by the numbers of its records, whatever kind they are about. */
import { writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { goesThrough } from "../../../../../provider/src/hooks/audit/lookup.js";
import {
  type AuditEntry,
  chained,
  GENESIS,
  type Head,
  lineOf,
  loadCanonicalize,
} from "../../../../../provider/src/hooks/audit/record.js";
import { entryWith, temporaryFolder } from "./support.js";

const { source_id: id, ...rest } = entryWith();

test.each(["source_id", "integration_id", "target_id", "topic_id"])(
  "a log whose records name the object by %s",
  async (field) => {
    const canonicalize = await loadCanonicalize();
    const heads: Head[] = [GENESIS];
    const lines: string[] = [];
    for (let count = 0; count < 1_000; count++) {
      const entry = { ...rest, [field]: id } as AuditEntry;
      const record = chained(entry, heads.at(-1) ?? GENESIS, canonicalize);
      heads.push(record);
      lines.push(lineOf(record, canonicalize));
    }
    const path = join(temporaryFolder(), "log.jsonl");
    writeFileSync(path, lines.join(""));
    const log = await open(path);
    onTestFinished(() => log.close());
    const { size } = await log.stat();
    for (const seq of [1, 500, 999, 1_000])
      expect(await goesThrough(log, size, heads[seq] as Head, canonicalize), `${seq}`).toBe(true);
    const other = { seq: 500, hash: "0".repeat(64) };
    expect(await goesThrough(log, size, other, canonicalize)).toBe(false);
  },
);
