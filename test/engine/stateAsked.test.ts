/** How often a run asks Pulumi's CLI for the stack's state, which takes it a while: only where the answer decides something. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inFrontOfPulumi } from "./support/inFrontOfPulumi.js";
import { connect, MINIMAL, startOrganisation } from "./support/organisation.js";
import { createStack, type Stack, succeeds } from "./support/stack.js";

/** Counts how often the state is asked for from now on. */
async function countAsked(stack: Stack): Promise<() => Promise<number>> {
  const file = join(stack.folder, "asked");
  await inFrontOfPulumi(
    stack,
    `[ "$1 $2" = "stack export" ] && echo "$PPID" >> "${file}"\nexec "$REAL" "$@"`,
  );
  return async () => {
    const processes = (await readFile(file, "utf8").catch(() => "")).split("\n").slice(0, -1);
    await writeFile(file, "");
    expect(new Set(processes).size, "processes that have asked more than once").toBe(processes.length);
    return processes.length;
  };
}

const VOICE = {
  awsAccountId: "012345678901",
  awsAccountRegion: "eu-central-1",
  eventFilter: ["v2.users.{id}.presence"],
};
const made = (resource: string, name: string, args: object) =>
  `new ${resource}("${name}", ${JSON.stringify(args)});\n`;
const voice = (args: object, name = "voice") => made("EventBridgeIntegration", name, { ...VOICE, ...args });
const source = (args: object, name = "source") => made("EventBridgeSource", name, { ...MINIMAL, ...args });

const ONE = voice({ eventSourceSuffix: "one" });
const CHANGED = voice({ eventSourceSuffix: "one", notes: "changed" });
const REPLACED = voice({ eventSourceSuffix: "two" });
const CHOSEN = source({ name: "chosen" });
const AUTOMATIC = CHOSEN + source({}, "automatic") + source({}, "automatic too");
const PLANNED = REPLACED + voice({ eventSourceSuffix: "planned" }, "planned");

const UP = ["up", "--yes"];
const REFRESH = ["refresh", "--yes"];
const WITH_PROGRAM = ["--run-program", "--skip-preview"];

/** What is run, of which program, and how often the state is asked for in all. Without `--skip-preview` two processes run. */
type Run = [what: string, program: string, command: string[], asked: number];

const OF_INTEGRATIONS: Run[] = [
  ["a preview of a new integration", ONE, ["preview"], 0],
  ["an up of it: the update alone", ONE, UP, 1],
  ["an unchanged preview", ONE, ["preview"], 0],
  ["a refresh", ONE, REFRESH, 0],
  ["an up of a change", CHANGED, UP, 0],
  ["a preview of a replacement", REPLACED, ["preview"], 0],
  ["a preview that is saved as a plan", PLANNED, ["preview", "--save-plan", "plan.json"], 0],
  ["an up by that plan", PLANNED, ["up", "--yes", "--skip-preview", "--plan", "plan.json"], 1],
  ["a refresh by a program", PLANNED, [...REFRESH, ...WITH_PROGRAM], 0],
  ["a destroy", PLANNED, ["destroy", "--yes"], 1],
];

const OF_SOURCES: Run[] = [
  ["a preview of a new source under a chosen name", CHOSEN, ["preview"], 0],
  ["an up of it", CHOSEN, UP, 0],
  ["a preview of what gets automatic names: it shows them", AUTOMATIC, ["preview"], 1],
  ["an up of it: each process for all of them", AUTOMATIC, UP, 2],
  ["a preview of removals", CHOSEN, ["preview"], 0],
  ["an up of them", CHOSEN, UP, 1],
  ["the preview of a destroy", CHOSEN, ["destroy", "--preview-only"], 0],
  ["a destroy", CHOSEN, ["destroy", "--yes"], 1],
];

test.each([
  ["integrations", OF_INTEGRATIONS],
  ["sources", OF_SOURCES],
])(
  "the stack's state is asked for once a process at most, and only where the answer decides something: %s",
  async (_, runs) => {
    const stack = await createStack();
    await connect(stack, await startOrganisation());
    const asked = await countAsked(stack);
    for (const [what, program, command, expected] of runs) {
      await stack.program(
        `const { EventBridgeIntegration, EventBridgeSource } = require("pulumi-genesyscloud-eventbridge");\n${program}`,
      );
      await succeeds(stack.pulumi(...command));
      expect.soft(await asked(), what).toBe(expected);
    }
    expect(await stack.resources()).toEqual([]);
  },
);
