/** The life of a change, by the commands of `examples/ci` as they stand there, on each of the three platforms. */
import { spawn } from "node:child_process";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { STEPS, stepsOn } from "../support/recipes.js";
import { connect, startOrganisation } from "./support/organisation.js";
import { FORK_HEAD, type Platform, startPlatforms } from "./support/platforms.js";
import { CONFIG, PROJECT, STACK } from "./support/project.js";
import { createStack, type Stack, succeeds } from "./support/stack.js";

/** Sources that come, change and go, and secrets that nobody is to see. */
const program = (is: "before" | "first push" | "second push"): string => `
const { EventBridgeSource } = require("pulumi-genesyscloud-eventbridge");
const { secret } = require("@pulumi/pulumi");
const targets = (...names) => names.map((name) => ({ targetId: "target-" + name }));
const is = ${JSON.stringify(is)};
new EventBridgeSource("vip", {
  eventTopicId: "topic-conversation-start",
  targets: is === "before" ? targets("crm") : is === "first push" ? targets("crm", "siem") : targets("crm", "archive"),
  filters: [{ name: "gold", conditions: [{ field: "x", operator: "equals", value: secret(is === "before" ? "planted-1" : "planted-2") }] }],
  description: secret("planted-3"),
});
if (is === "before") new EventBridgeSource("goes", { eventTopicId: "topic-audits", targets: targets("crm") });
else new EventBridgeSource("comes", { eventTopicId: "topic-audits", targets: targets("archive") });
new EventBridgeSource("stays", { eventTopicId: "topic-audits", targets: targets("siem") });
`;

interface Job {
  code: number | null;
  output: string;
}

/** Runs one line of a recipe, as a runner does. Everything that any of them prints is kept. */
function jobsOf(stack: Stack) {
  const printed: string[] = [];
  const run = (line: string, environment: Record<string, string> = {}): Promise<Job> => {
    const child = spawn("sh", ["-c", line], {
      cwd: stack.folder,
      env: { ...stack.environment, PULUMI_STACK: `organization/${PROJECT}/${STACK}`, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    return new Promise((resolve) => {
      child.on("close", (code) => {
        printed.push(output);
        resolve({ code, output });
      });
    });
  };
  /** The line of a platform's recipe that has these words. */
  const step = (platform: string, words: string, environment?: Record<string, string>) => {
    const line = stepsOn(platform).find((each) => each === `node ci/${words}`);
    expect(line, `${platform}: ${words}`).toBeDefined();
    return run(String(line), environment);
  };
  return { step, printed };
}

/** A project with the recipes' scripts in it, and three platforms that wait for comments. */
async function begin() {
  const organisation = await startOrganisation();
  const [stack, platforms] = await Promise.all([createStack(), startPlatforms()]);
  await connect(stack, organisation);
  await cp(STEPS, join(stack.folder, "ci"), { recursive: true });
  const { step, printed } = jobsOf(stack);
  const event = (content: object) => writeFile(join(stack.folder, "event.json"), JSON.stringify(content));
  await event({ pull_request: { number: 7 } });
  const environmentOf = ({ environment }: Platform) => ({ ...environment, GITHUB_EVENT_PATH: "event.json" });
  /** Every platform's own line brings the report to it. */
  const comment = async (kind: "preview" | "drift"): Promise<void> => {
    for (const platform of platforms) {
      const { code, output } = await step(platform.name, `comment.mjs ${kind}`, environmentOf(platform));
      expect(code, output).toBe(0);
    }
  };
  const report = (name: string) => readFile(join(stack.folder, "ci-report", `${name}.md`), "utf8");
  return { organisation, stack, platforms, step, printed, event, environmentOf, comment, report };
}

test("a change is previewed in one comment, merged, edited by hand, found by the nightly job in one issue, and put right", async () => {
  const { organisation, stack, platforms, step, printed, comment, report } = await begin();
  await stack.program(program("before"));
  await succeeds(stack.up());
  const [github] = platforms as [Platform];
  // More comments than a page has, and one of somebody who would have the job's comment be his.
  const theirs = "<!-- genesyscloud-eventbridge preview test -->\n\nnothing changes, believe me";
  for (let id = 0; id < 120; id++)
    github.comments.push({ id, body: id === 3 ? theirs : `remark ${id}`, author: "person" });
  const ours = () => platforms.map(({ comments }) => comments.filter(({ author }) => author === "job"));

  await stack.program(program("first push"));
  const first = await step("github", "preview.mjs");
  expect(first.code, first.output).toBe(0);
  await comment("preview");
  for (const comments of ours()) {
    expect(comments).toHaveLength(1);
    const body = String(comments[0]?.body);
    expect(body).toContain("### Preview of `test`");
    expect(body).toContain("**1 added, 1 changed, 1 removed** by this change. 1 unchanged.");
    expect(body).toMatch(
      /```mermaid\nflowchart LR\n[\s\S]*"#43; comes"[\s\S]*"#126; vip"[\s\S]*"#8722; goes"[\s\S]*\n```/,
    );
    expect(body).toContain("- **changed** `vip` (`EventBridgeSource`)");
    expect(body).toContain('`targets[1]`: _nothing_ → `{"priority":2,"targetId":"target-siem"}`');
    expect(body).toContain("`filters`: _another secret_");
    expect(body).toContain("- **added** `comes` (`EventBridgeSource`)");
    expect(body).toContain("- **removed** `goes` (`EventBridgeSource`)");
  }

  await stack.program(program("second push"));
  expect((await step("github", "preview.mjs")).code).toBe(0);
  await comment("preview");
  for (const comments of ours()) {
    expect(comments).toHaveLength(1);
    expect(comments[0]?.body).toContain("target-archive");
    expect(comments[0]?.body).not.toContain('target-siem"}');
  }
  expect(github.comments.find(({ id }) => id === 3)?.body).toBe(theirs);

  const merged = await step("github", "up.mjs");
  expect(merged.code, merged.output).toBe(0);
  expect(await report("up")).toContain("**Updated.**");
  const sources = await organisation.sources();
  expect(sources.map(({ name }) => name.split("-")[0]).sort()).toEqual(["comes", "stays", "vip"]);

  const [edited] = sources.filter(({ name }) => name.startsWith("stays-"));
  await organisation.change("sources", String(edited?.source_id), { description: "by hand" });
  const night = await step("github", "drift.mjs");
  expect(night.code).toBe(1);
  await comment("drift");
  await comment("drift");
  for (const { name, issues } of platforms) {
    expect(issues, name).toHaveLength(1);
    const [issue] = issues;
    expect(issue).toMatchObject({ title: "Drift of test", label: "drift-test", isOpen: true });
    expect(issue?.body).toContain("**1 changed** by hand since the last update. 2 unchanged.");
    expect(issue?.body).toContain('`description`: `"Managed by Pulumi"` → `"by hand"`');
    expect(issue?.body).toContain("#126; stays");
    expect(issue?.comments).toEqual([issue?.body]);
  }

  // What the issue advises.
  expect(platforms[0]?.issues[0]?.body).toContain("`pulumi up --refresh`");
  await succeeds(stack.up("--refresh"));
  const calm = await step("github", "drift.mjs");
  expect(calm.code, calm.output).toBe(0);
  await comment("drift");
  // A second calm night has nothing to say.
  await comment("drift");
  for (const { name, issues, comments } of platforms) {
    expect(issues, name).toHaveLength(1);
    expect(issues[0]?.isOpen, name).toBe(false);
    expect(issues[0]?.comments).toEqual([
      issues[0]?.body,
      expect.stringContaining("**Nothing has drifted.** 3 unchanged."),
    ]);
    const texts = [
      ...comments.map(({ body }) => body),
      ...issues.flatMap(({ body, comments }) => [body, ...comments]),
    ];
    expect(texts.join()).not.toMatch(/planted|sandbox-secret/);
  }
  expect(printed.join()).not.toMatch(/planted|sandbox-secret/);
});

test("a fork's change is checked without a secret and without a call, and says so in its comment", async () => {
  const { organisation, stack, platforms, step, printed, event, environmentOf, report } = await begin();
  const config = join(stack.folder, CONFIG);
  const settings = `${await readFile(config, "utf8")}  engine-test:greeting: hello\n`;
  await writeFile(config, settings);
  const greeting =
    'if (new (require("@pulumi/pulumi").Config)().require("greeting") !== "hello") throw new Error("no greeting");';
  await stack.program(program("first push") + greeting);
  // As a fork's job has it: neither the stack's state nor what its secrets were encrypted with.
  const fork = { PULUMI_BACKEND_URL: "", PULUMI_CONFIG_PASSPHRASE: "" };
  const checked = await step("github", "preview.mjs --without-secrets", fork);
  expect(checked.code, checked.output).toBe(0);
  const text = await report("preview");
  expect(text).toContain("**This change comes from a fork, and its preview had no secrets.**");
  expect(text).toContain(
    "Not checked: whether topics and targets exist, and what would change in the stack.",
  );
  expect(text).toContain(
    "topics and targets are not looked up: no credentials for Genesys Cloud are configured",
  );
  expect(text).toMatch(/```mermaid\n[\s\S]*\["comes"\]/);
  expect(text).not.toContain("classDef");

  const [github] = platforms as [Platform];
  const { sha, branch, owner } = FORK_HEAD;
  await event({
    workflow_run: { head_sha: sha, head_branch: branch, head_repository: { owner: { login: owner } } },
  });
  const comment = () => step("github", "comment.mjs preview --from-fork", environmentOf(github));
  expect((await comment()).code).toBe(0);
  expect(github.comments.map(({ body }) => body)).toEqual([
    expect.stringContaining("_A fork's own code wrote what follows._"),
  ]);

  await stack.program(program("first push").replace('"equals"', '"equal"'));
  const wrong = await step("github", "preview.mjs --without-secrets", fork);
  expect(wrong.code).toBe(1);
  expect((await comment()).code).toBe(0);
  expect(github.comments).toHaveLength(1);
  expect(github.comments[0]?.body).toContain("**The preview failed.**");
  expect(github.comments[0]?.body).toContain(
    'filters[0].conditions[0].operator: must be "equals", "contains" or "greater_than" (did you mean "equals"?)',
  );

  expect([await organisation.calls(), await organisation.logins()]).toEqual([[], 0]);
  expect(await readFile(config, "utf8")).toBe(settings);
  expect([...printed, ...github.comments.map(({ body }) => body)].join()).not.toMatch(
    /planted|sandbox-secret/,
  );
});
