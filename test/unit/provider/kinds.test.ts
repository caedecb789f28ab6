/** Every kind of resource is known wherever kinds are told apart: in records, in notices and in the words of commands. */
import { expect, test } from "vitest";
import { idFieldOf } from "../../../provider/src/hooks/words.js";
import { KINDS } from "../../../provider/src/kinds.js";

test.each(KINDS)("$label has a field of its own for its id in records and notices", ({ label }) => {
  expect(KINDS.filter((kind) => idFieldOf(kind.label) === idFieldOf(label))).toHaveLength(1);
});

test.each(["type", "stub", "label", "noun", "idOutput"] as const)("no two kinds have the same %s", (word) => {
  expect(new Set(KINDS.map((kind) => kind[word])).size).toBe(KINDS.length);
});
