/** The line that goes on with an import file: pasted into a shell, it does what is meant. */
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { importLine } from "../../../../provider/src/importing/importLine.js";

const OPTIONS = ["--yes", "--generate-code=false", "--protect=false"];

test("it is as short as it can be", () => {
  expect(importLine("import.json", undefined)).toBe(`pulumi import --file import.json ${OPTIONS.join(" ")}`);
});

test("it names the stack that was named", () => {
  expect(importLine("import.json", "acme/shop/prod")).toBe(
    `pulumi import --file import.json ${OPTIONS.join(" ")} --stack acme/shop/prod`,
  );
});

test.runIf(process.platform !== "win32")("a shell takes each word as it was, whatever is in it", () => {
  const [file, stack] = ["my folder/it's $HOME;.json", "p`od"];
  const asked = `pulumi() { printf '%s\\n' "$@"; }; ${importLine(file, stack)}`;
  const words = execFileSync("sh", ["-c", asked], { encoding: "utf8" }).trimEnd().split("\n");
  expect(words).toEqual(["import", "--file", file, ...OPTIONS, "--stack", stack]);
});
