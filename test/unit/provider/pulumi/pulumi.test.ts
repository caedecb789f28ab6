/** What the engine and every state rely on: the stub's text, the marks of secrets, and plain JSON. */
import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import { serializeProperties, unknownValue } from "@pulumi/pulumi/runtime/rpc.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plainObject } from "../../../../provider/src/pulumi/plainObject.js";
import { markSecrets } from "../../../../provider/src/pulumi/secret.js";
import { inStates, STUB_KEY } from "../../../../provider/src/stub.js";
import { isUnknown, UNKNOWN } from "../../../../provider/src/unknown.js";

describe("stub", () => {
  test("its text is a contract with every state in the world, and so is the type", () => {
    expect(inStates("EventBridgeSource")).toEqual({
      type: "pulumi-nodejs:dynamic/genesyscloud:EventBridgeSource",
      stub: 'exports.handler=()=>require("pulumi-genesyscloud-eventbridge/runtime").eventBridgeSource',
    });
    expect(inStates("EventBridgeIntegration")).toEqual({
      type: "pulumi-nodejs:dynamic/genesyscloud:EventBridgeIntegration",
      stub: 'exports.handler=()=>require("pulumi-genesyscloud-eventbridge/runtime").eventBridgeIntegration',
    });
    expect(STUB_KEY).toBe("__provider");
    expect(Buffer.byteLength(inStates("EventBridgeIntegration").stub)).toBeLessThan(300);
  });

  test("loaded as the engine loads it, it leads to the provider of that name", () => {
    const loaded: string[] = [];
    const exports: { handler?: () => unknown } = {};
    new Function("exports", "require", inStates("EventBridgeSource").stub)(exports, (name: string) => {
      loaded.push(name);
      return { eventBridgeSource: "the provider" };
    });
    expect(exports.handler?.()).toBe("the provider");
    expect(loaded).toEqual(["pulumi-genesyscloud-eventbridge/runtime"]);
    const { exports: entries } = createRequire(import.meta.url)("../../../../provider/package.json");
    expect(Object.keys(entries)).toContain("./runtime");
  });
});

test("our text for an unknown value is the engine's", () => {
  expect(UNKNOWN).toBe(unknownValue);
  expect(isUnknown(unknownValue)).toBe(true);
  for (const known of ["", undefined, null, [UNKNOWN], { a: UNKNOWN }, `${UNKNOWN} `])
    expect(isUnknown(known)).toBe(false);
});

describe("secrets", () => {
  test("are marked as Pulumi's own serializer marks them", async () => {
    pulumi.runtime.setMocks({ newResource: () => ({ id: "x", state: {} }), call: () => ({}) });
    const properties = { name: "n", webhookUrl: "https://hooks.example.com/x" };
    const serialized = await serializeProperties(
      "test",
      { ...properties, webhookUrl: pulumi.secret(properties.webhookUrl) },
      { keepOutputValues: false },
    );
    expect(markSecrets(properties, ["webhookUrl"])).toEqual(serialized);
  });

  test("that are not there are not made up, and what is marked is a copy", () => {
    const properties = { name: "n" };
    expect(markSecrets(properties, ["webhookUrl"])).toEqual({ name: "n" });
    const url = { webhookUrl: "u" };
    markSecrets(url, ["webhookUrl"]);
    expect(url).toEqual({ webhookUrl: "u" });
  });
});

describe("what is handed to the engine", () => {
  test("is JSON and nothing else", () => {
    const made = plainObject({
      kept: { text: "t", number: 1.5, no: false, nothing: null, list: [1, { a: 1 }] },
      dropped: undefined,
      inList: [undefined],
      date: new Date(0),
      method: () => 1,
      notANumber: Number.NaN,
    });
    expect(made).toStrictEqual({
      kept: { text: "t", number: 1.5, no: false, nothing: null, list: [1, { a: 1 }] },
      inList: [null],
      date: "1970-01-01T00:00:00.000Z",
      notANumber: null,
    });
  });

  test("equals what it was made of, when that is JSON, and shares nothing with it", () =>
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), (value) => {
        const copy = plainObject(value);
        expect(JSON.stringify(copy)).toBe(JSON.stringify(value));
        for (const [key, each] of Object.entries(value))
          if (typeof each === "object" && each !== null) expect(copy[key]).not.toBe(each);
      }),
    ));
});
