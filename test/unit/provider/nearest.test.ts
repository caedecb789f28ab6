/** Which right word is suggested for a wrong one, if any. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { didYouMean, nearest } from "../../../provider/src/nearest.js";

const OPERATORS = ["equals", "contains", "greater_than"];

test.each([
  ["equal", "equals"],
  ["EQUALS", "equals"],
  ["contians", "contains"],
  ["greaterThan", "greater_than"],
  ["greater-than", "greater_than"],
  ["lower", undefined],
  ["regular expression", undefined],
])("the nearest of the operators to %s is %s", (word, candidate) =>
  expect(nearest(word, OPERATORS)).toBe(candidate),
);

test("of two equally near candidates the first one is taken", () =>
  expect(nearest("cat", ["bat", "hat"])).toBe("bat"));

test("a hint is a part of a sentence, or nothing", () => {
  expect(didYouMean("equal", OPERATORS)).toBe(' (did you mean "equals"?)');
  expect(didYouMean("something else", OPERATORS)).toBe("");
  expect(didYouMean("a", [])).toBe("");
});

test("whatever the word, the answer is a candidate or nothing, and a candidate is nearest to itself", () => {
  fc.assert(fc.property(fc.string(), (word) => [...OPERATORS, undefined].includes(nearest(word, OPERATORS))));
  for (const operator of OPERATORS) expect(nearest(operator, OPERATORS)).toBe(operator);
});
