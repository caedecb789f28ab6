/** Whatever commands print stays readable on a terminal, has a limit, and tells no secret. */
import { afterEach, expect, test, vi } from "vitest";
import {
  neverShowSecretsOf,
  print,
  printJson,
  printTable,
  printText,
  remark,
} from "../../../../provider/src/commands/output.js";
import { about, inOneLine } from "../../../../provider/src/doctor/finding.js";
import { SETTINGS } from "../support/context.js";

/** What is written while something is done. */
function written(act: () => void): string {
  let text = "";
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((piece) => {
      text += String(piece);
      return true;
    });
  act();
  return text;
}

afterEach(() => void vi.restoreAllMocks());

const FOREIGN = "x\u001b[2J\u009b1m\u202e\r";

test("foreign text moves no cursor, and what a line is set with stays", () => {
  const shown = "x\\u{1b}[2J\\u{9b}1m\\u{202e}\\u{d}";
  expect(written(() => print(`ok       name    ${FOREIGN}`))).toBe(`ok       name    ${shown}\n`);
  expect(written(() => remark(`one\ntwo ${FOREIGN}`))).toBe(`one\ntwo ${shown}\n`);
  expect(written(() => printTable(["A", "B"], [[FOREIGN, `two\nlines`]]))).toBe(
    `A${" ".repeat(shown.length + 1)}B\n${shown}  two\\u{a}lines\n`,
  );
});

test("JSON says what it said, in signs that move no cursor", () => {
  const text = written(() => printJson({ name: FOREIGN }));
  expect(JSON.parse(text)).toEqual({ name: FOREIGN });
  expect(text).toBe('{\n  "name": "x\\u001b[2J\\u009b1m\\u202e\\r"\n}\n');
});

test("a line of nine megabytes, and a cell, are cut", () => {
  const long = "x".repeat(9_000_000);
  expect(written(() => print(long)).length).toBeLessThan(8_002);
  expect(written(() => printTable(["A"], [[long]])).length).toBeLessThan(310);
});

test("a finding is one line, in which nothing looks like another", () => {
  const forged = "no\r\nok       credentials                    the login succeeds";
  expect(about("credentials").failed(forged).message).toBe(
    `no\\u{d}\\u{a}ok  ${"\\u{20}".repeat(5)}credentials  ${"\\u{20}".repeat(18)}the login succeeds`,
  );
  expect(inOneLine(new Error("one\n  two"))).toBe("one; two");
});

test("secrets of the settings are in nothing that is printed", () => {
  neverShowSecretsOf({ ...SETTINGS, credentials: { accessToken: 'planted "token" 1' } });
  const said = 'no: planted "token" 1';
  expect(written(() => print(said))).toBe("no: [secret]\n");
  expect(written(() => remark(said))).toBe("no: [secret]\n");
  expect(written(() => printTable(["A"], [[said]]))).toContain("no: [secret]");
  expect(JSON.parse(written(() => printJson({ said: [said] })))).toEqual({ said: ["no: [secret]"] });
});

test("of a result for programs, a text of our own making alone is as it is", () => {
  neverShowSecretsOf({ ...SETTINGS, credentials: { accessToken: "planted-token-1" } });
  const program = 'const name = "planted-token-1";\n';
  const printed = written(() => printJson({ name: "planted-token-1", file: null }, { program }));
  expect(printed).toBe(`${JSON.stringify({ name: "[secret]", file: null, program }, null, 2)}\n`);
});

test("a document is printed whole, and so is a result for programs, without a secret", () => {
  neverShowSecretsOf({ ...SETTINGS, credentials: { accessToken: "planted-token-1" } });
  const long = "x ".repeat(50_000);
  const [before, after] = [`<svg>${long}planted-token-1</svg>\n`, `<svg>${long}[secret]</svg>\n`];
  expect(written(() => printText(before)) === after).toBe(true);
  expect(JSON.parse(written(() => printJson({ error: before }))).error === after).toBe(true);
});
