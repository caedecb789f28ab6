/** An organisation's objects come into a stack with their program, and the next preview has nothing to change. */
import { execFileSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isNightly } from "./support/nightly.js";
import {
  connect,
  MINIMAL,
  type Organisation,
  sourceProgram,
  startOrganisation,
} from "./support/organisation.js";
import { createStack } from "./support/stack.js";

const IMPORT = ["import", "--yes", "--generate-code=false", "--protect=false", "--file"];

/** Names that are hard on identifiers, on quoting, or on each other. */
const NAMES = [
  ...["Orders", "orders", "ORDERS", "orders-2", "orders2"],
  ...["class", "delete", "undefined", "2024 events", "__proto__", "constructor", "toString", "default"],
  ...[
    'say "hi"',
    "it's",
    `both " and '`,
    "back\\slash",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a name may look like a template, and must not become one
    "back`tick ${x}",
    "new\nline",
    "*/ comment",
    "</script>",
  ],
  ...[
    "Événements",
    "日本語",
    "Жук",
    "عربى",
    "🔥 hot",
    "e\u0301",
    "\u00e9",
    "a\u202eb",
    "  padded  ",
    "!!!",
    "???",
  ],
  "x".repeat(256),
];

/** Sixty sources of every shape, made by hand. */
function everyShape(): object[] {
  const condition = (index: number) =>
    [
      { field: "priority", operator: "equals", value: `level ${index} "quoted"` },
      { field: "subject", operator: "contains", value: "naïve ☕" },
      { field: "waitSeconds", operator: "greater_than", value: index * 1.5 },
      { field: "vip", operator: "equals", value: index % 2 === 0 },
      { field: "score", operator: "equals", value: -index },
    ][index % 5];
  const conditions = (count: number) => Array.from({ length: count }, (_, index) => condition(index));
  const filters = (count: number, each: number) =>
    Array.from({ length: count }, (_, index) => ({
      name: `filter ${index}`,
      conditions: conditions(each),
      action: index === 3 ? "drop" : "route",
    }));
  const targets = [
    [{ target_id: "target-crm", priority: 1 }],
    [
      { target_id: "target-archive", priority: 3 },
      { target_id: "target-eu/central 1", priority: 1 },
      { target_id: "target-siem", priority: 2 },
    ],
    // One that no program could choose any more.
    [{ target_id: "target-legacy-erp", priority: 1 }],
  ];
  return Array.from({ length: 60 }, (_, index) => ({
    name: NAMES[index] ?? `source ${index}`,
    description: ["Managed by Pulumi", "", 'by hand, on "Monday"\nand later'][index % 3],
    event_topic_id: ["topic-conversation-start", "topic-vip 100%/priority", "topic-user-station"][index % 3],
    targets: targets[index % targets.length],
    filters: index % 6 === 0 ? filters(5, 10) : filters(index % 4, 1 + (index % 3)),
    status: ["active", "inactive", "draft"][index % 3],
  }));
}

async function emptyStack(organisation: Organisation, options: Parameters<typeof createStack>[0] = {}) {
  const stack = await createStack(options);
  await connect(stack, organisation);
  return stack;
}

const mustRun = async <Result extends { code: number | null }>(run: Promise<Result>): Promise<Result> => {
  const result = await run;
  expect(result.code, JSON.stringify(result, null, 2)).toBe(0);
  return result;
};

const writes = async (organisation: Organisation) =>
  (await organisation.calls()).filter((call) => !call.startsWith("GET"));

/** Fails unless a program compiles under the strictest rules, is formatted, and has nothing that a linter minds. */
async function expectCareful(folder: string, file: string): Promise<void> {
  const bin = (name: string) => join(import.meta.dirname, "../../node_modules/.bin", name);
  const rules = ["strict", "noUnusedLocals", "noUncheckedIndexedAccess", "exactOptionalPropertyTypes"];
  const config = join(folder, "lint");
  await mkdir(config, { recursive: true });
  await writeFile(
    join(config, "biome.json"),
    JSON.stringify({ root: true, formatter: { indentStyle: "space", lineWidth: 80 } }),
  );
  const run = (name: string, args: string[]) => {
    try {
      execFileSync(bin(name), args, { cwd: folder, encoding: "utf8", stdio: "pipe" });
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      expect.fail(`${name}: ${stdout}${stderr}`);
    }
  };
  run("biome", ["check", "--config-path", config, "--error-on-warnings", file]);
  if (!file.endsWith(".ts")) return;
  const options = [
    "--noEmit",
    "--skipLibCheck",
    "--module",
    "nodenext",
    "--target",
    "es2022",
    "--types",
    "node",
  ];
  run("tsc", [...options, ...rules.map((rule) => `--${rule}`), file]);
}

test("sixty sources of every shape come in with their program, without a change, and go with it", async () => {
  const organisation = await startOrganisation();
  for (const source of everyShape()) await organisation.add("sources", source);
  const before = await organisation.sources();
  expect(before).toHaveLength(60);
  const stack = await emptyStack(organisation, { main: "index.ts" });

  await organisation.forgetCalls();
  const { stdout } = await mustRun(stack.command("import", "--all", "--code"));
  const page = (list: string) => `GET /api/v2/eventbridge/${list}?pageSize=100&pageNumber=1 200`;
  expect((await organisation.calls()).toSorted()).toEqual([
    ...["sources", "targets", "topics"].map(page),
    "GET /api/v2/integrations?integrationType=amazon-eventbridge-source&expand=config.current&pageSize=100&pageNumber=1 200",
  ]);
  await mustRun(stack.pulumi(...IMPORT, "import.json"));
  await stack.program(stdout);
  await expectCareful(stack.folder, "index.ts");

  await organisation.forgetCalls();
  await mustRun(stack.preview("--expect-no-changes", "--diff"));
  const up = await mustRun(stack.up());
  expect(up.output).toContain("61 unchanged");
  await mustRun(stack.refresh("--expect-no-changes"));
  await mustRun(stack.preview("--expect-no-changes"));
  expect(await writes(organisation)).toEqual([]);
  expect(await organisation.sources()).toEqual(before);

  await mustRun(stack.destroy());
  expect(await organisation.sources()).toEqual([]);
});

test.each([
  {
    language: "TypeScript",
    main: "index.ts",
    packageJson: { type: "module" },
    both: false,
    module: "eventBridgeSources",
    counts: "4 sources",
    rows: ["orders ", "orders-2 ", "orders-3 ", "orders-2-2 "],
  },
  {
    language: "JavaScript",
    main: "index.js",
    packageJson: {},
    both: true,
    module: "eventBridge",
    counts: "4 sources and 2 integrations",
    rows: ["audits ", "conversation-details ", "orders ", "orders-2 ", "orders-3 ", "orders-2-2 "],
  },
])(
  "--run imports into a program in $language ($packageJson.type) at once (both kinds: $both); a second run finds nothing",
  async ({ main, packageJson, both, module: moduleName, counts, rows }) => {
    const organisation = await startOrganisation({ exampleIntegrations: both });
    const stack = await emptyStack(organisation, { main, packageJson });
    const esm = main.endsWith(".ts") || "type" in packageJson;
    const program = sourceProgram(MINIMAL);
    await stack.program(
      esm
        ? `import { EventBridgeSource } from "pulumi-genesyscloud-eventbridge";\n\nnew EventBridgeSource("vip", ${JSON.stringify(MINIMAL)});\n`
        : program,
    );
    if (main.endsWith(".ts") && "type" in packageJson)
      await stack.program(
        JSON.stringify({ compilerOptions: { strict: true, module: "nodenext", target: "es2022" } }),
        "tsconfig.json",
      );
    await mustRun(stack.up());
    for (const source of everyShape().slice(0, 4)) await organisation.add("sources", source);
    await organisation.forgetCalls();

    const run = await mustRun(stack.command("import", "--all", "--code", "--run"));
    expect(run.stderr).toMatch(/skipped: "vip-\w{7}" \(.*\) is in the stack already, as "vip"/);
    expect(run.stderr).toContain(`${counts} imported.`);
    const [head, ...shown] = run.stdout.trimEnd().split("\n");
    expect(head).toMatch(/^RESOURCE +KIND +NAME +ID$/);
    expect(shown.map((row) => row.replace(/ .*/, " "))).toEqual(rows);
    const module = `${moduleName}.${main.split(".").at(-1)}`;
    const text = await readFile(join(stack.folder, module), "utf8");
    expect(text.match(/^(export const |exports\.)\w+ = new EventBridge(Source|Integration)/gm)).toHaveLength(
      rows.length,
    );
    await expectCareful(stack.folder, module);

    await organisation.forgetCalls();
    await mustRun(stack.preview("--expect-no-changes"));
    // What it names is looked up, a page of each list; of the resources nothing is asked.
    const looked = (await organisation.calls()).map((call) => call.replace(/\?.*/, ""));
    expect(new Set(looked)).toEqual(
      new Set(["topics", "targets"].map((list) => `GET /api/v2/eventbridge/${list}`)),
    );
    expect(looked).toHaveLength(2);
    const again = await mustRun(stack.command("import", "--all", "--code", "--run"));
    expect(again.stdout).toBe("nothing to import\n");
    expect(await writes(organisation)).toEqual([]);
    await mustRun(stack.destroy());
    expect(await organisation.sources()).toEqual([]);
  },
);

test.each([
  ...(isNightly ? [{ told: true, theirs: [1], byDefault: undefined, kept: 1 }] : []),
  { told: true, theirs: [1, 2, null], byDefault: 2, kept: 2 },
  { told: false, theirs: [1, null], byDefault: 2, kept: 2 },
])(
  "webhook addresses ($theirs, told: $told, by default $byDefault) are encrypted, in no program, and no change",
  async ({ told, theirs, byDefault, kept }) => {
    const address = (index: number | null) =>
      index === null ? null : `https://hooks.invalid/planted-${index}`;
    const organisation = await startOrganisation();
    const stack = await emptyStack(organisation, { main: "index.ts" });
    if (byDefault !== undefined)
      await stack.config({}, { "genesyscloud:webhookUrl": `${address(byDefault)}` });
    const shapes = everyShape();
    for (const [index, each] of theirs.entries())
      await organisation.add("sources", { ...shapes[index], webhook_url: address(each) });
    if (!told) await organisation.variants({ webhookUrlReturned: false });
    const run = await mustRun(stack.command("import", "--all", "--code", "--run"));
    const program = await readFile(join(stack.folder, "index.ts"), "utf8");
    const preview = await mustRun(stack.preview("--expect-no-changes", "--diff"));
    const up = await mustRun(stack.up());
    expect(up.output).toContain(`${theirs.length + 1} unchanged`);
    expect(await writes(organisation)).toEqual([]);
    const outputs = (await stack.resources()).map((resource) => resource.outputs);
    expect(outputs.filter((each) => "webhookUrl" in each)).toHaveLength(kept);
    const everything = [run.stdout, run.stderr, program, preview.output, up.output];
    expect(everything.join() + (await stack.everythingStored())).not.toContain("planted");
    await expectCareful(stack.folder, "index.ts");
  },
);
