/** Where the engine looks for the package: in the program's folder, whoever imports it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { folderOfProgram, outOfReach } from "../../../provider/src/withinReach.js";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "reach-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const NAME = "pulumi-genesyscloud-eventbridge";

function installIn(folder: string, exported: Record<string, string>): void {
  const place = join(folder, "node_modules", NAME);
  mkdirSync(join(place, "dist"), { recursive: true });
  writeFileSync(join(place, "package.json"), JSON.stringify({ name: NAME, exports: exported }));
  writeFileSync(join(place, "dist/runtime.js"), "throw new Error('loaded');");
}

test("it is found in the folder and above it, without being loaded", () => {
  installIn(root, { "./runtime": "./dist/runtime.js" });
  const project = join(root, "stacks/infra");
  mkdirSync(project, { recursive: true });
  expect(outOfReach(root)).toBeUndefined();
  expect(outOfReach(project)).toBeUndefined();
});

test("what another package brings along is not found, and one line says where it has to be", () => {
  const [shared, project] = [join(root, "packages/shared"), join(root, "stacks/infra")];
  installIn(shared, { "./runtime": "./dist/runtime.js" });
  mkdirSync(project, { recursive: true });
  expect(outOfReach(project)).toBe(
    `${NAME} is not found from ${project}, where Pulumi loads it from: add it to the dependencies of the package.json there, also where another package brings it along`,
  );
});

test("a package that does not export what stubs load is as good as none", () => {
  installIn(root, { ".": "./dist/runtime.js" });
  expect(outOfReach(root)).toContain("is not found from");
});

const RUN = "/p/node_modules/@pulumi/pulumi/cmd/run";
test.each([
  [RUN, true],
  [`${RUN}/index.js`, true],
  ["C:\\p\\node_modules\\@pulumi\\pulumi\\cmd\\run\\index.js", true],
  [`${RUN}-policy-pack/index.js`, false],
  ["/p/deploy.js", false],
  [undefined, false],
])("a process that was started with %s runs a program: %s", (script, isProgram) => {
  expect(folderOfProgram(script)).toBe(isProgram ? process.cwd() : undefined);
});
