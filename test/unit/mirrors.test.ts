/** A test stands where its source does: `a/b.test.ts` tells of `provider/src/a/b.ts`. What tells of several is a story, and is named here. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const TESTS = join(import.meta.dirname, "provider");
const HOUSE = join(import.meta.dirname, "../../provider/src");

/** What tests tell of several files, by why. */
const STORIES: Record<string, string> = {
  "doctor/doctor": "what doctor says, check after check",
  "genesys/room": "who may speak to the platform: all imports of the package",
  "hooks/integrationRecords": "both hooks, of the second kind",
  "hooks/losesNothing": "both hooks, whatever goes wrong between them",
  "hooks/audit/hanging": "the log on a file system that does not answer",
  "hooks/audit/missing": "the log where a part of it is gone",
  "importing/into": "the rooms of the folder `into`, one after the other",
  "lifecycle/stopped": "every wait of a step, when the run is to stop",
  "lifecycle/tables": "every decision table",
  "pulumi/pulumi": "what every state in the world relies on",
  thirdKind: "every room that kinds share, of a kind that none of them names",
  time: "a step whose machine's time of day is set",
};

const names = readdirSync(TESTS, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => name.replaceAll("\\", "/").replace(/\.test\.ts$/, ""));

const hasSource = (name: string) => existsSync(join(HOUSE, `${name}.ts`));

test("each test has a source beside it, or is a story", () => {
  expect(names.length).toBeGreaterThan(100);
  expect(names.filter((name) => !hasSource(name) && !(name in STORIES))).toEqual([]);
});

test("what is named a story is there, and tells of no single file", () => {
  expect(Object.keys(STORIES).filter((name) => !names.includes(name) || hasSource(name))).toEqual([]);
});
