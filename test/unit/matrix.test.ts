/** The matrix is what the documentation claims: each environment that is named there is a row, and each row is named there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LAYOUTS } from "../matrix/layouts.mjs";
import { FORMS } from "../matrix/programs.mjs";
import { ROWS, USUAL } from "../matrix/rows.mjs";
import { SURROUNDINGS } from "../matrix/surroundings.mjs";

const root = join(__dirname, "../..");
const read = (name: string): string => readFileSync(join(root, name), "utf8");

test("the documentation names exactly the environments of the rows, in their order", () => {
  const [, section = ""] = /^## Where it runs\n(.*)/ms.exec(read("docs/installation-configuration.md")) ?? [];
  const named = section.split("\n").flatMap((line) => (line.startsWith("- ") ? [line.slice(2)] : []));
  expect(named).toEqual([...new Set(ROWS.map(({ claim }) => claim))]);
});

test("every row has a name of its own, and says nothing that the matrix does not know", () => {
  expect(new Set(ROWS.map(({ name }) => name)).size).toBe(ROWS.length);
  for (const row of ROWS) {
    const { layout, form, surroundings } = { ...USUAL, ...row };
    expect(LAYOUTS).toHaveProperty([layout]);
    expect(FORMS).toHaveProperty([form]);
    expect(SURROUNDINGS).toHaveProperty([surroundings]);
  }
});

test("the oldest SDK of the rows is the oldest that the package takes", () => {
  const { peerDependencies } = JSON.parse(read("provider/package.json"));
  const [, oldest] = /^>=(\S+) <4$/.exec(peerDependencies["@pulumi/pulumi"]) ?? [];
  expect(ROWS.map(({ sdk }) => sdk)).toContain(oldest);
});

test("what cannot work has a sentence to say", () => {
  const failing = ROWS.flatMap(({ name, fails }) => (fails === undefined ? [] : [name]));
  expect(failing).toEqual(["pnpm workspace, wrapped and not told", "Yarn PnP", "TypeScript 7"]);
});
