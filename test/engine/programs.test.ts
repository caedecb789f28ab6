/** Programs in each form that Pulumi runs, and the options that every resource has. */
import { execFileSync } from "node:child_process";
import { expect, inject, test } from "vitest";
import { begin } from "./support/life.js";
import { connect, MINIMAL, startOrganisation } from "./support/organisation.js";
import { createStack, fails, succeeds } from "./support/stack.js";
import { SUBJECTS } from "./support/subjects/index.js";

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

test("importing the package loads the classes, the stubs and the names of look-ups, and no validator, SDK or provider", () => {
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
  const ofClasses = [
    ...[
      "index.js",
      "resource.js",
      "managedResource.js",
      "lastTransformation.js",
      "stub.js",
      "withinReach.js",
    ],
  ];
  expect([...once]).toEqual([...ofClasses, "functions.js", "programRun.js", "through.js"]);
});

test.for(SUBJECTS)(
  "$resource: get, protect, retainOnDelete, ignoreChanges and aliases work as everywhere",
  async (subject) => {
    const { resource, minimal, text, idOutput } = subject;
    const { stack, add, objects } = await begin(subject);
    const key = { [subject.key.field]: "by-hand" };
    const existing = await add({ name: "by hand", ...key });
    const program = (id: string, name: string, options: string, words = "first") => `
const { ${resource} } = require("pulumi-genesyscloud-eventbridge");
const existing = ${resource}.get("existing", "${id}");
exports.read = existing.${idOutput};
exports.key = existing.${subject.key.field};
new ${resource}("${name}", { ...${JSON.stringify(minimal)}, ${text.field}: "${words}" }, ${options});
`;
    await stack.program(program(existing, "before", "{ protect: true }"));
    const made = await succeeds(stack.up());
    expect(made).toMatch(new RegExp(`read *: "${existing}"`));
    expect(made).toMatch(/key *: "by-hand"/);
    await fails(stack.destroy());
    expect(await objects()).toHaveLength(2);

    await stack.program(program(existing, "after", '{ aliases: [{ name: "before" }] }'));
    await succeeds(stack.up("--expect-no-changes"));
    const ignoring = (fields: string[]) =>
      `{ ignoreChanges: ${JSON.stringify(fields)}, retainOnDelete: true }`;
    await stack.program(program(existing, "after", ignoring([text.field]), "second"));
    await succeeds(stack.up("--expect-no-changes"));
    // Everything is ignored, and what the state alone says of an automatic name stays.
    const inputs = async () => (await stack.resources()).map((each) => each.inputs);
    const before = await inputs();
    await stack.program(program(existing, "after", ignoring(["*"]), "third"));
    await succeeds(stack.up("--expect-no-changes"));
    expect(await inputs()).toEqual(before);

    await stack.program(program("no-such-id", "after", ignoring(["*"]), "third"));
    expect(await fails(stack.up())).toContain(`There is no ${subject.label} with the id "no-such-id"`);
    await succeeds(stack.destroy());
    expect(await objects()).toHaveLength(2);
  },
);
