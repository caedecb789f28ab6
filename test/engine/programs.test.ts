import { execFileSync } from "node:child_process";
import { expect, inject, test } from "vitest";
import { connect, MINIMAL, startOrganisation } from "./support/organisation.js";
import { createStack } from "./support/stack.js";

const args = JSON.stringify(MINIMAL);
const body = `
export const made = new EventBridgeSource("made", ${args});
export const id = made.id;
`;
const imported = `import { EventBridgeSource } from "pulumi-genesyscloud-eventbridge";${body}`;
const strict = {
  compilerOptions: { strict: true, module: "nodenext", moduleResolution: "nodenext", target: "es2022" },
};

test.each([
  {
    kind: "CommonJS JavaScript",
    main: "index.js",
    packageJson: {},
    program: `const { EventBridgeSource } = require("pulumi-genesyscloud-eventbridge"); const made = new EventBridgeSource("made", ${args}); exports.id = made.id;`,
  },
  { kind: "ESM JavaScript", main: "index.mjs", packageJson: {}, program: imported },
  { kind: "TypeScript", main: "index.ts", packageJson: {}, program: imported },
  {
    kind: "ESM TypeScript",
    main: "index.ts",
    packageJson: { type: "module" },
    program: imported,
    tsconfig: strict,
  },
])(
  "a program in $kind makes a source from the packed package",
  async ({ main, packageJson, program, tsconfig }) => {
    const organisation = await startOrganisation();
    const stack = await createStack({ main, packageJson });
    await connect(stack, organisation);
    await stack.program(program);
    if (tsconfig !== undefined) await stack.program(JSON.stringify(tsconfig), "tsconfig.json");
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    expect(await organisation.sources()).toHaveLength(1);
    const destroy = await stack.destroy();
    expect(destroy.code, destroy.output).toBe(0);
    expect(await organisation.sources()).toEqual([]);
  },
);

test("importing the package loads the classes and the stubs, and no validator, SDK or provider", () => {
  const script = `
    require("@pulumi/pulumi");
    const before = new Set(Object.keys(require.cache));
    require("pulumi-genesyscloud-eventbridge");
    const loaded = Object.keys(require.cache).filter((file) => !before.has(file));
    console.log(loaded.map((file) => require("node:path").basename(file)).join(" "));`;
  const loaded = execFileSync(process.execPath, ["-e", script], {
    cwd: inject("installed"),
    encoding: "utf8",
  });
  const once = new Set(loaded.trim().split(" "));
  expect([...once]).toEqual(["index.js", "resource.js", "managedResource.js", "stub.js"]);
});

test("get reads an existing source, changes nothing, and fails for one that is not there", async () => {
  const organisation = await startOrganisation();
  const made = await organisation.add("sources", {
    name: "by-hand",
    event_topic_id: "topic-audits",
    targets: [{ target_id: "target-siem", priority: 1 }],
  });
  const stack = await createStack();
  await connect(stack, organisation);
  const program = (id: string) => `
const { EventBridgeSource } = require("pulumi-genesyscloud-eventbridge");
const source = EventBridgeSource.get("existing", "${id}");
exports.name = source.name;
exports.topic = source.eventTopicId;
exports.sourceId = source.sourceId;
`;
  await stack.program(program(made.source_id));
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
  expect(up.output).toContain('name    : "by-hand"');
  expect(up.output).toContain('topic   : "topic-audits"');
  const destroy = await stack.destroy();
  expect(destroy.code, destroy.output).toBe(0);
  expect(await organisation.sources()).toHaveLength(1);

  await stack.program(program("src-nowhere"));
  const missing = await stack.up();
  expect(missing.code).not.toBe(0);
  expect(missing.output).toContain('There is no EventBridge source with the id "src-nowhere"');
});

test("protect, retainOnDelete, ignoreChanges and aliases work as everywhere", async () => {
  const organisation = await startOrganisation();
  const stack = await createStack();
  await connect(stack, organisation);
  const program = (name: string, options: string, description = "first") => `
const { EventBridgeSource } = require("pulumi-genesyscloud-eventbridge");
new EventBridgeSource("${name}", { ...${args}, description: "${description}" }, ${options});
`;
  await stack.program(program("before", "{ protect: true }"));
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
  expect((await stack.destroy()).code).not.toBe(0);
  expect(await organisation.sources()).toHaveLength(1);

  await stack.program(program("after", '{ aliases: [{ name: "before" }] }'));
  const renamed = await stack.preview("--expect-no-changes");
  expect(renamed.code, renamed.output).toBe(0);
  expect((await stack.up()).code).toBe(0);

  await stack.program(program("after", '{ ignoreChanges: ["description"], retainOnDelete: true }', "second"));
  const ignored = await stack.preview("--expect-no-changes");
  expect(ignored.code, ignored.output).toBe(0);
  expect((await stack.up()).code).toBe(0);

  // Everything is ignored, and what the state alone says of an automatic name stays.
  const [before] = await stack.resources();
  await stack.program(program("after", '{ ignoreChanges: ["*"], retainOnDelete: true }', "third"));
  for (const run of [await stack.preview("--expect-no-changes"), await stack.up("--expect-no-changes")])
    expect(run.code, run.output).toBe(0);
  expect((await stack.resources())[0]?.inputs).toEqual(before?.inputs);

  const destroy = await stack.destroy();
  expect(destroy.code, destroy.output).toBe(0);
  expect(await organisation.sources()).toHaveLength(1);
});
