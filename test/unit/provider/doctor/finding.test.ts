/** An error is one line of the doctor's, whatever it is made of. */
import { expect, test } from "vitest";
import { inOneLine } from "../../../../provider/src/doctor/finding.js";

test.each([
  ["a\n  b", "a; b"],
  ["a \n\n b\n", "a; b"],
  ["  a", "a"],
])("%j is %j", (message, line) => expect(inOneLine(new Error(message))).toBe(line));

test("a million blanks take no longer than other letters", () => {
  const text = `a${" ".repeat(1_000_000)}b`;
  expect(inOneLine(text)).toBe(text);
});
