/**
 * `examples/policy-pack` on the real engine: what each policy asks for, and that it asks no more.
 *
 * The engine has the language host start a pack, which the last host that can be built from Go modules cannot. So the pack
 * is started as the engine starts one of a runtime without a host: by a script on PATH, which is Pulumi's own for Node.
 */
import { chmod, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { connect, startOrganisation } from "./support/organisation.js";
import { createStack, fails, type Stack, succeeds } from "./support/stack.js";

const require = createRequire(import.meta.url);
const example = join(import.meta.dirname, "../../examples/policy-pack");
const RUNTIME = "packtest";

/** The pack in the stack's folder, with its dependencies, and what starts it. */
async function installPack(stack: Stack, config: object): Promise<string[]> {
  const pack = join(stack.folder, "policy-pack");
  await mkdir(pack);
  await cp(join(example, "package.json"), join(pack, "package.json"));
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  // Checking types takes longer than the story; `npm run typecheck` has done it.
  for (const name of ["index", "policies"]) {
    const text = await readFile(join(example, `${name}.ts`), "utf8");
    const { outputText } = ts.transpileModule(text, { compilerOptions });
    await writeFile(join(pack, `${name}.js`), outputText);
  }
  await writeFile(join(pack, "PulumiPolicy.yaml"), `runtime: ${RUNTIME}\n`);
  for (const name of ["@pulumi/policy", "google-protobuf"])
    await cp(dirname(require.resolve(`${name}/package.json`)), join(pack, "node_modules", name), {
      recursive: true,
    });
  const bin = join(stack.folder, "bin");
  await mkdir(bin);
  const starter = join(bin, `pulumi-analyzer-policy-${RUNTIME}`);
  const run = "require.resolve('@pulumi/pulumi/cmd/run-policy-pack')";
  await writeFile(starter, `#!/bin/sh\nexec node "$(node -p "${run}")" "$@"\n`);
  await chmod(starter, 0o755);
  stack.environment.PATH = [bin, stack.environment.PATH].join(delimiter);
  await writeFile(join(stack.folder, "policies.json"), JSON.stringify(config));
  return ["--policy-pack", "policy-pack", "--policy-pack-config", "policies.json"];
}

const program = (isRight: boolean): string => `
const { EventBridgeSource, EventBridgeIntegration } = require("pulumi-genesyscloud-eventbridge");
const options = { protect: ${isRight} };
new EventBridgeSource("calls", {
  eventTopicId: "topic-conversation-start",
  targets: [{ targetId: "target-crm" }, { targetId: "target-${isRight ? "archive" : "siem"}" }],
  filters: ${isRight ? '[{ name: "vip", conditions: [{ field: "priority", operator: "equals", value: "planted" }] }]' : "[]"},
  ${isRight ? 'webhookUrl: "https://hooks.example.com/planted",' : ""}
}, options);
new EventBridgeIntegration("voice", {
  awsAccountId: "${isRight ? "012345678901" : "999999999999"}",
  awsAccountRegion: "eu-central-1",
  eventFilter: ["${isRight ? "v2.audits.entitytype.{id}.entityid.{id}" : "v2.users.{id}.presence"}"],
  ${isRight ? 'webhookUrl: "https://hooks.example.com/planted",' : ""}
}, options);
`;

test("a pack looks at both resources by their classes, names what is against its policies, and lets the rest pass", async () => {
  const organisation = await startOrganisation();
  const stack = await createStack();
  await connect(stack, organisation);
  const pack = await installPack(stack, {
    "destinations-from-a-list": { targets: ["target-crm", "target-archive"], awsAccounts: ["012345678901"] },
    "protected-in-production": { stacks: ["test"] },
  });

  await stack.program(program(false));
  const refused = await fails(stack.preview(...pack));
  for (const violation of [
    'targets[1].targetId: "target-siem" is not in the list "targets" of this policy',
    'awsAccountId: 999999999999 is not in the list "awsAccounts" of this policy',
    'filters: the topic "topic-conversation-start" bears personal data',
    'eventFilter[0]: "v2.users.{id}.presence" bears personal data',
  ])
    expect(refused.split(violation), refused).toHaveLength(2);
  for (const violation of ["webhookUrl: nobody is told of changes", "the option protect is to be true"])
    expect(refused.split(violation), violation).toHaveLength(3);

  await stack.program(program(true));
  const passed = await succeeds(stack.preview(...pack));
  expect(passed).toContain("genesyscloud-eventbridge@v0.1.0");
  expect(passed).toContain("+ 3 to create");
  expect(`${refused}${passed}`).not.toContain("planted");
});
