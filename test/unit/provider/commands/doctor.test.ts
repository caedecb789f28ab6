// What `doctor` makes of the findings of its checks, whatever these are.
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
const asked = vi.hoisted(() => ({ whose: undefined as unknown }));
vi.mock("../../../../provider/src/doctor/creates.js", () => ({
  checkCreates: async (_: unknown, whose: unknown) => {
    asked.whose = whose;
    return Array(200_000).fill(about("interrupted creates").warning("one more"));
  },
}));

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** What the command says, outside of any project. */
async function checksWith(options: object): Promise<object[]> {
  let text = "";
  vi.spyOn(process.stdout, "write").mockImplementation((piece) => {
    text += String(piece);
    return true;
  });
  let examine = async (_: object) => {};
  const take = (action: typeof examine) => {
    examine = action;
  };
  // A command line that is told of one command, and gives it the option --json.
  const program: object = new Proxy({}, { get: (_, key) => (key === "action" ? take : () => program) });
  doctorCommand(program as never);
  await examine({ json: true, ...options });
  return JSON.parse(text).checks;
}

test("a journal of 200,000 interrupted creates is looked at to its end", { timeout: 20_000 }, async () => {
  const checks = await checksWith({});
  expect(asked.whose).toEqual({ stack: undefined, project: undefined });
  expect(checks.length).toBeGreaterThan(200_000);
  expect(checks.at(-1)).toMatchObject({ check: "webhook signature" });
});

test("outside of a project the stack that is named counts, as URNs have it", {
  timeout: 20_000,
}, async () => {
  await checksWith({ stack: "acme/shop/prod" });
  expect(asked.whose).toEqual({ stack: "prod", project: undefined });
});
