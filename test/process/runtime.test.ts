/** What the engine's provider process loads: one file, little beside it, and errors that still say where they come from. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { KINDS } from "../../provider/src/kinds.js";

const root = join(import.meta.dirname, "../..");
const runtime = join(root, "provider/dist/runtime.js");

/** What a script that has `runtime` prints as JSON. */
function inProcess(script: string): unknown {
  const whole = `require("source-map-support/register"); const runtime = ${JSON.stringify(runtime)}; ${script}`;
  return JSON.parse(execFileSync(process.execPath, ["-e", whole], { cwd: root, encoding: "utf8" }));
}

test("the runtime is one file of ours, with neither a validator's package nor the platform's SDK beside it", () => {
  const loaded = inProcess(`
    require("@pulumi/pulumi");
    const before = new Set(Object.keys(require.cache));
    require(runtime);
    console.log(JSON.stringify(Object.keys(require.cache).filter((file) => !before.has(file))));`) as string[];
  expect(loaded.filter((file) => file.startsWith(join(root, "provider/")))).toEqual([runtime]);
  const packages = loaded.map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
  expect(packages).not.toContain("zod");
  expect(packages).not.toContain("purecloud-platform-client-v2");
  // Each is a file or two. What comes to load many does so when it is needed.
  expect(loaded.length).toBeLessThan(10);
});

test("the names that stubs in states require are there", () => {
  const entries = KINDS.map(({ stub }) => stub.split(".").at(-1));
  expect(inProcess("console.log(JSON.stringify(Object.keys(require(runtime)).sort()))")).toEqual(
    entries.toSorted(),
  );
});

test("the stack of an error names the file and the line of the source, as the engine's process prints it", () => {
  const stack = inProcess(`
    const { eventBridgeSource } = require(runtime);
    const broken = new Proxy({}, { get() { throw new Error("broken"); } });
    const checked = async () => eventBridgeSource.check({}, broken);
    checked().catch(({ stack }) => console.log(JSON.stringify(stack)));`);
  expect(stack).toMatch(/ at Object\.check \(.*\/src\/pulumi\/dynamicProvider\.ts:\d+:\d+\)/);
});
