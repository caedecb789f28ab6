/** Pictures of few and of many: what is shown, what is counted, and that nothing in a name becomes part of the drawing. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Change, Flow } from "../../../../provider/src/picture/flow.js";
import { mermaidWithin } from "../../../../provider/src/picture/mermaid.js";
import { type Picture, pictureOf } from "../../../../provider/src/picture/picture.js";
import { svg } from "../../../../provider/src/picture/svg.js";
import { fitting, WIDEST } from "../../../../provider/src/picture/words.js";

const flow = (name: string, topics: string[], targets: string[], more: Partial<Flow> = {}): Flow => ({
  noun: "source",
  name,
  change: "same",
  from: topics.map((id) => ({ word: "topic", id, change: more.change ?? "same" })),
  through: [],
  to: targets.map((id) => ({ word: "target", id, change: more.change ?? "same" })),
  ...more,
});

/** 200 sources, 30 topics, 40 targets; every 50th is to be added. */
const MANY = Array.from({ length: 200 }, (_, index) =>
  flow(
    `source-${index}`,
    [`topic-${index % 30}`],
    [`target-${(index * 7) % 40}`, `target-${(index * 11 + 3) % 40}`],
    index % 50 === 49 ? { change: "added" } : {},
  ),
);

const labels = ({ groups }: Picture) => groups.flatMap((group) => group.boxes.map(({ label }) => label));
const boxes = ({ groups }: Picture, shape: string) =>
  groups.flatMap((group) => group.boxes.filter((box) => box.shape === shape));
/** `a -> b (added)`, by the labels of both. */
const ways = ({ groups }: Picture) =>
  groups.flatMap(({ boxes: all, lines }) => {
    const name = (id: string) => all.find((box) => box.id === id)?.label;
    return lines.map(
      ({ from, to, change, label }) =>
        `${name(from)} ${label === undefined ? "" : `[${label}] `}-> ${name(to)}${change === "same" ? "" : ` (${change})`}`,
    );
  });

describe("few", () => {
  test("stand together: a place that several name is one box", () => {
    const picture = pictureOf(
      [
        flow("a", ["t1"], ["x", "y"], { through: ["vip", "premium"] }),
        flow("b", ["t1", "t2"], ["x"], { note: "draft" }),
      ],
      "2 sources",
      60,
    );
    expect(picture.groups).toHaveLength(1);
    expect(ways(picture)).toEqual([
      "t1 [filters vip, premium] -> a",
      "a -> x",
      "a -> y",
      "t1 -> b",
      "t2 -> b",
      "b -> x",
    ]);
    expect(labels(picture).toSorted()).toEqual(["a", "b", "t1", "t2", "x", "y"]);
    expect(boxes(picture, "object").map(({ detail }) => detail)).toEqual([undefined, "draft"]);
  });

  test("a name is the label, and the id stands below it", () => {
    const named = flow("a", ["t1"], []);
    named.from[0] = { word: "topic", id: "t1", name: "Conversation start", change: "same" };
    expect(boxes(pictureOf([named], "", 60), "from")).toEqual([
      { id: "g1n2", shape: "from", label: "Conversation start", detail: "t1", change: "same" },
    ]);
  });

  test("event sources of one suffix are one box in one account and region alone", () => {
    const into = (name: string, detail: string) =>
      flow(name, ["t1"], [], { to: [{ word: "AWS event source", id: "audits", detail, change: "same" }] });
    const picture = pictureOf(
      [
        into("a", "AWS 012345678901 eu-central-1"),
        into("b", "AWS 012345678901 eu-central-1"),
        into("c", "AWS 012345678901 us-east-1"),
        into("d", "AWS 109876543210 eu-central-1"),
      ],
      "4 integrations",
      60,
    );
    expect(boxes(picture, "to").map(({ label, detail }) => `${label}: ${detail}`)).toEqual([
      "audits: AWS 012345678901 eu-central-1",
      "audits: AWS 012345678901 us-east-1",
      "audits: AWS 109876543210 eu-central-1",
    ]);
  });

  test("a filter of a long name, and many filters, do not fill the line", () => {
    const label = (...through: string[]) =>
      pictureOf([flow("a", ["t"], [], { through })], "", 60).groups[0]?.lines[0]?.label;
    expect(label("vip")).toBe("filter vip");
    expect(label("priority", "language", "skill", "queue")).toBe("filters priority, language and 2 more");
  });
});

describe("many", () => {
  const picture = pictureOf(MANY, "200 sources", 60);

  test("stand by their topics, as many of each as there is room for; the rest is counted", () => {
    expect(picture.groups).toHaveLength(30);
    const shown = boxes(picture, "object").length;
    const counted = boxes(picture, "rest").map(({ label }) => Number(/^\d+/.exec(label)?.[0]));
    expect(shown).toBeGreaterThanOrEqual(60);
    expect(shown).toBeLessThan(60 + 30);
    expect(shown + counted.reduce((sum, each) => sum + each, 0)).toBe(200);
    expect(
      boxes(picture, "from")
        .map(({ label }) => label)
        .toSorted(),
    ).toEqual(Array.from({ length: 30 }, (_, index) => `topic-${index}`).toSorted());
  });

  test("what changes is shown, however many stay", () => {
    const added = boxes(pictureOf(MANY, "", 4), "object").filter(({ change }) => change === "added");
    expect(added.map(({ label }) => label).toSorted()).toEqual([149, 199, 49, 99].map((n) => `source-${n}`));
  });

  test("more changes than there is room for are counted by their kind", () => {
    const changes: Change[] = ["added", "removed", "same"];
    const flows = Array.from({ length: 30 }, (_, index) =>
      flow(`s${index}`, ["t"], ["x"], { change: changes[index % 3] as Change }),
    );
    expect(boxes(pictureOf(flows, "", 5), "rest")).toEqual([
      expect.objectContaining({ label: "25 more sources", detail: "5 added, 10 removed", change: "same" }),
    ]);
  });

  test("topics of which none is shown are one box", () => {
    const { groups } = pictureOf(MANY, "", 10);
    expect(groups.length).toBe(10);
    expect(boxes({ title: "", groups: groups.slice(-1) }, "rest")[0]?.label).toMatch(/^1\d\d sources$/);
  });

  test("one of many topics shows some of them, what changes first", () => {
    const topics = Array.from({ length: 30 }, (_, index) => `t${index}`);
    const one = flow("everything", topics, ["bus"]);
    one.from[29] = { word: "topic", id: "t29", change: "added" };
    const drawn = ways(pictureOf([one], "", 60));
    expect(drawn).toHaveLength(10);
    expect(drawn[0]).toBe("t29 -> everything (added)");
    expect(drawn[8]).toBe("22 more topics -> everything");
  });

  test("the same flows in another order give the same picture", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(MANY, { minLength: MANY.length }), (shuffled) => {
        expect(pictureOf(shuffled, "200 sources", 60)).toEqual(picture);
      }),
      { numRuns: 5 },
    );
  });
});

describe("Mermaid", () => {
  test("reads as somebody would have written it", () => {
    const flows = [
      flow("vip", ["topic-1"], ["crm"], { through: ["high"], note: "draft" }),
      flow("old", ["topic-1"], ["crm"], { change: "removed" }),
    ];
    expect(mermaidWithin((limit) => pictureOf(flows, "2 sources: 1 removed", limit), 60)).toBe(`\
flowchart LR
  accTitle: 2 sources: 1 removed
  g1n1["#8722; old"]
  g1n2(["topic#45;1"])
  g1n3[("crm")]
  g1n4["vip<br/>draft"]
  g1n2 -.-> g1n1
  g1n1 -.-> g1n3
  g1n2 -->|"filter high"| g1n4
  g1n4 --> g1n3
  classDef removed stroke:#cf222e,stroke-width:3px,stroke-dasharray:6 4
  class g1n1 removed
  linkStyle 0,1 stroke:#cf222e,stroke-width:3px,stroke-dasharray:6 4
`);
  });

  test("of nothing is a picture, too", () => {
    expect(mermaidWithin(() => pictureOf([], "no sources", 60), 60)).toBe(
      'flowchart LR\n  accTitle: no sources\n  empty["nothing"]\n',
    );
  });

  test("stays within what Mermaid draws, however many are asked for", () => {
    const flows = Array.from({ length: 150 }, (_, index) =>
      flow(
        `source-${index}`,
        [`topic-${index % 40}`],
        ["a", "b", "c", "d", "e"].map((end) => `target-${end}-${index}`),
      ),
    );
    const text = mermaidWithin((limit) => pictureOf(flows, "150 sources", limit), 150);
    expect(text.length).toBeLessThan(50_000);
    expect(text.match(/-->/g)?.length).toBeLessThanOrEqual(500);
    expect(text.match(/-->/g)?.length).toBeGreaterThan(300);
  });

  test("sets no colour of a ground or of letters, which another scheme would not have", () => {
    const text = mermaidWithin((limit) => pictureOf(MANY, "", limit), 60);
    expect(text).not.toMatch(/fill|color:|%%\{/);
  });
});

describe("SVG", () => {
  const text = svg(pictureOf(MANY, "200 sources", 60));

  test("loads nothing, runs nothing, and knows a dark scheme", () => {
    expect(text).not.toMatch(/<script|<foreignObject|<image|href=|url\((?!#)|@import|on\w+=/);
    expect(text.match(/https?:\/\/[^"]+/g)).toEqual(["http://www.w3.org/2000/svg"]);
    expect(text).toContain("@media (prefers-color-scheme: dark)");
    expect(text).toContain('role="img"');
  });

  test("has room for all: no two boxes touch, and none is outside", () => {
    const numbers = (match: RegExpExecArray) =>
      match.slice(1).map(Number) as [number, number, number, number];
    const placed = [
      ...text.matchAll(/<rect class="box[^>]* x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g),
    ].map(numbers);
    const [, , width, height] = numbers(
      /viewBox="([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+)"/.exec(text) as RegExpExecArray,
    );
    expect(placed.length).toBeGreaterThan(150);
    const outside = placed.filter(([x, y, w, h]) => x < 0 || y < 0 || x + w > width || y + h > height);
    const touching = placed.flatMap(([x, y, w, h], index) =>
      placed
        .slice(index + 1)
        .filter(([ox, oy, ow, oh]) => x + w >= ox && ox + ow >= x && y + h >= oy && oy + oh >= y),
    );
    expect([outside, touching]).toEqual([[], []]);
    // Neither a tower nor a ribbon.
    expect(width / height).toBeGreaterThan(0.6);
    expect(width / height).toBeLessThan(3);
  });

  test("of nothing is a picture, too", () => {
    expect(svg(pictureOf([], "no sources", 60))).toMatch(/viewBox="0 0 \d+(\.\d+)? \d+"/);
  });
});

test("no name gets out of its label, in either format", () => {
  const part = fc.constantFrom(
    ...[
      '"',
      "'",
      "<",
      ">",
      "&",
      "]",
      ")",
      "#",
      ";",
      "`",
      "$$",
      "\n",
      "\r",
      "\u2028",
      "\u202e",
      "\u0000",
      "\ufffe",
    ],
    ...[
      "</text>",
      "<script>",
      "]]>",
      "%%{init:{}}%%",
      "end",
      "subgraph",
      "--> g1n1",
      "click g1n1",
      "\ud800",
      "日本",
      "é",
    ],
  );
  const name = fc.array(part, { minLength: 1, maxLength: 30 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(name, (text) => {
      const picture = pictureOf([flow(text, [text], [text], { through: [text], note: text })], text, 60);
      const lines = mermaidWithin(() => picture, 60)
        .trimEnd()
        .split("\n");
      expect(lines).toHaveLength(2 + 3 + 2);
      const label = String.raw`"[\p{L}\p{N} ]*(?:#\d+;[\p{L}\p{N} ]*)*(?:<br/>(?:#\d+;|[\p{L}\p{N} ])*)?"`;
      for (const line of lines.slice(2))
        expect(line).toMatch(
          new RegExp(
            `^ {2}g1n\\d(?:\\[${label}\\]|\\(\\[${label}\\]\\)|\\[\\(${label}\\)\\]| -->(?:\\|${label}\\|)? g1n\\d)$`,
            "u",
          ),
        );
      const drawn = svg(picture);
      // Tags are ours alone, and nothing is in it that XML does not allow.
      expect(drawn.match(/<[^/][^>\s]*/g)?.toSorted()).toEqual(
        svg(pictureOf([flow("a", ["b"], ["c"], { through: ["d"], note: "e" })], "f", 60))
          .match(/<[^/][^>\s]*/g)
          ?.toSorted(),
      );
      expect(drawn).not.toMatch(/[^\P{Cc}\n]|[\p{Cs}\ufffe\uffff]|&(?!amp;|lt;|gt;|quot;)/u);
    }),
  );
});

describe("a label", () => {
  test.each([
    ["short", "short"],
    ["x".repeat(WIDEST), "x".repeat(WIDEST)],
    [`begin-${"x".repeat(60)}-end`, `begin-${"x".repeat(23)}…${"x".repeat(10)}-end`],
    ["日".repeat(40), `${"日".repeat(14)}…${"日".repeat(7)}`],
    ["a\u202eb\nc", "a\\u{202e}b\\u{a}c"],
  ])("of %j is %j", (text, shown) => expect(fitting(text)).toBe(shown));
});
