/** A file of `pulumi preview --import-file`: what stands in it, which objects its entries mean, and what becomes of them. */
import { describe, expect, test } from "vitest";
import { INTEGRATION } from "../../../../provider/src/eventBridgeIntegration/kind.js";
import { SOURCE } from "../../../../provider/src/eventBridgeSource/kind.js";
import { asFarAsTold, askedIn, isHidden, isTold } from "../../../../provider/src/importing/into/asked.js";
import { ENTRY, type Fate } from "../../../../provider/src/importing/into/fate.js";
import { type Candidate, match } from "../../../../provider/src/importing/into/matching.js";
import { type Completion, readUnfinished } from "../../../../provider/src/importing/into/unfinishedFile.js";
import { KINDS } from "../../../../provider/src/kinds.js";
import { combinations, decide, rowOf } from "../../../../provider/src/lifecycle/table.js";
import { UNKNOWN } from "../../../../provider/src/unknown.js";

const WHERE = { project: "shop", stack: "dev" };
const URN = "urn:pulumi:dev::shop::";

describe("the table of what becomes of an entry", () => {
  test("decides every combination, and reaches every row", () => {
    const reached = new Set(combinations(ENTRY).map((facts) => rowOf(ENTRY, facts)));
    expect(ENTRY.rows.filter((row) => !reached.has(row))).toEqual([]);
  });

  test("says what its sentences say", () => {
    for (const facts of combinations(ENTRY)) {
      const { program, provider, id, free, others, object } = facts;
      const isSought = program === "asks for it" && provider === "the stack's";
      const isOne = free === "one" && others !== "another entry's";
      const expected: Fate = !isSought
        ? program === "has it in the stack"
          ? "IN THE STACK"
          : program === "does not have it"
            ? "NOT ASKED FOR"
            : "OTHER PROVIDER"
        : isOne && object === "a program can have it"
          ? id === "whole"
            ? "KEEP"
            : "COMPLETE"
          : isOne && object === "no program can have it"
            ? "UNFIT"
            : free === "several"
              ? "SEVERAL"
              : free === "one" && others === "another entry's"
                ? "SHARED"
                : free === "none" && others === "the stack's"
                  ? "HELD"
                  : "MISSING";
      expect(decide(ENTRY, facts), JSON.stringify(facts)).toBe(expected);
    }
  });
});

describe("which object an entry means", () => {
  const source = (id: string, name: string, resource?: string): Candidate => ({
    ...{ kind: SOURCE, id, name, key: name },
    ...(resource === undefined ? {} : { resource }),
  });
  const integration = (id: string, name: string, key: string): Candidate => ({
    ...{ kind: INTEGRATION, id, name, key },
  });
  const wanting = (kind: typeof SOURCE, resource: string, inputs: object, id?: string) => ({
    ...{ kind, urn: `${URN}${kind.type}::${resource}`, inputs: { ...inputs }, id },
  });
  const AUTOMATIC = { name: "vip-0000000", __autonamed: true };

  test.each<[string, object, string | undefined, Candidate[], string[]]>([
    [
      "the name that the program gives",
      { name: "VIP" },
      undefined,
      [source("1", "VIP"), source("2", "vip")],
      ["1"],
    ],
    [
      "no other name than that",
      { name: "VIP" },
      undefined,
      [source("1", "vip"), source("2", "vip-abcdef0")],
      [],
    ],
    ["two of that name", { name: "VIP" }, undefined, [source("1", "VIP"), source("2", "VIP")], ["1", "2"]],
    [
      "without a name, that of the resource",
      AUTOMATIC,
      undefined,
      [source("1", "vip-abcdef0"), source("2", "vip")],
      ["2"],
    ],
    [
      "or an automatic one of it",
      AUTOMATIC,
      undefined,
      [source("1", "vip-abcdef0"), source("2", "vip-2-abcdef0")],
      ["1"],
    ],
    [
      "several automatic ones",
      AUTOMATIC,
      undefined,
      [source("1", "vip-abcdef0"), source("2", "vip-0123456")],
      ["1", "2"],
    ],
    [
      "nothing that is only like it",
      AUTOMATIC,
      undefined,
      [source("1", "vip-abcdefg"), source("2", "vip-abc")],
      [],
    ],
    [
      "a name that is secret as if it were none",
      { name: "[secret]" },
      undefined,
      [source("1", "vip")],
      ["1"],
    ],
    ["the id that somebody has said", { name: "VIP" }, "2", [source("1", "VIP"), source("2", "x")], ["2"]],
    ["no other than the one that was said", { name: "VIP" }, "3", [source("1", "VIP")], []],
    ["none of another kind", { name: "VIP" }, undefined, [integration("1", "VIP", "VIP")], []],
  ])("%s", (_, inputs, id, candidates, expected) => {
    const [found] = match([wanting(SOURCE, "vip", inputs, id)], candidates);
    expect(found?.free.map((each) => each.id)).toEqual(expected);
  });

  test.each<[string, object, string[]]>([
    ["its suffix", { eventSourceSuffix: "audits", name: "Audits of all" }, ["1"]],
    [
      "the name that the program gives, where it gives no suffix",
      { ...{ eventSourceSuffix: "a-0000000", __autonamed: true }, name: "Calls" },
      ["2"],
    ],
    [
      "an automatic suffix",
      { eventSourceSuffix: "a-0000000", name: "a-0000000", __autonamed: true, __automatic: ["name"] },
      ["3"],
    ],
  ])("an integration is found by %s", (_, inputs, expected) => {
    const all = [
      integration("1", "Audits", "audits"),
      integration("2", "Calls", "calls"),
      integration("3", "x", "a-abcdef0"),
    ];
    const [found] = match([wanting(INTEGRATION, "a", inputs)], all);
    expect(found?.free.map((each) => each.id)).toEqual(expected);
  });

  test.each<[string, object]>([
    ["secret", { eventSourceSuffix: "[secret]", name: "a", __automatic: ["name"] }],
    ["not known yet", { eventSourceSuffix: UNKNOWN, name: "Audits" }],
  ])("an integration whose suffix is %s is found by nothing less sure", (_, inputs) => {
    const all = [
      integration("1", "a", "audits"),
      integration("2", "Audits", "a"),
      integration("3", "x", "y"),
    ];
    const [found] = match([wanting(INTEGRATION, "a", inputs)], all);
    expect(found?.free).toEqual([]);
    const [said] = match([wanting(INTEGRATION, "a", inputs, "3")], all);
    expect(said?.free.map(({ id }) => id)).toEqual(["3"]);
  });

  test("what one means for sure another does not mean by its resource's name", () => {
    const all = [source("1", "vip"), source("2", "vip-abcdef0")];
    const [automatic, named] = match(
      [wanting(SOURCE, "vip", AUTOMATIC), wanting(SOURCE, "x", { name: "vip" })],
      all,
    );
    expect([automatic?.free[0]?.id, named?.free[0]?.id]).toEqual(["2", "1"]);
    expect([automatic?.rivals, named?.rivals]).toEqual([[], []]);
  });

  test("what another means more surely is told to whom nothing is left", () => {
    const [said, named, automatic] = [
      wanting(SOURCE, "x", { name: "vip" }, "1"),
      wanting(SOURCE, "y", { name: "vip" }),
      wanting(SOURCE, "vip", AUTOMATIC),
    ];
    const only = source("1", "vip");
    const found = match([said, named, automatic], [only]);
    const taken = [{ candidate: only, by: said.urn }];
    expect(found.map((each) => [each.free.length, each.taken])).toEqual([
      [1, []],
      [0, taken],
      [0, taken],
    ]);
  });

  test("where two mean the same one as much, each is told of the other", () => {
    const [one, other] = [wanting(SOURCE, "vip", AUTOMATIC), wanting(SOURCE, "vip", AUTOMATIC)];
    other.urn = `${URN}my:index:C$${SOURCE.type}::vip`;
    const found = match([one, other], [source("1", "vip-abcdef0")]);
    expect(found.map(({ rivals }) => rivals)).toEqual([[other.urn], [one.urn]]);
  });

  test("what the stack has is nobody else's, and is told", () => {
    const held = source("1", "vip", "mine");
    const [found] = match([wanting(SOURCE, "vip", AUTOMATIC)], [held, source("2", "vip-abcdef0")]);
    expect([found?.free.map(({ id }) => id), found?.held]).toEqual([["2"], [held]]);
  });
});

describe("the file", () => {
  const read = (value: object | string) =>
    readUnfinished(typeof value === "string" ? value : JSON.stringify(value), KINDS, WHERE);
  const entry = (name: string, more: object = {}) => ({
    type: SOURCE.type,
    name,
    id: "<PLACEHOLDER>",
    ...more,
  });

  test("its entries have the URNs of the stack: below a component, below what the stack has, under another name", () => {
    const { ours, others, parents } = read({
      nameTable: { there: `${URN}my:index:A$my:index:B::there` },
      resources: [
        { type: "my:index:C", name: "comp", component: true },
        { type: "my:index:D", name: "inner", parent: "comp", component: true },
        { type: "aws:s3:Bucket", name: "bucket", id: "<PLACEHOLDER>" },
        entry("compEventBridgeSource", { parent: "inner", logicalName: "comp" }),
        entry("below", { parent: "there" }),
        entry("plain", { provider: "emea", id: "src-1" }),
        entry("whole", { id: "src-2", inputs: {}, outputs: {} }),
      ],
    });
    expect(ours).toEqual([
      {
        kind: SOURCE,
        name: "compEventBridgeSource",
        urn: `${URN}my:index:C$my:index:D$${SOURCE.type}::comp`,
        isWhole: false,
      },
      {
        kind: SOURCE,
        name: "below",
        urn: `${URN}my:index:A$my:index:B$${SOURCE.type}::below`,
        isWhole: false,
      },
      {
        kind: SOURCE,
        name: "plain",
        urn: `${URN}${SOURCE.type}::plain`,
        isWhole: false,
        provider: "emea",
        id: "src-1",
      },
      { kind: SOURCE, name: "whole", urn: `${URN}${SOURCE.type}::whole`, isWhole: true, id: "src-2" },
    ]);
    expect([others, [...parents]]).toEqual([1, ["comp", "inner", "there"]]);
  });

  test("what is not ours comes out as it went in, with its order and every digit", () => {
    const text = `{
    "extra": {"b": 1, "a": 12345678901234567890},
    "nameTable": {"p": "${URN}my:index:C::p"},
    "resources": [
        {"parent": "p", "zeta": 1.0, "type": "aws:s3:Bucket", "name": "bucket", "id": "<PLACEHOLDER>"},
        {"type": "${SOURCE.type}", "name": "vip", "id": "<PLACEHOLDER>", "parent": "bucket"},
        {"type": "${SOURCE.type}", "name": "gone", "id": "<PLACEHOLDER>"}
    ]
}`;
    const changes = new Map<string, Completion | "left out">([
      ["vip", { id: "src-1", inputs: { a: 1 }, outputs: { b: 2 } }],
      ["gone", "left out"],
    ]);
    expect(read(text).textWith(changes).replaceAll(/\s/g, "")).toBe(
      `{"extra":{"b":1,"a":12345678901234567890},"nameTable":{"p":"${URN}my:index:C::p"},"resources":[{"parent":"p","zeta":1.0,"type":"aws:s3:Bucket","name":"bucket","id":"<PLACEHOLDER>"},{"type":"${SOURCE.type}","name":"vip","id":"src-1","parent":"bucket","inputs":{"a":1},"outputs":{"b":2}}]}`,
    );
  });

  test("of a program that has nothing new it is empty, and that is no mistake", () => {
    expect(read({}).ours).toEqual([]);
  });

  test.each<[object | string, string]>([
    ["{", "end of input"],
    ["[]", "it holds no object"],
    ["null", "it holds no object"],
    [{ steps: [], changeSummary: {} }, "it has no resources"],
    [{ resources: {} }, "resources: "],
    [{ resources: [{ name: "x" }] }, "resources.0.type: "],
    [{ resources: [entry("x", { id: 5 })] }, "resources.0.id: "],
    [{ resources: [entry("x"), entry("x")] }, 'two of its resources are called "x"'],
    [{ resources: [entry("x", { parent: "y" })] }, 'it does not say what "y" is, below which "x" stands'],
    [{ resources: [entry("x", { parent: "y" }), entry("y", { parent: "x" })] }, "stands below itself"],
  ])("%j is none: %s", (value, why) => {
    expect(() => read(value)).toThrow(why);
  });
});

describe("what a preview tells", () => {
  test("is asked for, or how it stands otherwise", () => {
    const asked = askedIn([
      { op: "create", urn: "a", newState: { inputs: { name: "x" } } },
      { op: "same", urn: "b" },
      { op: "delete", urn: "c" },
      {},
    ]);
    expect(["a", "b", "c"].map(asked)).toEqual([
      { inputs: { name: "x" } },
      "in the stack already",
      "not asked for",
    ]);
  });

  test("what it does not tell is taken to be what there is", () => {
    const asked = { a: "[secret]", b: [{ c: UNKNOWN, d: 1 }, 2], e: null };
    expect(asFarAsTold(asked, { a: 1, b: [{ c: 3, d: 4 }] })).toEqual({
      a: 1,
      b: [{ c: 3, d: 1 }, 2],
      e: null,
    });
    expect([asked.a, asked.b, asked.e].map(isTold)).toEqual([false, false, true]);
    expect([asked.a, asked.b, asked.e].map(isHidden)).toEqual([true, false, false]);
  });
});
