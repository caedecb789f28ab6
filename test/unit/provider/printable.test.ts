/** Foreign text becomes signs that do nothing to a terminal, and is cut where it is too long. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { CUT, printable, printableJson, printableLines } from "../../../provider/src/printable.js";

test.each([
  ["a colour", "\u001b[31mred", "\\u{1b}[31mred"],
  [
    "a link",
    "\u001b]8;;http://x\u0007here\u001b]8;;\u0007",
    "\\u{1b}]8;;http://x\\u{7}here\\u{1b}]8;;\\u{7}",
  ],
  ["a control sequence in one sign", "\u009b31mred", "\\u{9b}31mred"],
  ["a line of its own", "no\r\nok  credentials", "no\\u{d}\\u{a}ok  credentials"],
  ["other line ends", "a\u2028b\u2029c\u0085d\u000be", "a\\u{2028}b\\u{2029}c\\u{85}d\\u{b}e"],
  ["a direction", "\u202egnp.exe\u2066\u200f", "\\u{202e}gnp.exe\\u{2066}\\u{200f}"],
  [
    "joiners and fillers",
    "a\u200db\ufeff\u3164\u00ad\u2800",
    "a\\u{200d}b\\u{feff}\\u{3164}\\u{ad}\\u{2800}",
  ],
  ["tags and selectors", "a\u{e0041}\ufe0f", "a\\u{e0041}\\u{fe0f}"],
  ["half of a pair", "a\ud83db", "a\\u{d83d}b"],
  ["private letters", "\ue000", "\\u{e000}"],
  ["many blanks", "x     ok", "x  \\u{20}\\u{20}\\u{20}ok"],
  ["many accents", `a${"\u0301".repeat(6)}`, `a${"\u0301".repeat(4)}\\u{301}\\u{301}`],
  [
    "ordinary words of any language",
    "VIP → Zürich, 東京, صباح, नमस्ते 😀  .",
    "VIP → Zürich, 東京, صباح, नमस्ते 😀  .",
  ],
])("%s is shown for what it is", (_, text, shown) => {
  expect(printable(text)).toBe(shown);
  expect(printable(shown)).toBe(shown);
});

test("what is too long is cut, and never inside of a sign or an escape", () => {
  expect(printable("x".repeat(10_000_000), 17)).toBe(`${"x".repeat(10)}${CUT}`);
  expect(printable("x".repeat(17), 17)).toBe("x".repeat(17));
  expect(printable("x😀😀😀😀😀", 9)).toBe(`x${CUT}`);
  expect(printable("x\u001b\u001b\u001b", 10)).toBe(`x${CUT}`);
  expect(printable("\u001b".repeat(100), 20)).toBe(`\\u{1b}\\u{1b}${CUT}`);
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.integer({ min: CUT.length, max: 40 }), (text, limit) => {
      const shown = printable(text, limit);
      expect(shown.length).toBeLessThanOrEqual(limit);
      expect(shown).not.toMatch(/\p{Cc}|\p{Cf}|\p{Cs}|\p{Zl}|\p{Zp}/u);
    }),
  );
});

test("of several lines of ours each is made printable", () => {
  expect(printableLines("one\u001b\ntwo\r")).toBe("one\\u{1b}\ntwo\\u{d}");
});

test("JSON for programs says the same with nothing unseen in it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const shown = printableJson({ text, more: [text] }, 2);
      expect(JSON.parse(shown)).toEqual({ text, more: [text] });
      expect(shown.replaceAll("\n", "")).not.toMatch(/\p{Cc}|\p{Cf}|\p{Cs}|\p{Zl}|\p{Zp}/u);
    }),
  );
  expect(printableJson({ text: "\u009b\u202e\u{e0041}" })).toBe('{"text":"\\u009b\\u202e\\udb40\\udc41"}');
  expect(printableJson(undefined)).toBe("null");
});
