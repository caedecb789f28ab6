/** `examples/ci` as YAML: the three platforms run the same scripts, with no more rights and secrets than they need. */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { root } from "../../../scripts/pages.mjs";
import { COMMANDS, FILES, STEPS, stepsOn } from "../../support/recipes.js";

const docs = readFileSync(join(root, "docs", "ci.md"), "utf8");
const contentOf = (file: string) => FILES.find((each) => each.file === file)?.content;

describe("the commands", () => {
  /** What is on a runner anyway, and what brings the CLI there. */
  const FOREIGN = [
    /^npm ci$/,
    /^pulumi login --oidc-token "\$PULUMI_OIDC_TOKEN" --oidc-org "\$PULUMI_ORG" --cloud-url https:\/\/api\.pulumi\.com$/,
    /^curl -fsSL https:\/\/get\.pulumi\.com \| sh$/,
    /^echo "##vso\[task\.prependpath\]\$HOME\/\.pulumi\/bin"$/,
  ];

  test.each(COMMANDS)("$file: $line", ({ line }) => {
    const script = /^node ci\/(\w+\.mjs)( [\w-]+)*$/.exec(line)?.[1];
    if (script !== undefined) expect(existsSync(join(STEPS, script))).toBe(true);
    else expect(FOREIGN.filter((pattern) => pattern.test(line))).toHaveLength(1);
  });

  test("are the same on each platform, but that GitHub alone brings a fork's report to its pull request", () => {
    const steps = [
      "comment.mjs drift",
      "comment.mjs preview",
      "drift.mjs",
      "preview.mjs",
      "preview.mjs --without-secrets",
      "up.mjs",
    ].map((words) => `node ci/${words}`);
    const on = (folder: string) => [...new Set(stepsOn(folder))].sort();
    expect(on("gitlab")).toEqual(steps);
    expect(on("azure")).toEqual(steps);
    expect(on("github")).toEqual([...steps, "node ci/comment.mjs preview --from-fork"].sort());
  });

  test("need nothing that has to be installed: a job that only comments runs no npm", () => {
    const files = readdirSync(STEPS, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".mjs"),
    );
    expect(files.length).toBeGreaterThan(10);
    const imported = files.flatMap((name) =>
      ts
        .preProcessFile(readFileSync(join(STEPS, name), "utf8"), true, true)
        .importedFiles.map((each) => each.fileName),
    );
    expect(imported.filter((name) => !/^(node:|\.)/.test(name))).toEqual([]);
  });
});

describe("rights and secrets", () => {
  /** GitHub's and Azure Pipelines' ways to name one; GitLab's are in the environment by themselves. */
  const NAMES = /\$\{\{ *(?:secrets|vars)\.(\w+) *\}\}|\$\((PULUMI_\w+)\)|(GITLAB_TOKEN)/g;

  test.each(FILES)("$file: every secret and setting stands in the documentation", ({ text }) => {
    const named = [...text.matchAll(NAMES)].map((found) => String(found[1] ?? found[2] ?? found[3]));
    const settings = ["PULUMI_STACK", ...(text.includes("PULUMI_ORG") ? ["PULUMI_ORG"] : [])];
    expect([...named, ...settings].filter((name) => !docs.includes(name))).toEqual([]);
  });

  test.each(FILES.filter(({ folder }) => folder === "github"))(
    "$file: the rights of a job are its own, and its actions of a major version",
    ({ content, text }) => {
      expect(content.permissions).toEqual({});
      const used = [...text.matchAll(/uses: (\S+)/g)].map(([, action]) => String(action));
      expect(used.filter((action) => !/^(actions|pulumi)\/[\w-]+@v\d+$/.test(action))).toEqual([]);
      for (const job of Object.values(content.jobs) as { permissions: Record<string, string> }[])
        expect(job.permissions.contents).toBe("read");
    },
  );

  test("on GitHub a fork's code gets no token that writes, and what comments on it runs none of it", () => {
    const { fork, preview } = contentOf("github/preview.yml").jobs;
    expect(fork.permissions).toEqual({ contents: "read" });
    expect(JSON.stringify(fork)).not.toMatch(/secrets\.|github\.token|auth-actions/);
    expect([preview.if, fork.if]).toEqual(
      ["==", "!="].map((is) => `github.event.pull_request.head.repo.full_name ${is} github.repository`),
    );
    const { comment } = contentOf("github/fork-comment.yml").jobs;
    expect(comment.permissions).not.toHaveProperty("id-token");
    const [checkout] = comment.steps;
    expect(checkout).toEqual({ uses: "actions/checkout@v4" });
    expect(JSON.stringify(comment)).not.toContain("npm");
  });

  test("on GitLab and Azure DevOps a fork's code runs apart from every token", () => {
    const { fork } = contentOf("gitlab/.gitlab-ci.yml");
    expect([fork.extends, fork.after_script]).toEqual([".job", undefined]);
    const steps = Object.values(contentOf("azure/azure-pipelines.yml").steps.at(-3))[0] as {
      script: string;
      condition: string;
      env?: object;
    }[];
    for (const { script, condition, env } of steps)
      expect(condition.includes("ne(variables['System.PullRequest.IsFork'], 'True')"), script).toBe(
        env !== undefined,
      );
  });

  test("a report is brought to people whether the step before it failed or not", () => {
    for (const { content } of FILES.filter(({ folder }) => folder === "github"))
      for (const { steps } of Object.values(content.jobs) as { steps: { if?: string; run?: string }[] }[])
        for (const { run, if: when } of steps)
          if (/^node ci\/comment\.mjs \w+$/.test(run ?? "")) expect(when).toContain("!cancelled()");
    const { preview, drift } = contentOf("gitlab/.gitlab-ci.yml");
    expect([preview, drift].every(({ after_script: after }) => after.length === 1)).toBe(true);
    expect(FILES.find(({ folder }) => folder === "azure")?.text.match(/succeededOrFailed\(\)/g)).toHaveLength(
      2,
    );
  });
});

test("a step that is not told what it needs says so in one sentence", async () => {
  const ask = (args: string[], environment: Record<string, string>) =>
    promisify(execFile)(process.execPath, [join(STEPS, "comment.mjs"), ...args], {
      env: { PATH: process.env.PATH, ...environment },
    }).then(
      () => expect.unreachable(),
      ({ code, stderr }: { code: number; stderr: string }) => `${code} ${stderr}`,
    );
  expect(await ask(["preview"], {})).toBe("1 PULUMI_STACK is not set: it is to name the stack\n");
  const stack = { PULUMI_STACK: "o/p/s" };
  expect(await ask(["preview"], stack)).toBe(
    "1 none of GITHUB_ACTIONS, GITLAB_CI, TF_BUILD is set: this is no such runner\n",
  );
  expect(await ask(["preview"], { ...stack, GITHUB_ACTIONS: "true" })).toBe(
    "1 GITHUB_TOKEN is not set: give the step the job's token\n",
  );
  const here = { ...stack, GITHUB_ACTIONS: "true", GITHUB_TOKEN: "t", GITHUB_REPOSITORY: "o/r" };
  expect(await ask(["review"], here)).toBe("1 say which report is meant: preview or drift\n");
  expect(await ask(["preview"], here)).toMatch(/^1 ci-report\/preview\.md is not there: the step before/);
});
