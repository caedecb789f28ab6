/** A secret is taken out of a text in whatever form it stands there, whole or cut. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { LONGEST } from "../../../provider/src/limits.js";
import { hiding, NOT_SHOWN } from "../../../provider/src/masking.js";
import { CUT, printable } from "../../../provider/src/printable.js";

const SECRET = `a "planted" key/with ümlauts & <signs>, 100% it's`;
const hide = hiding(() => [{ text: SECRET, mark: "[secret]" }]);
const json = (text: string) => JSON.stringify(text).slice(1, -1);

test.each([
  ["as it is", SECRET],
  ["in capitals, of which some are longer", "Straße der Secrets".toUpperCase(), "Straße der Secrets"],
  ["beside letters whose small ones are longer", `İİİ${SECRET}`],
  ["composed otherwise", SECRET.normalize("NFD")],
  ["for a URL", encodeURIComponent(SECRET)],
  ["for a path", encodeURI(SECRET)],
  ["for a form", encodeURIComponent(SECRET).replaceAll("%20", "+")],
  ["for a URL, in small letters", encodeURIComponent(SECRET).toLowerCase()],
  ["for a URL, twice", encodeURIComponent(encodeURIComponent(SECRET))],
  ["for JSON", json(SECRET)],
  ["for JSON within JSON", json(json(SECRET))],
  ["for JSON of ASCII alone", json(SECRET).replaceAll("ü", "\\u00fc")],
  ["for JSON, slashes escaped", json(SECRET).replaceAll("/", "\\/")],
  ["for HTML", SECRET.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;")],
  ["in base64", Buffer.from(SECRET).toString("base64")],
  ["in base64 with something before it", Buffer.from(`id:${SECRET}`).toString("base64")],
  ["in base64 with more before it", Buffer.from(`id2:${SECRET}`).toString("base64")],
  ["in base64 for URLs", Buffer.from(SECRET).toString("base64url")],
])("a secret is found %s", (_, form, secret = SECRET) => {
  const shown = hiding(() => [{ text: secret, mark: "[secret]" }])(`it says ${form} is wrong`);
  expect(shown).toContain("[secret]");
  expect(shown).toMatch(/^it says .* is wrong$/);
  expect(shown).not.toMatch(/planted|lanted|UGxhbnRlZ|der Secrets|DER SECRETS/i);
});

test("a secret that was made printable on its way is known again", () => {
  const secret = "first line\nsecond\u001b line";
  const shown = hiding(() => [{ text: secret, mark: "[secret]" }])(`no: ${printable(secret)}!`);
  expect(shown).toBe("no: [secret]!");
});

test.each([
  ["its beginning", SECRET.slice(0, 20)],
  ["its end", SECRET.slice(-20)],
  ["its middle", SECRET.slice(7, 30)],
])("of a secret that was cut %s is taken out, too", (_, part) => {
  const shown = hide(`x ${part}`);
  expect(shown).toContain("[secret]");
  // What is left of it is too short to tell.
  for (let at = 0; at + 12 <= part.length; at++) expect(shown).not.toContain(part.slice(at, at + 12));
});

test("short values are whole words, and what is shorter still is none", () => {
  const values = hiding(() => [
    { text: "high", mark: "[value]" },
    { text: "vip", mark: "[value]" },
    { text: "4711", mark: "[value]" },
  ]);
  expect(values("vip: high (High, 4711) is not among the highest of 47110")).toBe(
    "vip: [value] ([value], [value]) is not among the highest of 47110",
  );
});

test("what overlaps is one, and each of several has its own mark", () => {
  const two = hiding(() => [
    { text: "planted-secret-one", mark: "[1]" },
    { text: "secret-one-and-two", mark: "[2]" },
  ]);
  expect(two("planted-secret-one secret-one-and-two planted-secret-one-and-two")).toBe("[1] [2] [1]");
});

test("whatever the secret is, and wherever it stands, it is not in the text", () => {
  const any = fc.string({ unit: "binary" });
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 8 }), any, any, (secret, before, after) => {
      const shown = hiding(() => [{ text: secret, mark: "*" }])(before + secret + after);
      expect(shown).not.toContain(secret);
    }),
  );
  // Of few letters, parts repeat and overlap.
  const few = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 60 });
  const fewer = fc.string({ unit: fc.constantFrom("a", "b"), minLength: 8, maxLength: 30 });
  fc.assert(
    fc.property(fewer, few, few, (secret, before, after) => {
      const shown = hiding(() => [{ text: secret, mark: "*" }])(before + secret + after);
      expect(shown).not.toContain(secret);
    }),
  );
});

test("a text without secrets is what it was", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(hiding(() => [])(text)).toBe(text);
    }),
  );
  expect(hide("the key is not allowed, and with it the others")).toBe(
    "the key is not allowed, and with it the others",
  );
});

test("secrets of 100 kB, many, and texts of 10 MB are no trouble", () => {
  const noise = (seed: number) =>
    Array.from({ length: 10_000 }, (_, at) =>
      ((at + 7) * seed * 2_654_435_761).toString(36).slice(0, 10),
    ).join("");
  const secrets = [1, 2].map(noise);
  expect(secrets[0]?.length).toBeGreaterThan(80_000);
  const all = hiding(() => secrets.map((text) => ({ text, mark: "[secret]" })));
  for (const secret of secrets) {
    expect(all(`no: ${secret}`)).toMatch(/^no: \[secret\](… \(cut\))?$/);
    expect(all(`${"x".repeat(30_000)} ${secret.slice(0, 300)} y`)).toMatch(/x \[secret\] y$/);
  }
  expect(all("x".repeat(10_000_000))).toHaveLength(LONGEST.looked - 12 + CUT.length);
  // What repeats itself costs no more than what does not.
  const same = hiding(() =>
    Array.from({ length: 10 }, (_, n) => ({ text: `${"ab".repeat(20_000)}${n}`, mark: "*" })),
  );
  expect(same("ab".repeat(5_000_000))).toMatch(/^\*+… \(cut\)$/);
});

test("whatever goes wrong, nothing is thrown and nothing is shown", () => {
  const broken = hiding(() => {
    throw new Error("planted");
  });
  expect(broken("planted")).toBe(NOT_SHOWN);
  const tooMuch = hiding(() =>
    Array.from({ length: 2_000 }, (_, n) => ({ text: `${n}${"x".repeat(60_000)}`, mark: "" })),
  );
  expect(tooMuch("planted")).toBe(NOT_SHOWN);
  expect(hiding(() => [{ text: undefined as unknown as string, mark: "" }])("planted")).toBe(NOT_SHOWN);
  expect(hide(undefined as unknown as string)).toBe(NOT_SHOWN);
});
