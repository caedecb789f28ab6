/** Questions on a terminal: real lines of text, through streams in its place. */
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { asking, canAsk, untilAnswered } from "../../../../provider/src/commands/importAsking.js";
import { goingOn, questionFor } from "../../../../provider/src/commands/importIntoWords.js";
import { INTEGRATION } from "../../../../provider/src/eventBridgeIntegration/kind.js";
import { SOURCE } from "../../../../provider/src/eventBridgeSource/kind.js";
import type { Fate } from "../../../../provider/src/importing/into/fate.js";
import type { Settled } from "../../../../provider/src/importing/into/settling.js";

/** Streams in the place of a terminal. */
function streams() {
  const [input, output] = [new PassThrough(), new PassThrough({ encoding: "utf8" })];
  return {
    input,
    shown: () => String(output.read() ?? ""),
    terminal: { input, output } as unknown as Parameters<typeof asking>[0],
  };
}

test("each question is shown and gets the next line, without the blanks around it", async () => {
  const { input, shown, terminal } = streams();
  const answers = await asking(terminal, async (ask) => {
    const first = ask("first? ");
    input.write("  abc \n");
    const one = await first;
    const second = ask("second? ");
    input.write("\n");
    return [one, await second];
  });
  expect(answers).toEqual(["abc", ""]);
  expect(shown()).toBe("first? second? ");
});

test("a terminal that is closed before the answer is an error, and nothing waits for ever", async () => {
  const { input, terminal } = streams();
  const run = asking(terminal, (ask) => {
    const answer = ask("id? ");
    input.end();
    return answer;
  });
  await expect(run).rejects.toThrow("nobody answers: nothing was written");
});

test.each<[boolean, boolean, string | undefined, boolean]>([
  [true, true, undefined, true],
  [true, true, "", true],
  [true, true, "true", false],
  [false, true, undefined, false],
  [true, false, undefined, false],
])(
  "a terminal to read from (%s) and to write to (%s), CI=%s: somebody answers %s",
  (reads, writes, CI, answers) => {
    const terminal = { input: { isTTY: reads }, output: { isTTY: writes }, env: { CI } };
    expect(canAsk(terminal as unknown as Parameters<typeof canAsk>[0])).toBe(answers);
  },
);

test("what is open is asked for: a wrong id again, and what gets no answer no more", async () => {
  const entryOf = (name: string, id?: string) => ({
    ...{ kind: SOURCE, name, urn: `urn:pulumi:dev::shop::${SOURCE.type}::${name}`, isWhole: false },
    ...(id === undefined ? {} : { id }),
  });
  const said = new Map<string, string>();
  const settled = (name: string, fate: Fate, id?: string): Settled => ({
    ...{ entry: entryOf(name, id), fate, id: id ?? said.get(name), inputs: { name } },
    match: { free: [], held: [], rivals: [], taken: [] },
  });
  const settleNow = async () => [
    settled("vip", said.get("vip") === "right" ? "COMPLETE" : "MISSING"),
    settled("unknown", "MISSING"),
    settled("in the file", "MISSING", "src-1"),
    settled("unfit", "UNFIT"),
  ];
  const asked: string[] = [];
  const answers = ["wrong", "", "right"];
  const last = await untilAnswered(await settleNow(), said, settleNow, async (question) => {
    asked.push(question);
    return answers.shift() ?? expect.unreachable(question);
  });
  const end = ". The id of the source (Enter: leave it open): ";
  expect(asked).toEqual([
    `"vip": there is no source of the name "vip"${end}`,
    `"unknown": there is no source of the name "unknown"${end}`,
    `"vip": there is no source with the id "wrong"${end}`,
  ]);
  expect(last.map(({ fate }) => fate)).toEqual(["COMPLETE", "MISSING", "MISSING", "UNFIT"]);
});

test("what another resource means is told with its name in the file; of what goes on, only what helps those that are open", () => {
  const entry = {
    kind: SOURCE,
    name: "mineEventBridgeSource",
    urn: `urn:pulumi:dev::shop::${SOURCE.type}::mine`,
  };
  const candidate = { kind: SOURCE, id: "src-1", name: "mine", key: "mine" };
  const settled = (fate: Fate, inputs: object): Settled => ({
    ...{ entry: { ...entry, isWhole: false, provider: "emea" }, fate, id: undefined, inputs: { ...inputs } },
    match: { free: [], held: [], rivals: [], taken: [{ candidate, by: "mineEventBridgeSource2" }] },
  });
  const missing = settled("MISSING", { name: "mine" });
  expect(questionFor(missing)).toContain(
    '"mineEventBridgeSource": "mine" (src-1) is what "mineEventBridgeSource2" means, and there is no other source of the name "mine". ',
  );
  const theirs = settled("OTHER PROVIDER", {});
  const saying = (...open: Settled[]) =>
    goingOn({ settled: [missing, theirs], open, others: 0, file: "import.json" });
  expect(saying(theirs)).toBe("nothing is complete in import.json. 1 still open.");
  expect(saying(missing, theirs)).toContain("2 still open: say an id with --id NAME=ID, or take out");
});

test("of one whose key is not told, that is said, and not that there is none", () => {
  const settled: Settled = {
    entry: {
      kind: INTEGRATION,
      name: "a",
      urn: `urn:pulumi:dev::shop::${INTEGRATION.type}::a`,
      isWhole: false,
    },
    ...{ fate: "MISSING", id: undefined, inputs: { eventSourceSuffix: "[secret]" } },
    match: { free: [], held: [], rivals: [], taken: [] },
  };
  expect(questionFor(settled)).toContain(
    '"a": no integration is looked for by its eventSourceSuffix, secret in the program or not known before the update. ',
  );
});
