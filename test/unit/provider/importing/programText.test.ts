/** The text of a program that an import writes: it says what the objects are, and reads well. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { INTEGRATION } from "../../../../provider/src/eventBridgeIntegration/kind.js";
import { SOURCE } from "../../../../provider/src/eventBridgeSource/kind.js";
import type { NamedImport } from "../../../../provider/src/importing/importFile.js";
import { quoted } from "../../../../provider/src/importing/literal.js";
import { loadNaming } from "../../../../provider/src/importing/names.js";
import { type ProgramForm, programText } from "../../../../provider/src/importing/programText.js";

const naming = await loadNaming();

interface ProgramArgs extends Record<string, unknown> {
  name: string;
  eventTopicId: string;
  targets: { targetId: string }[];
}

/** Imports of sources with these arguments, every third with a webhook address of its own. */
function importsOf(all: ProgramArgs[]): NamedImport[] {
  const taken = new Set<string>();
  return all.map((args, index) => ({
    kind: SOURCE,
    args,
    id: `src-${index}`,
    resource: naming.resource(args.name, "source", taken),
    inputs: {} as never,
    state: {} as never,
    keepsWebhookUrl: index % 3 === 2,
  }));
}

const args = (more: Partial<ProgramArgs> = {}): ProgramArgs => ({
  name: "orders",
  eventTopicId: "topic-1",
  targets: [{ targetId: "target-1" }],
  ...more,
});

const NO_NAMES = { names: {}, areLookedUp: true };
const PROGRAM: ProgramForm = { language: "typescript", modules: "commonjs", kind: "program" };
const FORMS: ProgramForm[] = (["program", "module"] as const).flatMap((kind) => [
  { kind, language: "typescript", modules: "commonjs" },
  { kind, language: "javascript", modules: "commonjs" },
  { kind, language: "javascript", modules: "esm" },
]);

/** Texts as people write them, and as they do not. */
const text = fc.oneof(
  fc.string({ maxLength: 90 }),
  fc.lorem({ maxCount: 12 }),
  fc
    .array(fc.constantFrom(..."éß日Ж🔥a '\"`\\$", "${", "\u200b", "\u00a0", "\n", "\u2028", "\u202e"), {
      maxLength: 60,
    })
    .map((parts) => parts.join("")),
);
const condition = fc.record({
  field: fc.constantFrom("priority", "a.very.long.name.of.a.field.that.goes.on", "x"),
  operator: fc.constantFrom("equals" as const, "contains" as const),
  value: fc.oneof(
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => each + 0),
    fc.boolean(),
  ),
});
const filter = fc.record(
  {
    name: text,
    conditions: fc.array(condition, { minLength: 1, maxLength: 10 }),
    action: fc.constant("drop"),
  },
  { requiredKeys: ["name", "conditions"] },
);
const anyArgs: fc.Arbitrary<ProgramArgs> = fc.record(
  {
    name: fc.oneof(text, fc.constantFrom("class", "toString", "2 times", "", "process")),
    description: text,
    eventTopicId: fc.constantFrom("topic-1", "9f2c1a9b-0000-4000-8000-000000000000"),
    targets: fc.array(
      fc
        .constantFrom("target-crm", "3f2c1a9b-0000-4000-8000-000000000000", "eu/central 1", "t".repeat(90))
        .map((targetId) => ({ targetId })),
      { minLength: 1, maxLength: 4 },
    ),
    filters: fc.array(filter, { minLength: 1, maxLength: 5 }),
    status: fc.constant("inactive"),
  },
  { requiredKeys: ["name", "eventTopicId", "targets"] },
);

test("a program says exactly what the sources are, whatever is written in them", () => {
  fc.assert(
    fc.property(fc.array(anyArgs, { minLength: 1, maxLength: 5 }), (all) => {
      const imports = importsOf(all);
      const made: unknown[] = [];
      class EventBridgeSource {
        constructor(...given: unknown[]) {
          made.push(JSON.parse(JSON.stringify(given)));
        }
      }
      const form = { kind: "module", language: "javascript", modules: "commonjs" } as const;
      const exports = {};
      runInNewContext(programText(imports, NO_NAMES, naming, form), {
        require: () => ({ EventBridgeSource }),
        exports,
      });
      expect(made).toEqual(
        imports.map((each) => [
          each.resource,
          JSON.parse(JSON.stringify(each.args)),
          ...(each.keepsWebhookUrl ? [{ ignoreChanges: ["webhookUrl"] }] : []),
        ]),
      );
      expect(Object.keys(exports)).toHaveLength(all.length);
    }),
  );
});

test("a program is written as a formatter would, in every form, and no linter minds anything", () => {
  const folder = mkdtempSync(join(tmpdir(), "program-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const imports = importsOf(fc.sample(anyArgs, 200));
  const names = {
    topic: new Map([["topic-1", "Conversation start"]]),
    target: new Map([
      ["target-crm", "Crm"],
      ["eu/central 1", 'a name that is "much" longer than what a line of the program has room for'],
      ["t".repeat(90), "the twin"],
      ["3f2c1a9b-0000-4000-8000-000000000000", "the twin"],
    ]),
  };
  const files = FORMS.map((form, index) => {
    const areLookedUp = index % 2 === 0;
    const file = `${form.kind}-${form.modules}.${form.language === "typescript" ? "ts" : "js"}`;
    writeFileSync(join(folder, file), programText(imports, { names, areLookedUp }, naming, form));
    return file;
  });
  const config = { root: true, formatter: { indentStyle: "space", lineWidth: 80 } };
  writeFileSync(join(folder, "biome.json"), JSON.stringify(config));
  const biome = join(import.meta.dirname, "../../../../node_modules/.bin/biome");
  try {
    execFileSync(biome, ["check", "--error-on-warnings", ...files], {
      cwd: folder,
      encoding: "utf8",
      stdio: "pipe",
    });
  } catch (error) {
    expect.fail((error as { stdout: string }).stdout + (error as { stderr: string }).stderr);
  }
}, 60_000);

test.each([
  {
    areLookedUp: true,
    imported: "{\n  EventBridgeSource,\n  getEventBridgeTargetOutput,\n  getEventBridgeTopicOutput,\n}",
    topic: 'getEventBridgeTopicOutput({\n  name: "Conversation start",\n}).id',
    target: 'getEventBridgeTargetOutput({ name: "CRM" }).id',
  },
  {
    areLookedUp: false,
    imported: "{ EventBridgeSource }",
    topic: '"9f2c1a9b-0000-4000-8000-000000000000"',
    target: '"target-crm"',
  },
])("reads as somebody would have written it (looked up: $areLookedUp)", ({ areLookedUp, ...words }) => {
  const names = {
    topic: new Map([["9f2c1a9b-0000-4000-8000-000000000000", "Conversation start"]]),
    target: new Map([["target-crm", "CRM"]]),
  };
  const imports = importsOf([
    args({
      name: "VIP conversations",
      eventTopicId: "9f2c1a9b-0000-4000-8000-000000000000",
      targets: [{ targetId: "target-crm" }, { targetId: "target-1" }],
      filters: [{ name: "vip", conditions: [{ field: "priority", operator: "equals", value: "high" }] }],
    }),
    args({ name: "class", eventTopicId: "9f2c1a9b-0000-4000-8000-000000000000", status: "inactive" }),
    args({ name: "Café «München»", targets: [{ targetId: "target-crm" }] }),
  ]);
  const form = { kind: "module", language: "typescript", modules: "commonjs" } as const;
  expect(programText(imports, { names, areLookedUp }, naming, form)).toBe(`\
import ${words.imported} from "pulumi-genesyscloud-eventbridge";

const conversationStartTopic = ${words.topic};

const crmTarget = ${words.target};
const target1 = "target-1";

// These resources have webhook addresses of their own. They are secrets: the stack's
// state keeps them. To keep one in code, put it into the stack's configuration, set
// webhookUrl to that, and take the option away.
const keepWebhookUrl = { ignoreChanges: ["webhookUrl"] };

export const vipConversations = new EventBridgeSource("vip-conversations", {
  name: "VIP conversations",
  eventTopicId: conversationStartTopic,
  targets: [{ targetId: crmTarget }, { targetId: target1 }],
  filters: [
    {
      name: "vip",
      conditions: [{ field: "priority", operator: "equals", value: "high" }],
    },
  ],
});

export const classSource = new EventBridgeSource("class", {
  name: "class",
  eventTopicId: conversationStartTopic,
  targets: [{ targetId: target1 }],
  status: "inactive",
});

export const cafeMunchen = new EventBridgeSource(
  "cafe-munchen",
  {
    name: "Café «München»",
    eventTopicId: "topic-1",
    targets: [{ targetId: crmTarget }],
  },
  keepWebhookUrl,
);
`);
});

test("objects of both kinds stand in one program, and what they have in common is said once", () => {
  const [source] = importsOf([args()]);
  const integration = (name: string, suffix: string): NamedImport => ({
    ...(source as NamedImport),
    kind: INTEGRATION,
    resource: name,
    args: {
      name,
      awsAccountId: "012345678901",
      awsAccountRegion: "eu-central-1",
      eventSourceSuffix: suffix,
      eventFilter: ["v2.users.{id}.presence"],
    },
  });
  const form = { kind: "module", language: "javascript", modules: "commonjs" } as const;
  const imports = [
    source as NamedImport,
    integration("voice", "prod.voice"),
    integration("orders", "prod.o"),
  ];
  expect(programText(imports, NO_NAMES, naming, form)).toBe(`\
const {
  EventBridgeIntegration,
  EventBridgeSource,
} = require("pulumi-genesyscloud-eventbridge");

const account012345678901 = "012345678901";

exports.orders = new EventBridgeSource("orders", {
  name: "orders",
  eventTopicId: "topic-1",
  targets: [{ targetId: "target-1" }],
});

exports.voice = new EventBridgeIntegration("voice", {
  name: "voice",
  awsAccountId: account012345678901,
  awsAccountRegion: "eu-central-1",
  eventSourceSuffix: "prod.voice",
  eventFilter: ["v2.users.{id}.presence"],
});

exports.orders2 = new EventBridgeIntegration("orders", {
  name: "orders",
  awsAccountId: account012345678901,
  awsAccountRegion: "eu-central-1",
  eventSourceSuffix: "prod.o",
  eventFilter: ["v2.users.{id}.presence"],
});
`);
});

test("what one alone is called is looked up by its name, wherever it stands; a twin stands there as an id", () => {
  const names = {
    topic: new Map([["topic-1", "Starts"]]),
    target: new Map([
      ["target-1", "Orders"],
      ["target-2", "Orders"],
    ]),
  };
  const text = programText(importsOf([args()]), { names, areLookedUp: true }, naming, PROGRAM);
  expect(text).toContain('const startsTopic = getEventBridgeTopicOutput({ name: "Starts" }).id;');
  expect(text).toContain("  eventTopicId: startsTopic,");
  expect(text).toContain('  targets: [{ targetId: "target-1" }],');
  expect(text).not.toContain("getEventBridgeTargetOutput");
});

test("a program that Pulumi runs exports nothing, since that would be outputs of the stack", () => {
  const program = programText(importsOf([args()]), NO_NAMES, naming, PROGRAM);
  expect(program).toMatch(/^new EventBridgeSource\("orders", \{$/m);
  expect(program).not.toMatch(/export|const/);
});

test.each([
  ["plain", '"plain"'],
  ['say "hi"', "'say \"hi\"'"],
  ["it's", '"it\'s"'],
  [`both " and '`, '"both \\" and \'"'],
  ["a\\b", '"a\\\\b"'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a text may look like a template, and must not become one
  ["`${x}` \\", "`\\`\\${x}\\` \\\\`"],
  ["a\u202eb", '"a\\u202eb"'],
  ["a\u00a0\u200b\n\u2028", '"a\\u00a0\\u200b\\n\\u2028"'],
  ["\u{e0067}", '"\\u{e0067}"'],
  ["\ud800", '"\\ud800"'],
])("the text %j is written as %s", (value, written) => {
  expect(quoted(value)).toBe(written);
});

describe("names", () => {
  test.each([
    ["VIP conversations", "vip-conversations", "vipConversations"],
    ["vip-conversations-3fa9c21", "vip-conversations-3fa9c21", "vipConversations3fa9c21"],
    ["Événements à Zürich", "evenements-a-zurich", "evenementsAZurich"],
    ["日本語", "ri-ben-yu", "riBenYu"],
    ["2024 events", "2024-events", "source2024Events"],
    ["delete", "delete", "deleteSource"],
    ["undefined", "undefined", "undefinedSource"],
    ["require", "require", "requireSource"],
    ["toString", "to-string", "toStringSource"],
    ["???", "source", "source"],
    ["", "source", "source"],
    ["one two ".repeat(30), "one-two-one-two-one-two-one-two-one-two", "oneTwoOneTwoOneTwoOneTwoOneTwo"],
    ["x".repeat(256), "x".repeat(40), "x".repeat(40)],
  ])("%j is the resource %s and the identifier %s", (words, resource, identifier) => {
    const name = naming.resource(words, "source", new Set());
    expect(name).toBe(resource);
    expect(naming.identifier(name, "source", new Set())).toBe(identifier);
  });

  test("come once each", () => {
    const taken = new Set(["orders-2"]);
    expect(["Orders", "orders", "ORDERS"].map((name) => naming.resource(name, "source", taken))).toEqual([
      "orders",
      "orders-3",
      "orders-4",
    ]);
    const identifiers = new Set<string>();
    expect(["orders-2", "orders2"].map((name) => naming.identifier(name, "source", identifiers))).toEqual([
      "orders2",
      "orders22",
    ]);
  });
});
