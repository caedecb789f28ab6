/** What is said of an import that the Pulumi CLI did not bring to its end. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { deliver } from "../../../../provider/src/commands/importDelivery.js";
import { readStack } from "../../../../provider/src/commands/pulumiCli.js";
import { SOURCE } from "../../../../provider/src/eventBridgeSource/kind.js";
import type { NamedImport } from "../../../../provider/src/importing/importFile.js";
import type { StackResource } from "../../../../provider/src/importing/managed.js";

vi.mock(import("../../../../provider/src/commands/pulumiCli.js"), async (original) => ({
  ...(await original()),
  showPulumi: async () => 1,
  readStack: vi.fn(),
}));

const folder = mkdtempSync(join(tmpdir(), "delivery-"));
afterAll(() => rmSync(folder, { recursive: true }));

test.each<[string, Partial<StackResource>, string]>([
  ["imported counts", {}, "with 1 of 1 source imported."],
  ["only read was not imported", { external: true }, ": nothing was imported"],
  ["about to be deleted was not imported", { delete: true }, ": nothing was imported"],
])("what is %s", async (_, how, said) => {
  const urn = `urn:pulumi:dev::shop::${SOURCE.type}::vip`;
  const resources = [{ urn, type: SOURCE.type, id: "src-1", ...how }];
  vi.mocked(readStack).mockResolvedValue({ name: "dev", resources });
  const run = deliver({
    imports: [{ kind: SOURCE, id: "src-1" } as NamedImport],
    content: "{}",
    stack: {},
    out: join(folder, "import.json"),
    program: undefined,
    project: folder,
    auditLog: undefined,
  });
  await expect(run).rejects.toThrow(`pulumi import ended with 1${said.startsWith(":") ? "" : ", "}${said}`);
});
