/** `import --into` as a process without a terminal: what it is told, what it says, and what it leaves. */
import { once } from "node:events";
import { readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ADDRESS, importProject } from "./support/importing.js";

const TYPE = "pulumi-nodejs:dynamic/genesyscloud:EventBridgeSource";
const urn = (name: string) => `urn:pulumi:dev::shop::${TYPE}::${name}`;
const INPUTS = {
  ...{ description: "by the program", eventTopicId: "topic-1", webhookUrl: "[secret]" },
  ...{ sourceType: "eventbridge", status: "active", filters: [] },
  targets: [{ targetId: "target-crm", priority: 1 }],
};

/** A project whose program has two sources that the stack has not, as files of a preview. */
async function begun() {
  const { project, start } = await importProject();
  const entries = ["vip", "other"].map((name) => ({ type: TYPE, name, id: "<PLACEHOLDER>" }));
  const write = (value: object | string) =>
    writeFileSync(join(project, "import.json"), typeof value === "string" ? value : JSON.stringify(value));
  write({ resources: entries });
  symlinkSync("import.json", join(project, "link.json"));
  const steps = ["vip", "other"].map((name) => ({
    ...{ op: "create", urn: urn(name) },
    newState: { inputs: { ...INPUTS, name: name === "vip" ? "by hand" : name } },
  }));
  writeFileSync(join(project, "preview.json"), JSON.stringify({ steps }));
  const run = async (...args: string[]) => {
    const child = start("import", ...args);
    const said = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name]?.setEncoding("utf8").on("data", (text: string) => {
        said[name] += text;
      });
    const [code] = await once(child, "close");
    return { code, ...said };
  };
  const into = (...more: string[]) => run("--into", "import.json", "--preview", "preview.json", ...more);
  const file = () => readFileSync(join(project, "import.json"), "utf8");
  return { project, write, run, into, file };
}

test("without a terminal nothing is asked: what is found is completed, the rest is named, an id can be said", async () => {
  const { project, into, file } = await begun();
  const first = await into();
  expect(first.code, first.stderr).toBe(1);
  const id = /^vip +source +"by hand" +(\S+)$/m.exec(first.stdout)?.[1];
  expect(first.stderr.trimEnd().split("\n")).toEqual([
    'differs: "vip" in description, eventTopicId',
    'warning: no update can change eventTopicId of "vip": the next "pulumi up" would delete it and make another one',
    'not compared: "vip" in webhookUrl, secret in the program or not known before the update',
    'open: "other": there is no source of the name "other"',
    "1 source is complete in import.json. 1 still open: say an id with --id NAME=ID, or take out what is not there with --leave-out. Once none is open: pulumi import --file import.json --yes --generate-code=false --protect=false",
  ]);
  expect(statSync(join(project, "import.json")).mode & 0o777).toBe(0o600);
  const [vip, other] = JSON.parse(file()).resources;
  expect([vip.id, other]).toEqual([id, { type: TYPE, name: "other", id: "<PLACEHOLDER>" }]);
  expect(vip.inputs.webhookUrl.plaintext).toBe(JSON.stringify(ADDRESS));
  expect(first.stdout + first.stderr).not.toContain("planted");

  // The same object cannot be two resources.
  const twice = await into("--id", `other=${id}`);
  expect(twice.stderr).toContain(`open: "other": "by hand" (${id}) could be meant by "vip", too`);
  const before = file();
  const wrong = await into("--id", "other=nobody");
  expect(wrong.stderr).toContain('open: "other": there is no source with the id "nobody"');
  expect(file()).toBe(before);
  const last = await into("--leave-out", "--stack", "acme/shop/dev");
  expect([last.code, last.stderr]).toEqual([
    0,
    expect.stringContaining(
      'left out: "other": there is no source of the name "other"; the next "pulumi up" makes it',
    ),
  ]);
  expect(last.stderr).toMatch(/ Now: pulumi import --file import\.json .* --stack acme\/shop\/dev$/m);
  expect(JSON.parse(file()).resources).toEqual([vip]);
});

test.each<[string[], number, string]>([
  [
    ["--into", "import.json", "--all"],
    2,
    "--into completes what the file has, for the CLI to import: leave --all out",
  ],
  [["--into", "import.json", "--id", "vip"], 2, "with --into an id is said of a resource, as in --id vip="],
  [["--all", "--leave-out"], 2, "--preview and --leave-out are about --into, and there is none"],
  [
    ["--into", "nowhere.json"],
    1,
    'nowhere.json\'. "pulumi preview --import-file nowhere.json" writes the file',
  ],
  [["--into", "preview.json"], 1, "writes: it has no resources"],
  // Before anything is asked for, or of anybody.
  [
    ["--into", "link.json", "--preview", "index.js"],
    1,
    "link.json: it is a link, and links are not followed",
  ],
  [["--into", "index.js"], 1, 'index.js is none of the files that "pulumi preview --import-file" writes: '],
  [
    ["--into", "import.json", "--id", "vpi=1"],
    1,
    '--id: the file has no "vpi" of this package (did you mean "vip"?)',
  ],
  [["--into", "import.json", "--id", "vip=1", "--id", "vip=2"], 1, '--id: "vip" has another id already, "1"'],
  [["--into", "import.json", "--preview", "index.js"], 1, "there is no preview to go by: "],
])("%j is %i: %s", async (args, code, said) => {
  const { run, file } = await begun();
  const before = file();
  const { stderr, ...rest } = await run(...args);
  expect(rest).toEqual({ code, stdout: "" });
  expect(stderr).toContain(said);
  expect(file()).toBe(before);
});

test("a program that has nothing new leaves nothing to complete", async () => {
  const { write, run } = await begun();
  write("{}");
  const { code, stdout } = await run("--into", "import.json");
  expect([code, stdout]).toEqual([0, "nothing to complete: the file has no resource of this package\n"]);
});
