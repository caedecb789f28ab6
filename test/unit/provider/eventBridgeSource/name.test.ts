import fc from "fast-check";
import { expect, test } from "vitest";
import { derivedName, resourceName } from "../../../../provider/src/eventBridgeSource/name.js";
import { URN } from "../support/source.js";

const FROM = { urn: URN, eventTopicId: "topic-1", sourceType: "eventbridge" };

test.each([
  [URN, "orders"],
  ["urn:pulumi:dev::shop::parent:type$pulumi-nodejs:dynamic/genesyscloud:EventBridgeSource::a::b", "a::b"],
  ["", ""],
])("the resource of %s is called %j", (urn, name) => expect(resourceName(urn)).toBe(name));

test("a derived name is the resource's, a hyphen and 7 hex digits, the same on every machine and release", () => {
  expect(derivedName(FROM)).toBe(derivedName({ ...FROM }));
  expect(derivedName(FROM)).toMatchInlineSnapshot(`"orders-d6c645d"`);
  expect(derivedName({ ...FROM, replaced: undefined })).toBe(derivedName(FROM));
});

test("another stack, topic, type or predecessor makes another name", () => {
  const names = [
    FROM,
    { ...FROM, urn: URN.replace("dev", "prod") },
    { ...FROM, eventTopicId: "topic-2" },
    { ...FROM, sourceType: "other" },
    { ...FROM, replaced: derivedName(FROM) },
    { ...FROM, replaced: "" },
  ].map(derivedName);
  expect(new Set(names).size).toBe(names.length);
});

test("however long the resource's name is, the derived one fits and keeps its digits", () =>
  fc.assert(
    fc.property(fc.string({ maxLength: 400 }), (name) => {
      const derived = derivedName({ ...FROM, urn: `urn:pulumi:dev::shop::type::${name}` });
      expect(derived).toMatch(/^[^]*-[0-9a-f]{7}$/);
      expect(derived.slice(0, -8)).toBe(name.slice(0, 248));
      expect(derived.length).toBeLessThanOrEqual(256);
    }),
  ));
