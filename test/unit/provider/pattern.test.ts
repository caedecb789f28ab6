/** What patterns mean, and that no pattern takes longer than its length times that of a name. */
import { describe, expect, test } from "vitest";
import { patternOf } from "../../../provider/src/pattern.js";

const matching = (pattern: string, ...names: string[]) => names.filter((name) => patternOf(pattern)?.(name));

describe("a pattern", () => {
  test.each<[string, string[], string[]]>([
    ["*", ["", "a", "a/b", ".a", "a\nb"], []],
    ["a*", ["a", "ab"], ["ba", ""]],
    ["*a", ["a", "ba"], ["ab"]],
    ["a*b*c", ["abc", "axbxc", "abbcc"], ["acb", "ab"]],
    ["**", ["", "a/b"], []],
    ["a?c", ["abc", "a/c", "a🙂c"], ["ac", "abbc"]],
    ["[ab]c", ["ac", "bc"], ["cc", "c", "[ab]c"]],
    ["[!ab]c", ["cc"], ["ac", "c"]],
    ["[^a]", ["b"], ["a"]],
    ["[a-c]", ["a", "b", "c"], ["d", "-"]],
    ["[a-]", ["a", "-"], ["b"]],
    ["[]a]", ["]", "a"], ["b"]],
    ["[*]", ["*"], ["a"]],
    ["{a,b}c", ["ac", "bc"], ["c", "{a,b}c"]],
    ["{a,}c", ["ac", "c"], ["bc"]],
    ["{a,b{c,d}}", ["a", "bc", "bd"], ["b", "ad"]],
    ["{a*,?b}", ["a", "axx", "xb"], ["b", "xxb"]],
    ["{ab,a}b", ["abb", "ab"], ["a"]],
    ["x{a,[,}]}", ["xa", "x,", "x}"], ["x"]],
    ["\\**", ["*", "*a"], ["a"]],
    ["!a*", ["!ab"], ["b"]],
  ])("%j means %j and not %j", (pattern, those, others) => {
    expect(matching(pattern, ...those, ...others)).toEqual(those);
  });

  test.each([
    "a",
    "",
    "a,b",
    "{a}",
    "{a",
    "a}",
    "[",
    "[]",
    "[!]",
    "a]",
    "a(b|c)",
    "!a",
    "a\\*b",
    "a+",
    "{1..3}",
  ])("%j is none", (name) => expect(patternOf(name)).toBeUndefined());
});

describe("never takes long", { timeout: 20_000 }, () => {
  const name = "a".repeat(20_000);

  test.each<[string, string]>([
    ["stars", "*a*a*a*a*a*a*a*b"],
    ["stars in a row", `${"*".repeat(50)}b`],
    ["stars in braces", "{*a,*aa,a*}{*a,*aa,a*}{*a,*aa,a*}b"],
  ])("for %s and a long name", (_, pattern) => {
    const matches = patternOf(pattern);
    expect(matches?.(name)).toBe(false);
    expect(matches?.(`${name}b`)).toBe(true);
  });

  test.each<[string, string]>([
    ["braces in braces", `${"{".repeat(100_000)}a,b${"}".repeat(100_000)}*`],
    ["brackets that are never closed", `${"[".repeat(100_000)}*`],
    ["choices that multiply", "{a,b}".repeat(10_000)],
  ])("for %s", (_, pattern) => {
    expect(patternOf(pattern)?.("c")).toBe(false);
  });
});
