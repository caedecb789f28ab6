/** What reports of `examples/ci` are made of: changes, Markdown that foreign text cannot break, and the next moves of an issue. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { lexer, type Token, walkTokens } from "marked";
import { describe, expect, test } from "vitest";
import { asker } from "../../../examples/ci/steps/parts/ask.mjs";
import { changesIn, countSame, messagesIn, previewIn } from "../../../examples/ci/steps/parts/changes.mjs";
import { block, code, cutTo, difference } from "../../../examples/ci/steps/parts/markdown.mjs";
import { nextMoves } from "../../../examples/ci/steps/parts/nextMoves.mjs";

/** Text of those who would like to be Markdown. */
const hostile = fc.oneof(
  fc.string(),
  fc
    .array(
      fc.constantFrom(
        "`",
        "``",
        "```",
        "~~~",
        "\n",
        "\r",
        "|",
        "<b>",
        "@all",
        "#1",
        "](x)",
        "<!--",
        "\u001b[31m",
        " ",
      ),
    )
    .map((parts) => parts.join("")),
);
const typesIn = (text: string): string[] => {
  const found: string[] = [];
  walkTokens(lexer(text), ({ type }: Token) => {
    found.push(type);
  });
  return found;
};

describe("foreign text", () => {
  test("in a line is code and nothing else", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = `- **added** ${code(text)} (${code("X")})`;
        expect(
          typesIn(shown).filter(
            (type) => !["list", "list_item", "text", "strong", "codespan"].includes(type),
          ),
        ).toEqual([]);
        expect(typesIn(shown).filter((type) => type === "codespan")).toHaveLength(2);
      }),
    );
  });

  test("in a block ends no sooner than the block", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const tokens = lexer(`before\n\n${block(text)}\n\nafter`).filter(({ type }) => type !== "space");
        expect(tokens.map(({ type }) => type)).toEqual(["paragraph", "code", "paragraph"]);
      }),
      // A colour between backticks: without it they are four.
      { examples: [["```\u001b[31m`"]] },
    );
  });

  test("is shown as what was and what is to be, a secret never", () => {
    expect(difference("a`b", { c: 1 })).toBe('`` "a`b" `` → `{"c":1}`');
    expect(difference(undefined, "[secret]")).toBe("_nothing_ → _a secret_");
    expect(difference("[secret]", "[secret]")).toBe("_another secret_");
    expect(difference("a", "x".repeat(500)).length).toBeLessThan(230);
  });
});

describe("a text that is too long", () => {
  const picture = block(`flowchart LR\n${"  a --> b\n".repeat(50)}`, "mermaid");
  const whole = `### Preview\n\n${picture}\n\n${block("é\n".repeat(50))}\n\nthe end`;

  test("is left as it is where it fits", () => {
    expect(cutTo(whole, Buffer.byteLength(whole))).toBe(whole);
  });

  test("is cut wherever that is, says so, and is Markdown still: whole pictures, blocks that end", () => {
    for (let limit = 120; limit < Buffer.byteLength(whole); limit++) {
      const cut = cutTo(whole, limit);
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(limit);
      expect(lexer(cut).at(-1)).toMatchObject({
        type: "paragraph",
        text: expect.stringContaining("does not fit here"),
      });
      if (cut.includes("mermaid")) expect(cut).toContain(picture);
    }
  });
});

describe("what changes", () => {
  const type = "pulumi-nodejs:dynamic/genesyscloud:EventBridgeSource";
  const step = (op: string, name: string, more: object = {}) => ({
    op,
    urn: `urn:pulumi:test::p::${type}::${name}`,
    newState: { type },
    ...more,
  });
  const stack = { op: "create", urn: "urn:pulumi:test::p::pulumi:pulumi:Stack::p-test" };

  test.each([
    ["create", "added"],
    ["import", "imported"],
    ["update", "changed"],
    ["replace", "replaced"],
    ["create-replacement", "replaced"],
    ["delete", "removed"],
  ])("a step %s is said to be %s", (op, word) => {
    expect(changesIn({ steps: [stack, step(op, "vip::a")] })).toEqual([
      { word, name: "vip::a", type: "EventBridgeSource", fields: [] },
    ]);
  });

  test("what stays is counted, without the stack and its providers", () => {
    const provider = { op: "same", urn: "urn:pulumi:test::p::pulumi:providers:pulumi-nodejs::a" };
    const steps = [
      { ...stack, op: "same" },
      provider,
      step("same", "a"),
      step("refresh", "b"),
      step("read", "c"),
    ];
    expect([changesIn({ steps }), countSame({ steps })]).toEqual([[], 2]);
  });

  test("a field is named by its path, with the value before and after; hidden ones are not", () => {
    const before = {
      inputs: { targets: [{ id: "a" }], "a.b": { c: 1 }, __hidden: 1 },
      outputs: { version: 1 },
    };
    const after = {
      type,
      inputs: { targets: [{ id: "b" }], "a.b": { c: 2 }, __hidden: 2 },
      outputs: { version: 2 },
    };
    const detailedDiff = {
      "targets[0].id": {},
      '["a.b"].c': {},
      version: {},
      "nothing.here": {},
      __hidden: {},
    };
    const [change] = changesIn({
      steps: [step("update", "a", { oldState: before, newState: after, detailedDiff })],
    });
    expect(change?.fields).toEqual([
      { path: "targets[0].id", before: "a", after: "b" },
      { path: '["a.b"].c', before: 1, after: 2 },
      { path: "version", before: 1, after: 2 },
      { path: "nothing.here", before: undefined, after: undefined },
    ]);
    const reasons = step("update", "a", { oldState: before, newState: after, diffReasons: ["targets"] });
    expect(changesIn({ steps: [reasons] })[0]?.fields.map(({ path }) => path)).toEqual(["targets"]);
  });

  test("messages are said once, without the word before them", () => {
    const diagnostics = ["error: a\n", "error: a\n", "b"].map((message) => ({ severity: "error", message }));
    expect(messagesIn({ diagnostics }, "error")).toEqual(["a", "b"]);
    expect(messagesIn({ diagnostics }, "warning")).toEqual([]);
    expect(previewIn("error: no stack")).toBeUndefined();
  });
});

test.each([
  ["drifted", false, ["open"]],
  ["drifted", true, ["comment"]],
  ["clean", false, []],
  ["clean", true, ["comment", "close"]],
  ["unknown", false, []],
  ["unknown", true, []],
] as const)("a night that is %s, with an open issue: %s", (night, isOpen, moves) => {
  expect(nextMoves(night, isOpen)).toEqual(moves);
});

test("a refused call names the call and what to do, and no token", async () => {
  const server = createServer((_, response) => response.writeHead(403).end("no"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const ask = asker(
    `http://127.0.0.1:${port}`,
    { authorization: "Bearer planted" },
    "Ask for the right to write.",
  );
  const refused = await ask("POST", "/issues", { body: "planted" }).catch((error: Error) => error.message);
  server.close();
  expect(refused).toBe("POST /issues: 403 no Ask for the right to write.");
});
