/** What may have been torn off while a record was written: of whatever kind of object it is, and nothing else. */
import canonicalize from "canonicalize";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isBegunRecord } from "../../../../../provider/src/hooks/audit/torn.js";
import { idFieldOf } from "../../../../../provider/src/hooks/words.js";
import { entryWith } from "./support.js";

/** A record of an object of this kind, as a line of the log. */
function lineOf(kind: string): string {
  const { source_id: id = null, ...entry } = entryWith({ name: 'a ,"b_id": {"c_id":1}, name' });
  const marks = { continues: "1:a", lost_head: "2:b", intent_seq: 7 };
  const record = { ...entry, ...marks, [idFieldOf(kind)]: id, seq: 1, prev_hash: "0", hash: "1" };
  return String(canonicalize(record));
}

const isBegun = (text: string) => isBegunRecord(Buffer.from(text));

test("every beginning of a record is one, wherever its kind puts the key of the id", () => {
  const noun = fc.stringMatching(/^[a-z][a-z0-9]{0,11}$/).filter((word) => word !== "job");
  fc.assert(
    fc.property(fc.oneof(fc.constantFrom("account", "eventbus", "source", "widget"), noun), (word) => {
      const line = lineOf(`EventBridge ${word}`);
      for (let length = 1; length < line.length; length++)
        if (!isBegun(line.slice(0, length))) expect.unreachable(line.slice(0, length));
      expect(isBegun(line)).toBe(false);
    }),
  );
});

test.each([
  [
    "two ids",
    lineOf("EventBridge source").replace('"timestamp"', '"target_id":"t","timestamp"').slice(0, -1),
  ],
  ["an id out of its place", lineOf("EventBridge account").replace('"account_id"', '"user_id"').slice(0, -1)],
  ["an id that is none", lineOf("EventBridge source").replace('"source_id"', '"sourceId"').slice(0, -1)],
  ["a word that is not the beginning of an id", '{"account"'],
  ["an id in capitals", '{"ACCOUNT_I'],
  ["an id, and then what no record has", '{"account_id":"4711","secret":"x"'],
  ["an id alone", '{"order_id":7'],
])("what bears %s is no beginning of a record", (_, text) => {
  expect(isBegun(text)).toBe(false);
});
