/** Every file opens with what it is for: its first line is a comment that says so. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

/** A program of a user's has a README beside it: examples and templates are left out. */
const FOLDERS = ["provider/src", "sandbox/src", "scripts", "test"];

const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /(?<!\.d)\.(ts|mjs|cjs)$/.test(name) && !/(^|[\\/])(node_modules|dist)[\\/]/.test(name))
    .map((name) => join(folder, name)),
);

const opens = (file: string): boolean => /^(\/\*\*|\/\/|#!)/.test(readFileSync(join(ROOT, file), "utf8"));

test("of each folder there are files", () => {
  expect(FOLDERS.map((folder) => files.filter((file) => file.startsWith(folder)).length)).not.toContain(0);
});

test("each begins with a comment", () => {
  expect(files.filter((file) => !opens(file))).toEqual([]);
});
