/**
 * An import that can be met in the middle: a project, a simulated organisation with one source, and in the place of the
 * Pulumi CLI a script that begins an import and goes on with it until it is asked to end.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, vi } from "vitest";
import { startOrganisation } from "../../engine/support/organisation.js";

const main = join(import.meta.dirname, "../../../provider/dist/commands/main.js");

/** The address in the import file. */
export const ADDRESS = "https://hooks.example.com/planted-key";
export const PROGRAM = "// the program as it was\n";

/** What it answers to an export lies beside it, so that a test can say what has arrived. */
const CLI = `#!${process.execPath}
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const here = (name) => join(__dirname, name);
const [command, ...rest] = process.argv.slice(2);
if (command === "version") console.log("v3.259.0");
else if (command === "config") console.log("{}");
else if (command === "stack" && rest.includes("--show-name")) console.log("dev");
else if (command === "stack") console.log(readFileSync(here("state.json"), "utf8"));
else if (command === "import") {
  const hold = setInterval(() => {
    // With its folder the test is over, too.
    if (existsSync(here("over")) || !existsSync(__filename)) process.exit(0);
  }, 20);
  for (const signal of ["SIGINT", "SIGTERM"])
    process.on(signal, () => {
      writeFileSync(here("asked"), signal);
      clearInterval(hold);
      process.exitCode = 1;
    });
  writeFileSync(here("begun"), rest[rest.indexOf("--file") + 1]);
} else process.exit(99);
`;

export interface Importing {
  project: string;
  child: ChildProcess;
  /** The import file, as the CLI was told of it. */
  file: string;
  output(): string;
  closed: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** What the CLI was asked by; `undefined` while nothing was. */
  askedCli(): string | undefined;
  /** Lets the CLI come to its end with success. */
  finishCli(): void;
  /** Says what the stack's state holds from now on. */
  arrived(): void;
}

/** Where an import can be run. @param more of its environment. */
export async function importProject(more: NodeJS.ProcessEnv = {}) {
  const organisation = await startOrganisation();
  const targets = [{ target_id: "target-crm", priority: 1 }];
  const source = { event_topic_id: "topic-conversation-start", targets, status: "active" };
  const { source_id } = await organisation.add("sources", {
    ...source,
    name: "by hand",
    webhook_url: ADDRESS,
  });
  const root = mkdtempSync(join(tmpdir(), "eventbridge-import-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const [project, cli] = [join(root, "project"), join(root, "cli")];
  for (const folder of [project, cli]) mkdirSync(folder);
  writeFileSync(join(project, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  writeFileSync(join(project, "index.js"), PROGRAM);
  const executable = join(cli, "pulumi");
  writeFileSync(executable, CLI);
  chmodSync(executable, 0o755);
  const type = "pulumi-nodejs:dynamic/genesyscloud:EventBridgeSource";
  const holds = (resources: object[]) =>
    writeFileSync(join(cli, "state.json"), JSON.stringify({ deployment: { resources } }));
  holds([]);

  const start = (...command: string[]) =>
    spawn(process.execPath, [main, ...command], {
      cwd: project,
      env: {
        PATH: `${cli}${delimiter}${process.env.PATH}`,
        CI: "true",
        GENESYSCLOUD_GATEWAY_PROTOCOL: "http",
        GENESYSCLOUD_GATEWAY_HOST: "127.0.0.1",
        GENESYSCLOUD_GATEWAY_PORT: new URL(organisation.url).port,
        GENESYSCLOUD_OAUTHCLIENT_ID: "sandbox-client",
        GENESYSCLOUD_OAUTHCLIENT_SECRET: "sandbox-secret",
        ...more,
      },
      // A group of its own, as a shell gives it: a terminal that is closed ends the whole group.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
  const said = (name: string) =>
    existsSync(join(cli, name)) ? readFileSync(join(cli, name), "utf8") : undefined;
  const finishCli = () => writeFileSync(join(cli, "over"), "");
  onTestFinished(finishCli);
  return { project, start, said, finishCli, arrived: () => holds([{ type, id: source_id }]) };
}

/** Starts `import --all --run`. Resolves when the CLI has begun with it. */
export async function startImport(): Promise<Importing> {
  const { project, start, said, finishCli, arrived } = await importProject();
  const child = start("import", "--all", "--code", "--run");
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  const closed = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on("exit", (code, signal) => resolve({ code, signal }));
  });
  await vi.waitFor(() => expect(said("begun"), output).toBeTruthy(), { timeout: 60_000, interval: 20 });
  return {
    project,
    child,
    file: String(said("begun")),
    output: () => output,
    closed,
    askedCli: () => said("asked"),
    finishCli,
    arrived,
  };
}

/** What a file holds. */
export const textOf = (...path: string[]): string => readFileSync(join(...path), "utf8");
