// What `doctor` makes of the findings of its checks, whatever these are.
import { Command } from "commander";
import { afterEach, expect, test, vi } from "vitest";
import { doctorCommand } from "../../../../provider/src/commands/doctor.js";
import { about } from "../../../../provider/src/doctor/finding.js";

vi.mock("../../../../provider/src/commands/pulumiCli.js", () => ({
  folderOfProject: () => "/nonexistent",
  projectFile: () => undefined,
  projectName: async () => undefined,
  pulumiVersion: async () => undefined,
  tooOldToImport: () => undefined,
}));
vi.mock("../../../../provider/src/doctor/creates.js", () => ({
  checkCreates: async () => Array(200_000).fill(about("interrupted creates").warning("one more")),
}));

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

test("a journal of 200,000 interrupted creates is looked at to its end", { timeout: 20_000 }, async () => {
  let text = "";
  vi.spyOn(process.stdout, "write").mockImplementation((piece) => {
    text += String(piece);
    return true;
  });
  const program = new Command();
  doctorCommand(program);
  await program.parseAsync(["doctor", "--json"], { from: "user" });
  const { checks } = JSON.parse(text);
  expect(checks.length).toBeGreaterThan(200_000);
  expect(checks.at(-1)).toMatchObject({ check: "webhook signature" });
});
