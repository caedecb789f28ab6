/** Automatic names: the same on every machine, and another for every other resource. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { SOURCE } from "../../../../provider/src/eventBridgeSource/kind.js";
import { derivedKey, resourceName } from "../../../../provider/src/lifecycle/autoKey.js";
import { URN } from "../support/source.js";

const FROM = { urn: URN, inputs: ["topic-1", "eventbridge"] };
const derived = (from: Parameters<typeof derivedKey>[1]) => derivedKey(SOURCE, from);

test.each([
  [URN, "orders"],
  ["urn:pulumi:dev::shop::parent:type$pulumi-nodejs:dynamic/genesyscloud:EventBridgeSource::a::b", "a::b"],
  ["", ""],
])("the resource of %s is called %j", (urn, name) => expect(resourceName(urn)).toBe(name));

test("a derived name is the resource's, a hyphen and 7 hex digits, the same on every machine and release", () => {
  expect(derived(FROM)).toBe(derived({ ...FROM }));
  expect(derived(FROM)).toMatchInlineSnapshot(`"orders-d6c645d"`);
  expect(derived({ ...FROM, replaced: undefined })).toBe(derived(FROM));
});

test("another stack, topic, type or predecessor makes another name", () => {
  const names = [
    FROM,
    { ...FROM, urn: URN.replace("dev", "prod") },
    { ...FROM, inputs: ["topic-2", "eventbridge"] },
    { ...FROM, inputs: ["topic-1", "other"] },
    { ...FROM, replaced: derived(FROM) },
    { ...FROM, replaced: "" },
  ].map(derived);
  expect(new Set(names).size).toBe(names.length);
});

test("however long the resource's name is, the derived one fits and keeps its digits", () =>
  fc.assert(
    fc.property(fc.string({ maxLength: 400 }), (name) => {
      const fitted = derived({ ...FROM, urn: `urn:pulumi:dev::shop::type::${name}` });
      expect(fitted).toMatch(/^[\s\S]*-[0-9a-f]{7}$/);
      expect(fitted.slice(0, -8)).toBe(name.slice(0, 248));
      expect(fitted.length).toBeLessThanOrEqual(256);
    }),
  ));
