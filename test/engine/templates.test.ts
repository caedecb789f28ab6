/** The first minute: `pulumi new` with a template, and what `sandbox` prints to be pasted. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";
import { expect, inject, onTestFinished, test } from "vitest";
import { backendOf, environmentOf, startPulumi } from "./support/project.js";
import { succeeds } from "./support/stack.js";

/** A folder below the packed package, with a state of its own. */
async function newFolder() {
  const places = { installed: inject("installed"), cliFolder: inject("cliFolder") };
  const folder = await mkdtemp(join(places.installed, "projects", "first-"));
  await mkdir(backendOf(folder));
  // What is to be installed is in npm's cache.
  const offline = { npm_config_prefer_offline: "true", npm_config_audit: "false", npm_config_fund: "false" };
  return { folder, environment: { ...environmentOf(places, folder), ...offline } };
}

/** What a process prints, until a line has these words. */
async function printedUntil(
  child: ChildProcess,
  stream: "stdout" | "stderr",
  end: string,
): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: child[stream] as NodeJS.ReadableStream })) {
    lines.push(line);
    if (line.includes(end)) return lines;
  }
  return expect.unreachable(lines.join("\n"));
}

/** Ends a process that runs until it is interrupted, with all that it has started. */
function endAfterwards(child: ChildProcess): void {
  onTestFinished(async () => {
    if (child.exitCode !== null) return;
    process.kill(-(child.pid as number), "SIGTERM");
    await once(child, "exit");
  });
}

/** A template as it is packed. All but a part of what its project depends on lies above it already, and is not installed once more. */
async function templateIn(folder: string, name: string): Promise<string> {
  const template = join(folder, name);
  const packed = join(inject("installed"), "node_modules", "pulumi-genesyscloud-eventbridge", "templates");
  await cp(join(packed, name), template, { recursive: true });
  const file = join(template, "package.json");
  const { dependencies: _, devDependencies: all, ...rest } = JSON.parse(await readFile(file, "utf8"));
  const some = { "@types/node": all["@types/node"] };
  await writeFile(file, JSON.stringify({ ...rest, devDependencies: some }));
  return template;
}

test("the template without credentials: pulumi new, npm run sandbox, pulumi up", async () => {
  const { folder, environment } = await newFolder();
  const template = await templateIn(folder, "eventbridge-sandbox");
  const run = (place: string, ...args: string[]) => succeeds(startPulumi(place, environment, args).ended);
  const project = join(folder, "events");
  await mkdir(project);
  // As the README has it: the CLI looks for the template from the project's folder.
  const made = await run(project, "new", relative(project, template), "--yes", "--stack", "dev");
  expect(made).toContain("npm run sandbox");
  const config = await readFile(join(project, "Pulumi.dev.yaml"), "utf8");
  expect(config).toContain("genesyscloud:gateway: http://127.0.0.1:8080\n");
  expect(config).toMatch(/genesyscloud:oauthClientSecret:\n +secure: /);

  const sandbox = spawn("npm", ["run", "sandbox", "--", "--port", "0", "--job-duration", "50"], {
    ...{ cwd: project, env: environment, detached: true },
    stdio: ["ignore", "pipe", "pipe"],
  });
  endAfterwards(sandbox);
  const url = (await printedUntil(sandbox, "stdout", "listening on")).at(-1)?.replace("listening on ", "");
  const said = (await printedUntil(sandbox, "stderr", "Ctrl-C ends it.")).join("\n");
  expect(said).toContain(`pulumi config set genesyscloud:gateway ${url}\n`);
  // The project is there: no other one is to be made within it.
  expect(said).not.toContain("mkdir");
  await run(project, "config", "set", "genesyscloud:gateway", String(url));
  const up = await run(project, "up", "--yes", "--skip-preview");
  expect(up).toMatch(/partnerEventSource: "aws\.partner\/genesys\.com\/cloud\/.*\/presence-\w{7}"/);
  expect(up).toMatch(/status +: "active"/);
});

test("what sandbox prints to be pasted makes a project, and a source in it", async () => {
  const { folder, environment } = await newFolder();
  const bin = join(inject("installed"), "node_modules", ".bin", "genesyscloud-eventbridge");
  const sandbox = spawn(bin, ["sandbox", "--job-duration", "50"], {
    ...{ cwd: folder, env: environment, detached: true },
    stdio: ["ignore", "ignore", "pipe"],
  });
  endAfterwards(sandbox);
  const printed = (await printedUntil(sandbox, "stderr", "Ctrl-C ends it.")).join("\n");
  const lines = printed.slice(printed.indexOf("mkdir "), printed.indexOf("Ctrl-C"));
  const shell = spawn("sh", ["-e"], {
    cwd: folder,
    // Nobody is there to say yes.
    env: { ...environment, PULUMI_SKIP_CONFIRMATIONS: "true", NO_COLOR: "1" },
  });
  const ended = once(shell, "exit");
  let output = "";
  for (const stream of [shell.stdout, shell.stderr])
    stream.on("data", (text) => {
      output += text;
    });
  shell.stdin.end(lines);
  expect(await ended, output).toEqual([0, null]);
  expect(output).toMatch(/status +: "active"/);
});
