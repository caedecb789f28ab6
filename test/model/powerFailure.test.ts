/** The pretended power failure takes what a real one would: all that was not synced, and nothing else. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { look } from "./support/disk.cjs";
import { failPower } from "./support/powerFailure.js";

function disk() {
  const root = mkdtempSync(join(tmpdir(), "eventbridge-disk-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const [folder, safe] = [join(root, "folder"), join(root, "safe")];
  for (const each of [folder, safe]) mkdirSync(each);
  const write = (name: string) => writeFileSync(join(folder, name), name);
  return { folder, safe, write };
}

test("a power failure leaves what was synced, and of a file that never was its name alone", () => {
  const { folder, safe, write } = disk();
  write("first");
  look(join(folder, "first"), safe)();
  write("second");
  look(folder, safe)();
  write("third");
  failPower(folder, safe, []);
  const left = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]);
  expect(left.toSorted()).toEqual([
    ["first", "first"],
    ["second", ""],
  ]);
});

test("of two syncs at once, the one that began first takes nothing back when it ends last", () => {
  const { folder, safe, write } = disk();
  write("first");
  const began = look(folder, safe);
  write("second");
  look(folder, safe)();
  began();
  failPower(folder, safe, []);
  expect(readdirSync(folder).toSorted()).toEqual(["first", "second"]);
});
