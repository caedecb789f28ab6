/** An import that is ended in the middle: by whom, and what is left. Real processes, real signals. */
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runCommand } from "./support/commandLine.js";
import { ADDRESS, type Importing, importProject, PROGRAM, startImport, textOf } from "./support/importing.js";

const isPosix = process.platform !== "win32";

/** All files below a folder. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

/** The program is as it was, and no address is anywhere. */
function expectNothingLeft({ project }: Importing): void {
  expect(textOf(project, "index.js")).toBe(PROGRAM);
  expect(readdirSync(project).toSorted()).toEqual([".genesyscloud-eventbridge", "Pulumi.yaml", "index.js"]);
  for (const file of filesIn(project)) expect(readFileSync(file, "utf8"), file).not.toContain("planted");
}

describe.runIf(isPosix)("an import that is asked to end", () => {
  test("while it is under way has the addresses in one file, for its owner's eyes only, kept out of repositories", async () => {
    const { project, file, finishCli, closed, ...importing } = await startImport();
    expect(file.startsWith(join(project, ".genesyscloud-eventbridge", "import-"))).toBe(true);
    expect(textOf(file)).toContain(ADDRESS);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(textOf(project, ".genesyscloud-eventbridge", ".gitignore")).toBe("*\n");
    finishCli();
    expect(await closed).toEqual({ code: 0, signal: null });
    expect(importing.output()).toContain("1 source imported");
    expect(filesIn(join(project, ".genesyscloud-eventbridge"))).toEqual([
      join(project, ".genesyscloud-eventbridge", ".gitignore"),
    ]);
  });

  const group = ({ child }: Importing, signal: NodeJS.Signals) => process.kill(-Number(child.pid), signal);
  const alone = ({ child }: Importing, signal: NodeJS.Signals) => process.kill(Number(child.pid), signal);
  test.each<[string, NodeJS.Signals, typeof group, string | undefined]>([
    ["by Ctrl-C in its terminal", "SIGINT", group, "SIGINT"],
    ["by a CI system or a container", "SIGTERM", alone, "SIGTERM"],
    ["by a hangup of its own", "SIGHUP", alone, "SIGTERM"],
    // The CLI ends at once, without a word.
    ["by a terminal that is closed", "SIGHUP", group, undefined],
  ])("%s (%s) leaves no file with addresses, and the program as it was", async (_, signal, end, asked) => {
    const importing = await startImport();
    end(importing, signal);
    expect(await importing.closed).toEqual({ code: 1, signal: null });
    expect(importing.output()).toMatch(
      /pulumi import ended with \d+: nothing was imported, and the program is as it was/,
    );
    if (asked !== undefined) expect(importing.askedCli()).toBe(asked);
    expectNothingLeft(importing);
  });

  test("with all of it arrived keeps it in the program, and says where the file is", async () => {
    const importing = await startImport();
    importing.arrived();
    process.kill(Number(importing.child.pid), "SIGTERM");
    expect(await importing.closed).toEqual({ code: 1, signal: null });
    const [, file = ""] = /pulumi import --file (\S+)/.exec(importing.output()) ?? [];
    expect(textOf(importing.project, file)).toContain(ADDRESS);
    expect(textOf(importing.project, "index.js")).toContain('require("./eventBridgeSources.js")');
    const doctor = await runCommand(importing.project, ["doctor"]);
    expect(doctor.stdout).toMatch(
      /^warning +imports +.*import\.json, with addresses of webhooks in clear: /m,
    );
    expect(doctor.stdout).not.toMatch(/take that out of the program|planted/);
  });
});

test("what a killed import leaves, doctor names, and nothing once it is deleted", async () => {
  const importing = await startImport();
  importing.child.kill("SIGKILL");
  await importing.closed;
  const { project, file } = importing;
  const { stdout } = await runCommand(project, ["doctor"]);
  const module = join(project, "eventBridgeSources.js");
  expect(stdout).toContain(
    `one that is under way, or was cut short, has left ${file}, with addresses of webhooks in clear, and ${module}, which ${join(project, "index.js")} may import: go on with "pulumi import --file ${file} --yes --generate-code=false --protect=false", or take that out`,
  );
  const [, folder = ""] = /then delete (\S+)/.exec(stdout) ?? [];
  expect(existsSync(folder)).toBe(true);
  rmSync(folder, { recursive: true });
  expect((await runCommand(project, ["doctor"])).stdout).toMatch(/^ok +imports +none was cut short$/m);
});

describe.runIf(isPosix)("import --force", () => {
  const SOMEBODY = 4711;
  const isRoot = process.getuid?.() === 0;
  test.each<[string, boolean, string, (file: string, victim: string) => void]>([
    ["a link", true, "it is a link, and links are not followed", (file, victim) => symlinkSync(victim, file)],
    [
      "another user's file",
      isRoot,
      `it belongs to another user (uid ${SOMEBODY}`,
      (file) => {
        writeFileSync(file, "theirs");
        chmodSync(file, 0o666);
        chownSync(file, SOMEBODY, SOMEBODY);
      },
    ],
  ])("leaves %s as it is, and says so", async (_, isPossible, said, put) => {
    if (!isPossible) return;
    const { project, start } = await importProject();
    const [file, victim] = [join(project, "import.json"), join(project, "victim")];
    writeFileSync(victim, "precious");
    put(file, victim);
    const before = readFileSync(file, "utf8");
    const child = start("import", "--all", "--force");
    let stderr = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    expect((await once(child, "close"))[0]).toBe(1);
    expect(stderr).toContain(`error: ${file}: ${said}`);
    expect(readFileSync(file, "utf8")).toBe(before);
    for (const each of filesIn(project)) expect(readFileSync(each, "utf8"), each).not.toContain("planted");
  });
});

test("import --json masks no word of the program: it would be another one", async () => {
  // A part of the address is a secret, and the id of the topic as well.
  const EXTERNAL_WEBHOOK_URL = "https://hooks.example.com/topic-conversation-start";
  const { start } = await importProject({ EXTERNAL_WEBHOOK_URL });
  const child = start("import", "--all", "--code", "--ids", "--json");
  let stdout = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  expect((await once(child, "close"))[0]).toBe(0);
  const { program } = JSON.parse(stdout);
  expect(program).toContain('"topic-conversation-start"');
  expect(program).not.toContain("[secret]");
});

test("a file that is left for a stack is followed by the line that imports it into that one", async () => {
  const { start } = await importProject();
  const child = start("import", "--all", "--out", "my import.json", "--stack", "prod");
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  expect((await once(child, "close"))[0], stderr).toBe(0);
  expect(stderr).toContain(
    "1 source in my import.json. Now: pulumi import --file 'my import.json' --yes --generate-code=false --protect=false --stack prod\n",
  );
});
