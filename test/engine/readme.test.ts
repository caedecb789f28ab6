/** Who follows the README's five minutes gets what stands there; and the Pulumi CLI has the commands that the pages name. */
import { expect, test } from "vitest";
import { parse } from "yaml";
import { PAGES } from "../../scripts/pages.mjs";
import { startOrganisation } from "./support/organisation.js";
import { createStack, succeeds } from "./support/stack.js";

const readme = PAGES.find(({ path }) => path === "README.md")?.code ?? [];

/** The README's block in a language that has some words. */
function block(language: string, words: string): string {
  const found = readme.filter((each) => each.language === language && each.text.includes(words));
  expect(found.map(({ place }) => place)).toHaveLength(1);
  return String(found[0]?.text);
}

/** A line without what is another at each run. */
const steady = (line: string) =>
  line
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, "ID")
    .replace(/\([\d.]+s\)/, "")
    // Told only of a job that was asked more than once, and that depends on how busy the machine is.
    .replace(/ job ID completed after .*/, "")
    .trim();

test("the README's five minutes: its project, its program, its commands, and its output", async () => {
  const organisation = await startOrganisation();
  const { name } = parse(block("yaml", "runtime"));
  const stack = await createStack({ project: name, main: "index.ts" });
  await stack.program(block("ts", "new EventBridgeSource"));
  const commands = block("sh", "pulumi up").split("\n");
  const settings = commands.filter((line) => line.startsWith("pulumi config set"));
  expect(settings.length).toBeGreaterThan(2);
  for (const line of settings)
    await succeeds(
      stack.pulumi(...line.replace("http://127.0.0.1:8080", organisation.url).split(" ").slice(1)),
    );
  const output = await succeeds(stack.up());
  const lines = output.replaceAll(`${name}-test`, `${name}-dev`).split("\n").map(steady);
  const promised = block("text", "Outputs:").split("\n").map(steady);
  expect(
    promised.filter((line) => !lines.includes(line)),
    output,
  ).toEqual([]);
});

test("the Pulumi CLI has every command and option that the documentation names", async () => {
  const stack = await createStack();
  const asked = new Map<string, Set<string>>();
  const lines = PAGES.flatMap(({ code }) => code)
    .filter(({ language }) => language === "sh")
    .flatMap(({ text }) => text.split("\n"));
  for (const line of lines.filter((each) => each.startsWith("pulumi "))) {
    const words = line.replace(/\s#.*/, "").split(/\s+/).slice(1);
    const command = words
      .slice(0, ["config", "stack", "package"].includes(String(words[0])) ? 2 : 1)
      .join(" ");
    const options = asked.get(command) ?? new Set();
    for (const word of words.filter((each) => each.startsWith("--"))) options.add(String(word.split("=")[0]));
    asked.set(command, options);
  }
  expect(asked.size).toBeGreaterThan(3);
  for (const [command, options] of asked) {
    const help = await succeeds(stack.pulumi(...command.split(" "), "--help"));
    // Of a command that there is not, the CLI shows the help of the one above it. Some are another one's second name.
    const [, usage = ""] = /^Usage:\s+pulumi ([a-z -]*[a-z])/m.exec(help) ?? [];
    const [, aliases = ""] = /^Aliases:\s+(.*)$/m.exec(help) ?? [];
    const names = [usage, ...aliases.split(", ").map((name) => usage.replace(/\S+$/, name))];
    expect(names, help).toContain(command);
    expect([...options].filter((option) => !help.includes(option))).toEqual([]);
  }
});
