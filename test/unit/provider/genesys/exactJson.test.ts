/** The JSON of answers: what can be held is what JSON.parse makes of it, and nothing is altered in silence. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseExactly, Unholdable } from "../../../../provider/src/genesys/exactJson.js";

test("what JavaScript can hold is what JSON.parse makes of it", () =>
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseExactly(text)).toEqual(JSON.parse(text, (_, value) => (value === 0 ? 0 : value)));
    }),
  ));

test("every number that JavaScript writes is read as the same number", () =>
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      expect(parseExactly(JSON.stringify(number))).toBe(number + 0);
    }),
  ));

test.each([
  ["9007199254740991", 2 ** 53 - 1],
  ["9007199254740992", 2 ** 53],
  ["-9007199254740992", -(2 ** 53)],
  ["1.50", 1.5],
  ["1.5000000000000000000000", 1.5],
  ["10000000000000000000000", 1e22],
  ["1e22", 1e22],
  ["0.1e1", 1],
  ["1E+2", 100],
  ["0e400", 0],
  ["-0", 0],
  ["-0.0e5", 0],
  ["0.30000000000000004", 0.1 + 0.2],
])("%s is a number", (text, number) => {
  expect(parseExactly(text)).toBe(number);
});

test.each([
  "9007199254740993",
  "-9007199254740993",
  "9007199254740993.0",
  "0.1234567890123456789",
  "3.14159265358979323846",
  "1e400",
  "-1e400",
  "1e-400",
  `1${"0".repeat(400)}`,
  `0.${"0".repeat(400_000)}1`,
  "12345678901234567890e-10",
])("%.40s is none that can be held, and is known for what it is", (text) => {
  const value = parseExactly(`{"list":[${text}]}`) as { list: Unholdable[] };
  const [found] = value.list;
  expect(found).toBeInstanceOf(Unholdable);
  expect(text.startsWith(String(found).replace("…", ""))).toBe(true);
  expect(String(found).length).toBeLessThan(100);
});

test("a key that stands twice is the value of neither, unless both say the same", () => {
  expect(parseExactly('{"a":1,"a":2,"b":3}')).toMatchObject({ a: expect.any(Unholdable), b: 3 });
  expect(parseExactly('{"a":1,"a":1}')).toEqual({ a: 1 });
});

test("__proto__ is a key as any other", () => {
  const value = parseExactly('{"__proto__":{"name":"x"}}') as { name?: string };
  expect(Object.keys(value)).toEqual(["__proto__"]);
  expect(value.name).toBeUndefined();
});

test("what is nested without end is known for that", () => {
  const deep = "[".repeat(1_000_000);
  expect(parseExactly(deep + "]".repeat(1_000_000))).toMatchObject({ why: "is nested too deep to be read" });
});

test.each(["", "{", "nope", "01", "+1", ".5", "1.", "[1,]", '"\u0001"', "{} {}"])("%j is no JSON", (text) => {
  expect(() => parseExactly(text)).toThrow(SyntaxError);
});

describe("what cannot be held", () => {
  test("can be written nowhere", () => {
    expect(() => JSON.stringify({ value: parseExactly("1e400") })).toThrow("can be written nowhere");
  });
});
