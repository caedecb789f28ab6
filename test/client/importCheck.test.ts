/** What `import --check` says it has looked for: real HTTP, against the simulated organisation. */
import { startSandbox } from "genesyscloud-sandbox";
import { expect, onTestFinished, test, vi } from "vitest";
import { checkManaged } from "../../provider/src/commands/importCheck.js";
import { KINDS } from "../../provider/src/kinds.js";
import { beginOn } from "../../provider/src/lifecycle/kind.js";
import { controlPlaneOf } from "../support/controlPlane.js";
import { fakeContext } from "../unit/provider/support/context.js";
import { clientOf } from "./support.js";

vi.mock(import("../../provider/src/commands/pulumiCli.js"), async (original) => ({
  ...(await original()),
  readStack: async () => ({ name: "dev", resources: [] }),
}));

test.each<[string, string[], string, string]>([
  ["one kind that was asked for", ["source"], "both", "no source that no stack has"],
  ["both kinds", ["source", "integration"], "both", "no source or integration that no stack has"],
  [
    "the kind that the organisation offers",
    ["source", "integration"],
    "eventbridge",
    "no source that no stack has",
  ],
])("where nothing is found, %s alone is named", async (_, nouns, offers, said) => {
  const sandbox = await startSandbox({ control: true });
  onTestFinished(() => sandbox.close());
  if (offers !== "both") await controlPlaneOf(sandbox.url)("PATCH", "settings", { offers });
  const written: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, "write").mockImplementation((text) => written.push(String(text)) > 0),
  );
  onTestFinished(() => spies.forEach((spy) => void spy.mockRestore()));
  const context = { ...fakeContext().context, client: clientOf(sandbox.url) };
  const steps = KINDS.filter(({ noun }) => nouns.includes(noun)).map((kind) => beginOn(kind, context, "1m"));
  await checkManaged({ ids: [], names: [], all: true }, steps, { stacks: [], json: false });
  expect(written).toContain(`${said}\n`);
});
