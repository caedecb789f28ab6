/** What is published: the package's own files, every one of them, and nothing else. */
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const provider = join(__dirname, "../../provider");
const sandbox = join(__dirname, "../../sandbox");

interface Packed {
  size: number;
  files: { path: string; mode: number }[];
}

/** The files that the sources of a folder become. */
const builtFrom = (folder: string, target: string, endings: string[]) =>
  readdirSync(join(folder, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => endings.map((ending) => `${target}/${name.replace(/\.ts$/, ending)}`));

test("the tarball has what is built from the sources, three pages, the licence and the templates, and stays small", async () => {
  const { stdout } = await promisify(execFile)("npm", ["pack", "--dry-run", "--json"], {
    cwd: provider,
    maxBuffer: 2 ** 24,
  });
  const [packed] = JSON.parse(stdout) as [Packed];
  const paths = packed.files.map(({ path }) => path);
  expect(paths.filter((path) => !path.startsWith("dist/")).toSorted()).toEqual([
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "package.json",
    ...["eventbridge-sandbox", "eventbridge-typescript"].flatMap((template) =>
      ["Pulumi.yaml", "index.ts", "package.json", "tsconfig.json"].map(
        (file) => `templates/${template}/${file}`,
      ),
    ),
  ]);
  const expected = [
    ...builtFrom(provider, "dist", [".js", ".d.ts"]),
    ...builtFrom(sandbox, "dist/sandbox", [".js"]),
    "dist/sandbox/package.json",
    // For the traces of what the stub loads.
    "dist/runtime.js.map",
  ];
  const built = paths.filter((path) => path.startsWith("dist/"));
  expect(built.toSorted()).toEqual(expected.toSorted());
  expect(packed.size).toBeLessThan(800_000);
  expect(packed.files.find(({ path }) => path === "dist/commands/main.js")?.mode).toBe(0o755);
});
