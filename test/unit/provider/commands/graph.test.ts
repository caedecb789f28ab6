/** Options of `graph`, and where its results go. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { expect, onTestFinished, test, vi } from "vitest";
import { graphCommand } from "../../../../provider/src/commands/graph.js";

vi.mock(import("../../../../provider/src/commands/pulumiCli.js"), async (original) => ({
  ...(await original()),
  readStack: async () => ({ name: "dev", resources: [] }),
}));

/** Runs it. @returns what it printed. */
async function graph(...args: string[]): Promise<string[]> {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  graphCommand(program);
  for (const each of program.commands) each.copyInheritedSettings(program);
  const written: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, "write").mockImplementation((text) => written.push(String(text)) > 0),
  );
  try {
    await program.parseAsync(["graph", ...args], { from: "user" });
    return written;
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

test("what is for programs goes to the file that is named, and not to standard output", async () => {
  const folder = mkdtempSync(join(tmpdir(), "graph-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const out = join(folder, "events.json");
  const [printed] = await graph("--json");
  expect(await graph("--json", "--out", out)).toEqual([`no sources and no integrations, in ${out}\n`]);
  expect(readFileSync(out, "utf8")).toBe(printed);
  expect(JSON.parse(printed as string)).toEqual({ from: "state", flows: [] });
});

test("a format of a picture does not go with --json", async () => {
  await expect(graph("--json", "--format", "svg")).rejects.toMatchObject({
    exitCode: 2,
    message: "error: --format is about a picture, and --json is none: leave one of them out",
  });
});
