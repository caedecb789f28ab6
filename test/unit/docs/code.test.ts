/** What the documentation shows as code can be run: commands have the options, data can be read. Programs: `npm run typecheck`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { auditCommands } from "../../../provider/src/commands/audit.js";
import { doctorCommand } from "../../../provider/src/commands/doctor.js";
import { graphCommand } from "../../../provider/src/commands/graph.js";
import { importCommand } from "../../../provider/src/commands/import.js";
import { sandboxCommand } from "../../../provider/src/commands/sandbox.js";
import { webhookCommands } from "../../../provider/src/commands/webhook.js";
import { PAGES, root } from "../../../scripts/pages.mjs";

const blocks = PAGES.flatMap(({ code }) => code);
const inLanguage = (language: string) => blocks.filter((block) => block.language === language);

test("every block says what it is written in, and each language is looked at here", () => {
  const known = ["ts", "sh", "json", "yaml", "text", "mermaid"];
  expect(blocks.filter(({ language }) => !known.includes(language)).map(({ place }) => place)).toEqual([]);
});

/** What a workflow runs. */
const stepsOf = ({ jobs = {} }: { jobs?: Record<string, { steps: { run?: string }[] }> }): string[] =>
  Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));

describe("commands", () => {
  const ours = new Command();
  for (const add of [
    importCommand,
    auditCommands,
    graphCommand,
    webhookCommands,
    doctorCommand,
    sandboxCommand,
  ])
    add(ours);
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

  const runs = inLanguage("yaml").map(({ place, text }) => ({
    place,
    text: stepsOf(parse(text)).join("\n"),
  }));

  /** Every command of every block, one by one, without comments, pipes behind it and what a shell puts in. */
  const commands = [...inLanguage("sh"), ...runs].flatMap(({ place, text }) =>
    text
      .split("\n")
      .map((line) => line.replace(/(^|\s)#.*$/, "").split(/ [|>] /)[0] ?? "")
      .filter((line) => line.trim() !== "")
      .map((line) => ({ place, words: line.trim().replace(/^npx /, "").split(/\s+/) })),
  );
  const of = (program: string) => commands.filter(({ words }) => words[0] === program);

  test("are commands of this package, of npm and of Pulumi, and a few that everybody has", () => {
    const known = [
      "genesyscloud-eventbridge",
      "npm",
      "pulumi",
      "biome",
      "git",
      "node",
      "curl",
      "terraform",
      "cd",
      "mkdir",
    ];
    const strange = commands.filter(({ words }) => !known.includes(words[0] ?? ""));
    expect(strange.map(({ place, words }) => `${place}: ${words.join(" ")}`)).toEqual([]);
  });

  test.each(
    of("genesyscloud-eventbridge").map(({ place, words }) => ({ place, line: words.join(" "), words })),
  )("of this package have these options: $line", ({ words: [, ...words] }) => {
    let command = ours;
    for (const word of words) command = command.commands.find((each) => each.name() === word) ?? command;
    expect(command).not.toBe(ours);
    const asked = words.filter((word) => word.startsWith("--")).map((word) => word.split("=")[0]);
    const has = command.options.map(({ long }) => long);
    expect(asked.filter((option) => !has.includes(String(option)))).toEqual([]);
  });

  test("of npm run scripts that are there", () => {
    const named = of("npm").map(({ words }) => (words[1] === "run" ? words[2] : words[1]));
    const built = ["install", "ci", "view", "audit", "version", "publish", "pack", "sbom"];
    expect(named.filter((name) => !built.includes(String(name)) && !(String(name) in scripts))).toEqual([]);
  });
});

describe("data", () => {
  test.each(inLanguage("json"))("$place is JSON", ({ text }) => {
    expect(() => JSON.parse(text)).not.toThrow();
  });

  test.each(inLanguage("yaml"))("$place is YAML", ({ text }) => {
    expect(parse(text)).toBeTypeOf("object");
  });
});
