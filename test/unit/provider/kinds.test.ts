/** Every kind of resource is known wherever kinds are told apart: in states, in records, in notices and in the words of commands. */
import { expect, test } from "vitest";
import { idFieldOf, isIdField } from "../../../provider/src/hooks/words.js";
import * as classes from "../../../provider/src/index.js";
import { KINDS } from "../../../provider/src/kinds.js";

test.each(KINDS)("$label has a field of its own for its id in records and notices", ({ label }) => {
  expect(isIdField(idFieldOf(label))).toBe(true);
  expect(KINDS.filter((kind) => idFieldOf(kind.label) === idFieldOf(label))).toHaveLength(1);
});

test.each(KINDS)(
  "$label is declared by a class of the package, under the type that it has in states",
  (kind) => {
    const { className } = kind.inPrograms;
    expect(classes).toHaveProperty(className, expect.objectContaining({ __pulumiType: kind.type }));
  },
);

test.each(["type", "stub", "label", "noun", "idOutput"] as const)("no two kinds have the same %s", (word) => {
  expect(new Set(KINDS.map((kind) => kind[word])).size).toBe(KINDS.length);
});
