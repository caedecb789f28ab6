/** When the scripts install and build by themselves, when they do not, and what they say of it. */
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bootstrap } from "../../../scripts/bootstrap.mjs";

const LOCK = {
  packages: { "": {}, "node_modules/a": { version: "1.0.0" }, "node_modules/b": { optional: true } },
};
const INSTALL = "ci --include=dev --ignore-scripts --no-audit --no-fund";
const BUILD = "run build";
let scratch: string;

beforeEach(() => {
  scratch = realpathSync(mkdtempSync(join(tmpdir(), "bootstrap test-")));
  const script = join(__dirname, "../../../scripts/bootstrap.mjs");
  mkdirSync(join(scratch, "repo/scripts"), { recursive: true });
  copyFileSync(script, join(scratch, "repo/scripts/bootstrap.mjs"));
  write("package.json", {
    engines: { node: ">=20.19.0" },
    workspaces: ["provider", "sandbox", "examples/*"],
  });
  write("package-lock.json", LOCK);
  write("tsconfig.json", {});
  for (const dir of ["provider", "sandbox"]) {
    write(`${dir}/package.json`, {});
    write(`${dir}/tsconfig.json`, {});
    write(`${dir}/src/deep/index.ts`, "export {};");
  }
  write("examples/one/package.json", {});
  fakeNpm();
});

afterEach(() => rmSync(scratch, { recursive: true, force: true }));

describe.skipIf(process.platform === "win32")("bootstrap", () => {
  it("installs and builds a bare clone, saying so before and after, and does nothing the second time", () => {
    expect(run()).toEqual({
      status: 0,
      stdout: expect.stringMatching(
        /^installing dependencies …\ninstalling dependencies: \d+ s\nbuilding the workspaces …\nbuilding the workspaces: \d+ s\n$/,
      ),
      stderr: "",
      calls: [INSTALL, BUILD],
    });
    expect(run()).toEqual({ status: 0, stdout: "", stderr: "", calls: [] });
  });

  it.each([
    ["a changed source", () => write("provider/src/deep/index.ts", "export const a = 1;")],
    ["a new source", () => write("sandbox/src/other.ts", "")],
    ["a removed source", () => rmSync(join(scratch, "repo/sandbox/src/deep/index.ts"))],
    ["a changed tsconfig of a workspace", () => write("provider/tsconfig.build.json", {})],
    ["a changed bundler configuration", () => write("provider/rolldown.config.mjs", {})],
    ["a changed tsconfig of the root", () => write("tsconfig.json", { a: 1 })],
    ["a removed output", () => rmSync(join(scratch, "repo/provider/dist"), { recursive: true })],
    ["an output of other sources", () => write("provider/dist/index.js", "other")],
  ])("only builds after %s", (_, change) => {
    run();
    change();
    expect(run().calls).toEqual([BUILD]);
    expect(run().calls).toEqual([]);
  });

  it.each([
    ["a changed lock", () => write("package-lock.json", { ...LOCK, changed: true })],
    ["a changed manifest of a workspace", () => write("examples/one/package.json", { dependencies: {} })],
    ["an installation that was cut off", () => rmSync(join(scratch, "repo/node_modules/.package-lock.json"))],
    ["removed node_modules", () => rmSync(join(scratch, "repo/node_modules"), { recursive: true })],
  ])("installs and builds after %s", (_, change) => {
    run();
    change();
    expect(run().calls).toEqual([INSTALL, BUILD]);
    expect(run().calls).toEqual([]);
  });

  it("accepts an installation by hand that matches the lock", () => {
    write("node_modules/.package-lock.json", { packages: { "node_modules/a": { version: "1.0.0" } } });
    expect(run().calls).toEqual([BUILD]);
    expect(run().calls).toEqual([]);
  });

  it("does not accept one that differs from the lock", () => {
    write("node_modules/.package-lock.json", { packages: { "node_modules/a": { version: "1.0.1" } } });
    expect(run().calls).toEqual([INSTALL, BUILD]);
  });

  it.each([
    ["ci", [INSTALL], [INSTALL, BUILD]],
    ["run", [INSTALL, BUILD], [BUILD]],
  ])(
    "shows all of npm's output when npm %s fails, and does it again the next time",
    (step, first, second) => {
      writeFileSync(join(scratch, "failing-step"), step);
      const { status, stderr, calls } = run();
      expect(status).toBe(1);
      expect(stderr).toContain("failed (7):\nworking\nit broke\n");
      expect(calls).toEqual(first);
      rmSync(join(scratch, "failing-step"));
      expect(run()).toMatchObject({ status: 0, calls: second });
    },
  );

  it("says so when there is no npm", () => {
    expect(run({ PATH: join(scratch, "nowhere") })).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^npm cannot be run/),
    });
  });

  it.each(["18.20.4", "20.18.3"])("refuses Node %s", async (nodeVersion) => {
    await expect(bootstrap({ nodeVersion })).rejects.toThrow(
      `Node 20.19 or newer is needed, this is ${nodeVersion}: https://nodejs.org/`,
    );
  });
});

/** Called from another folder than the repository's, and with nothing but a name for npm. */
function run({ PATH = join(scratch, "bin") + delimiter + process.env.PATH } = {}) {
  const calls = join(scratch, "calls");
  writeFileSync(calls, "");
  const script = join(scratch, "repo/scripts/bootstrap.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], {
    cwd: tmpdir(),
    env: { PATH },
    encoding: "utf8",
  });
  return { status, stdout, stderr, calls: readFileSync(calls, "utf8").split("\n").filter(Boolean) };
}

/** Like npm, it empties node_modules before it installs, and records what is there at the end. */
function fakeNpm() {
  const path = join(scratch, "bin/npm");
  mkdirSync(dirname(path));
  writeFileSync(
    path,
    `#!/bin/sh
echo "$*" >> "${scratch}/calls"
echo working
test "$1" = ci && rm -rf node_modules && mkdir node_modules
if test -f "${scratch}/failing-step" && test "$(cat "${scratch}/failing-step")" = "$1"; then
  echo "it broke" >&2
  exit 7
fi
if test "$1" = ci; then
  cp package-lock.json node_modules/.package-lock.json
else
  for dir in provider sandbox; do rm -rf $dir/dist && cp -r $dir/src $dir/dist; done
fi
`,
    { mode: 0o755 },
  );
}

function write(name: string, content: unknown) {
  const path = join(scratch, "repo", name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
}
