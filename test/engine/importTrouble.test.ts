/** Imports that cannot go well: what is said, what is left out, and what is written all the same. */
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inFrontOfPulumi } from "./support/inFrontOfPulumi.js";
import { connect, type Organisation, startOrganisation } from "./support/organisation.js";
import { createStack, type Stack } from "./support/stack.js";

const SOURCE = {
  name: "by hand",
  event_topic_id: "topic-conversation-start",
  targets: [{ target_id: "target-crm", priority: 1 }],
  status: "active",
};
const PROGRAM = "// nothing yet\n";
const ALL = ["import", "--all", "--code"];

/** A project whose program makes nothing, connected to an organisation with one source. */
async function project(): Promise<{ organisation: Organisation; stack: Stack }> {
  const organisation = await startOrganisation();
  await organisation.add("sources", SOURCE);
  const stack = await createStack();
  await connect(stack, organisation);
  await stack.program(PROGRAM);
  return { organisation, stack };
}

/** The folder of the package's own; in a repository nothing of it is seen. */
const OURS = ".genesyscloud-eventbridge";

/** What lies in the project's folder, its temporary files included; nothing may be left half-written. */
async function files(stack: Stack): Promise<string[]> {
  const ours = await readdir(join(stack.folder, OURS)).catch(() => []);
  expect(ours.filter((name) => name !== ".gitignore")).toEqual([]);
  return (await readdir(stack.folder)).filter((name) => ![".state", OURS].includes(name)).toSorted();
}

async function expectNothingDone(stack: Stack): Promise<void> {
  expect(await files(stack)).toEqual(["Pulumi.test.yaml", "Pulumi.yaml", "index.js", "package.json"]);
  expect(await readFile(join(stack.folder, "index.js"), "utf8")).toBe(PROGRAM);
  expect(await stack.resources()).toEqual([]);
}

test("wrong credentials are said, and nothing is written", async () => {
  const { stack } = await project();
  await stack.config({}, { "genesyscloud:oauthClientSecret": "planted-secret" });
  const run = await stack.command(...ALL, "--run");
  expect(run.code).toBe(1);
  expect(run.stdout).toBe("");
  expect(run.stderr).toMatch(/^error: POST \/oauth\/token was answered 401 .*Check the credentials\.\n$/s);
  expect(run.stderr).not.toContain("planted");
  await expectNothingDone(stack);
});

test("an empty organisation is nothing to import, and no failure", async () => {
  const { organisation, stack } = await project();
  for (const { source_id } of await organisation.sources()) await organisation.remove("sources", source_id);
  const run = await stack.command(...ALL, "--run");
  expect(run).toEqual({
    code: 0,
    stdout: "nothing to import\n",
    stderr: "the organisation has no sources and no integrations\n",
  });
  await expectNothingDone(stack);
});

test("a source that vanishes half-way is left out, the others come in", async () => {
  const { organisation, stack } = await project();
  const [there] = await organisation.sources();
  const gone = { source_id: "gone-1", name: "was here" };
  const body = { entities: [gone, there], pageSize: 25, pageNumber: 1, total: 2, pageCount: 1 };
  await organisation.fault({
    match: { method: "GET", path: "/sources\\?" },
    action: { kind: "answer", status: 200, body },
  });
  const run = await stack.command("import", "--all", "--json");
  expect(run.code).toBe(0);
  expect(run.stderr).toContain('left out: "was here" (gone-1) was deleted meanwhile');
  const result = JSON.parse(run.stdout);
  expect(result).toMatchObject({ sources: [{ name: "by hand" }], leftOut: [{ id: "gone-1", gone: true }] });
  expect(JSON.parse(await readFile(result.file, "utf8")).resources).toHaveLength(1);
});

test("a source that no program can describe is left out with the reason and exit code 1, the others come in", async () => {
  const { organisation, stack } = await project();
  await organisation.add("sources", { ...SOURCE, name: "odd", status: "suspended" });
  const run = await stack.command("import", "--all", "--code", "--run");
  expect(run.code).toBe(1);
  expect(run.stderr).toContain(
    'cannot be described by a program: status: must be "active", "inactive" or "draft", and is "suspended"',
  );
  expect((await stack.resources()).map(({ outputs }) => outputs.name)).toEqual(["by hand"]);
  expect((await stack.preview("--expect-no-changes")).code).toBe(0);
});

test("a file that is there stays, unless --force is given; only its owner can read it", async () => {
  const { organisation, stack } = await project();
  await writeFile(join(stack.folder, "import.json"), "mine");
  await organisation.forgetCalls();
  const run = await stack.command("import", "--all");
  expect(run.code).toBe(1);
  expect(run.stderr).toMatch(
    /import\.json exists already: name another with --out, or overwrite it with --force/,
  );
  expect(await readFile(join(stack.folder, "import.json"), "utf8")).toBe("mine");
  expect(await organisation.calls()).toEqual([]);
  expect((await stack.command("import", "--all", "--force")).code).toBe(0);
  expect(await readFile(join(stack.folder, "import.json"), "utf8")).toContain("by hand");
  if (process.platform !== "win32")
    expect((await stat(join(stack.folder, "import.json"))).mode & 0o777).toBe(0o600);
});

test("what is not there fails by name, and nothing is written", async () => {
  const { stack } = await project();
  const run = await stack.command(
    "import",
    "--name",
    "by hand",
    "--name",
    "x*",
    "--name",
    "nope",
    "--id",
    "7",
  );
  expect(run.code).toBe(1);
  expect(run.stderr).toBe(
    'error: there is no source or integration whose name matches "x*", and no source or integration of the name "nope", and no source or integration with the id "7"\n',
  );
  await expectNothingDone(stack);
});

test.each([
  [[], "say which: --id, --name or --all"],
  [["--all", "--id", "1"], "--all means every source or integration"],
  [["--all", "--kind", "topic"], "Allowed choices are source, integration"],
  [["--all", "--run", "--force"], "--force is about --out"],
  [["--all", "--code", "rust"], "Allowed choices are typescript, javascript"],
  [["--al"], "(Did you mean --all?)"],
])("wrong usage (%j) is exit code 2 and how it is used", async (args, said) => {
  const { stack } = await project();
  const run = await stack.command("import", ...args);
  expect(run.code).toBe(2);
  expect(run.stderr).toContain(said);
  expect(run.stdout).toBe("");
});

test("outside of a project, and without a stack, it says where to go", async () => {
  const { stack } = await project();
  await stack.pulumi("stack", "unselect");
  const unselected = await stack.command(...ALL);
  expect(unselected.code).toBe(1);
  expect(unselected.stderr).toContain("the stack cannot be read: error: no stack selected");
  const named = await stack.command(...ALL, "--stack", "test");
  expect(named.code, named.stderr).toBe(0);

  const elsewhere = join(stack.folder, "..", "..", "no-project");
  await mkdir(elsewhere, { recursive: true });
  const outside = await stack.commandIn(elsewhere, ...ALL);
  expect(outside.code).toBe(1);
  expect(outside.stderr).toContain("there is no Pulumi project here");
});

test("a Pulumi CLI that is too old, or none, is said before anything is done", async () => {
  const { organisation, stack } = await project();
  await organisation.forgetCalls();
  await inFrontOfPulumi(stack, 'if [ "$1" = version ]; then echo v3.253.1; else "$REAL" "$@"; fi');
  const old = await stack.command(...ALL, "--run");
  expect(old.code).toBe(1);
  expect(old.stderr).toContain("the Pulumi CLI on PATH is 3.253.1, and importing needs 3.254.0 or newer");
  stack.environment.PATH = join(process.execPath, "..");
  const none = await stack.command(...ALL, "--run");
  expect(none.code).toBe(1);
  expect(none.stderr).toContain("there is no Pulumi CLI on PATH");
  expect(await organisation.calls()).toEqual([]);
});

test("an import that fails leaves the program as it was", async () => {
  const { stack } = await project();
  const { PATH } = stack.environment;
  await inFrontOfPulumi(stack, 'if [ "$1" = import ]; then echo "no room" >&2; exit 255; fi; "$REAL" "$@"');
  const run = await stack.command(...ALL, "--run");
  expect(run.code).toBe(1);
  expect(run.stderr).toContain(
    "no room\nerror: pulumi import ended with 255: nothing was imported, and the program is as it was",
  );
  stack.environment.PATH = String(PATH);
  await expectNothingDone(stack);
});

test("an import that fails half-way keeps what is in the state in the program, and says how it goes on", async () => {
  const { organisation, stack } = await project();
  const { PATH } = stack.environment;
  await inFrontOfPulumi(stack, '"$REAL" "$@"; if [ "$1" = import ]; then exit 255; fi');
  const run = await stack.command(...ALL, "--run", "--out", "kept.json");
  expect(run.code).toBe(1);
  expect(run.stderr).toContain("with 1 of 1 source imported; the program has all of them.");
  expect(run.stderr).toContain("the rest follows with: pulumi import --file kept.json --yes");
  stack.environment.PATH = String(PATH);
  const again = await stack.pulumi(
    "import",
    "--file",
    "kept.json",
    "--yes",
    "--generate-code=false",
    "--protect=false",
  );
  expect(again.code, again.output).toBe(0);
  expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  expect(await organisation.sources()).toHaveLength(1);
});
