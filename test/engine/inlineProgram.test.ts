/** The Automation API with a program that is a function: it runs in a folder that belongs to no Pulumi project. */
import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { runInline } from "./support/inline.js";
import { startOrganisation } from "./support/organisation.js";
import { createStack } from "./support/stack.js";

const SCRIPT = `
const { LocalWorkspace } = require("@pulumi/pulumi/automation");
const { EventBridgeSource } = require("pulumi-genesyscloud-eventbridge");
const { args, config } = JSON.parse(process.argv[2]);
async function main() {
  const stack = await LocalWorkspace.createOrSelectStack({
    stackName: "inline",
    projectName: "inline-shop",
    program: async () => {
      const source = new EventBridgeSource("vip", args);
      return { urn: source.urn, name: source.name };
    },
  });
  await stack.setAllConfig(config);
  const up = async (options) => (await stack.up(options)).outputs;
  const first = await up();
  const replaced = await up({ replace: [first.urn.value] });
  const { pulumiCommand, workDir } = stack.workspace;
  const taint = ["state", "taint", first.urn.value, "--yes", "--stack", stack.name, "--non-interactive"];
  await pulumiCommand.run(taint, workDir, {});
  const tainted = await up();
  console.log(JSON.stringify([first, replaced, tainted].map(({ name }) => name.value)));
}
main().catch((error) => { console.error(error); process.exitCode = 1; });
`;

test("a source of an inline program is replaced by force, by --replace and by taint, under an automatic name", async () => {
  const organisation = await startOrganisation();
  const { folder, result: names } = await runInline<string[]>(SCRIPT, organisation, await createStack());
  expect(new Set(names).size).toBe(3);
  const sources = await organisation.sources();
  expect(sources.map(({ name }) => name)).toEqual([names.at(-1)]);
  // The log and the journal lie where the program runs.
  const files = await readdir(folder);
  expect(files).toEqual(expect.arrayContaining(["audit_logs.jsonl", ".genesyscloud-eventbridge"]));
});
