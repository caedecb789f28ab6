/** What doctor says of the tools that Pulumi's SDK runs a program with, whatever is installed. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { about } from "../../../../provider/src/doctor/finding.js";
import { checkPackages } from "../../../../provider/src/doctor/packages.js";
import { checkPlugins, pluginFindings } from "../../../../provider/src/doctor/plugins.js";
import { type Program, toolchainFindings, toolchainOf } from "../../../../provider/src/doctor/toolchain.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "toolchain-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes a file, and the folders that it lies in. */
function put(name: string, content: object | string = ""): void {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
}

describe("the tools of a program", () => {
  const WANTS = { node: ">=20", typescript: ">= 3.8.3 < 7", "ts-node": ">= 7.0.1 < 12" };
  const [OWN, NEEDS] = ["not installed: Pulumi's SDK has an old one of its own", "not installed, and a"];
  const INSTALL = {
    typescript: "npm install --save-dev typescript@6",
    tsNode: "npm install --save-dev ts-node@10",
  };
  const PROGRAMS: Program[] = ["JavaScript", "CommonJS TypeScript", "ESM TypeScript", "none yet"];
  const TYPESCRIPT = [undefined, "3.8.2", "3.8.3", "5.9.3", "6.0.3", "7.0.2"];
  const TS_NODE = [undefined, "7.0.0", "10.9.2", "12.0.0"];
  const STATES = { typescript: ["5.9.3", "6.0.3", "3.8.3"], "ts-node": ["10.9.2"] };

  const rows = PROGRAMS.flatMap((program) =>
    TYPESCRIPT.flatMap((typescript) =>
      TS_NODE.flatMap((tsNode) =>
        ["20.20.2", "18.0.0"].map((node) => ({ program, typescript, tsNode, node })),
      ),
    ),
  );

  const stateOf = (tool: keyof typeof STATES, version: string | undefined, program: Program) => {
    if (version !== undefined) return STATES[tool].includes(version) ? "ok" : "failed";
    return {
      JavaScript: "skipped",
      "CommonJS TypeScript": "ok",
      "ESM TypeScript": "failed",
      "none yet": "ok",
    }[program];
  };

  test(`are judged one by one, in all ${rows.length} combinations`, () => {
    expect(rows).toHaveLength(4 * 6 * 4 * 2);
    for (const { program, typescript, tsNode, node } of rows) {
      const has = { node, typescript, "ts-node": tsNode };
      const findings = toolchainFindings({ wants: WANTS, has, program });
      const told = findings.map(({ check, state }) => `${check} ${state}`);
      expect(told, JSON.stringify({ program, ...has })).toEqual([
        ...(node === "18.0.0" ? ["Node and the SDK warning"] : []),
        `TypeScript ${stateOf("typescript", typescript, program)}`,
        `ts-node ${stateOf("ts-node", tsNode, program)}`,
      ]);
      // Whatever is wrong is said with the line that puts it right.
      for (const { check, message } of findings.filter(({ state }) => state === "failed"))
        expect(message).toContain(check === "ts-node" ? INSTALL.tsNode : INSTALL.typescript);
    }
  });

  test("are named with what is wrong with them", () => {
    const say = (has: object, program: Program) =>
      toolchainFindings({ wants: WANTS, has: { node: "20.0.0", ...has }, program }).map(
        ({ message }) => message,
      );
    expect(say({ typescript: "7.0.2" }, "CommonJS TypeScript")).toEqual([
      `7.0.2 is not >= 3.8.3 < 7: ${INSTALL.typescript}`,
      OWN,
    ]);
    expect(say({}, "ESM TypeScript")).toEqual([
      `${NEEDS} TypeScript program of type "module" needs it: ${INSTALL.typescript}`,
      `${NEEDS} TypeScript program of type "module" needs it: ${INSTALL.tsNode}`,
    ]);
  });

  test("of which an SDK asks nothing are all right", () => {
    const has = { node: "18.0.0", typescript: "9.0.0", "ts-node": "1.0.0" };
    const states = toolchainFindings({ wants: {}, has, program: "JavaScript" }).map(({ state }) => state);
    expect(states).toEqual(["ok", "ok"]);
  });

  test("are those that the SDK finds from where it lies", () => {
    expect(toolchainOf(folder, "JavaScript", "20.0.0")).toBeUndefined();
    const [engines, peerDependencies] = [{ node: ">=22" }, { typescript: "< 7" }];
    put("node_modules/@pulumi/pulumi/package.json", { version: "3.276.0", engines, peerDependencies });
    put("node_modules/typescript/package.json", { version: "6.0.3" });
    put("node_modules/@pulumi/pulumi/node_modules/typescript/package.json", { version: "5.9.3" });
    put("project/index.ts");
    expect(toolchainOf(join(folder, "project"), "CommonJS TypeScript", "20.0.0")).toEqual({
      wants: { node: ">=22", typescript: "< 7" },
      has: { node: "20.0.0", typescript: "5.9.3", "ts-node": undefined },
      program: "CommonJS TypeScript",
    });
  });
});

describe("the packages", () => {
  const OURS = { name: "pulumi-genesyscloud-eventbridge", exports: { "./runtime": "./runtime.js" } };
  const install = (place: string) => {
    put(`${place}/node_modules/${OURS.name}/package.json`, OURS);
    put(`${place}/node_modules/${OURS.name}/runtime.js`);
    put(`${place}/node_modules/@pulumi/pulumi/package.json`, { version: "3.248.0" });
  };

  test("are found above the program, and not beside what wraps them", () => {
    install("packages/shared");
    put("stacks/infra/index.js");
    const program = join(folder, "stacks/infra");
    expect(checkPackages(program)).toMatchObject({
      state: "failed",
      message: expect.stringContaining("add it to the dependencies of the package.json there"),
    });
    install("stacks");
    expect(checkPackages(program)).toMatchObject({ state: "ok" });
  });

  test.each([".pnp.cjs", ".pnp.js"])("that Yarn keeps away, %s says, are out of Pulumi's reach", (name) => {
    put(name);
    put("infra/index.js");
    expect(checkPackages(join(folder, "infra"))).toMatchObject({
      state: "failed",
      message: expect.stringContaining("set nodeLinker: node-modules in .yarnrc.yml"),
    });
    // What Yarn has left from before is no trouble.
    install(".");
    expect(checkPackages(join(folder, "infra"))).toMatchObject({ state: "ok" });
  });
});

describe("the plugins beside the CLI", () => {
  test.each([
    [true, undefined, "ok"],
    [true, "/usr/bin", "ok"],
    [false, "/usr/bin", "warning"],
    [false, undefined, "failed"],
  ])("one that is beside it (%s) and on the path (%s) is %s", (isBeside, onPath, state) => {
    const [finding] = pluginFindings("/opt/pulumi", [{ plugin: "pulumi-language-nodejs", isBeside, onPath }]);
    expect(finding).toMatchObject({ check: "language-nodejs", state });
    if (!isBeside) expect(finding?.message).toContain("/opt/pulumi");
  });

  test("are looked for beside the CLI, also where the path has but a link to it, and on the path", () => {
    expect(checkPlugins({ PATH: folder })).toEqual([]);
    put("opt/pulumi");
    put("opt/pulumi-language-nodejs");
    put("elsewhere/pulumi-resource-pulumi-nodejs");
    mkdirSync(join(folder, "bin"));
    symlinkSync(join(folder, "opt/pulumi"), join(folder, "bin/pulumi"));
    const path = (...names: string[]) => ({ PATH: names.map((name) => join(folder, name)).join(":") });
    const states = (environment: NodeJS.ProcessEnv) => checkPlugins(environment).map(({ state }) => state);
    expect(states(path("bin"))).toEqual(["ok", "failed"]);
    expect(states(path("elsewhere", "bin"))).toEqual(["ok", "warning"]);
    put("bin/pulumi-resource-pulumi-nodejs");
    expect(states(path("elsewhere", "bin"))).toEqual(["ok", "ok"]);
    expect(checkPlugins(path("bin"))[0]).toEqual(about("language-nodejs").ok("beside the CLI"));
  });

  test("are looked for where the npm package pulumi puts them, which gets the CLI at its first run", () => {
    put("node_modules/pulumi/run.js");
    writeFileSync(join(folder, "node_modules/pulumi/package.json"), '{ "version": "3.265.0" }');
    mkdirSync(join(folder, "node_modules/.bin"));
    symlinkSync("../pulumi/run.js", join(folder, "node_modules/.bin/pulumi"));
    const environment = { PATH: join(folder, "node_modules/.bin"), PULUMI_HOME: join(folder, "home") };
    const states = () => checkPlugins(environment).map(({ state }) => state);
    expect(states()).toEqual(["failed", "failed"]);
    put("home/versions/3.265.0/bin/pulumi-language-nodejs");
    put("home/versions/3.265.0/bin/pulumi-resource-pulumi-nodejs");
    expect(states()).toEqual(["ok", "ok"]);
  });
});
