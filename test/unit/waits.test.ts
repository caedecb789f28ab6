/** Every pause, patience and window stands in `waits.ts`, with its reason: no other file of the package defines a time. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { parseDuration } from "../../provider/src/duration.js";

const HOUSE = join(import.meta.dirname, "../../provider/src");
const TIMES = "waits.ts";

/** Files that have times of their own, by why. */
const ALLOWED: Record<string, string> = {
  "duration.ts": "what the units of a duration are",
  "genesys/say.ts": "the same, as a person says them",
  "eventBridgeIntegration/args.ts": "a default that users see: what a program loads loads nothing else",
  "eventBridgeSource/args.ts": "the same",
};

/** What constants of time are called, and what bears a time. */
const NAMED = /(^|_)(MS|SECONDS?|MINUTES?|HOURS?|DAYS?|TIMEOUT|PATIENCE|PAUSE|DELAY|INTERVAL|WINDOW)(_|$)/;
const BEARS = /(^ms|Ms|[sS]econds|[tT]imeout|[pP]atience|[pP]ause|[dD]elay|[iI]nterval)$/;
/** What is told how long to wait. */
const WAITS = new Set(["sleep", "setTimeout", "setInterval", "countdown", "timeout"]);

const parse = (file: string) =>
  ts.createSourceFile(file, readFileSync(join(HOUSE, file), "utf8"), ts.ScriptTarget.ESNext, true);

/** Whether it is a number on its own: nothing is no time, and what multiplies or divides a time is a share or a unit. */
function isNumber(node: ts.Node): boolean {
  if (!ts.isNumericLiteral(node) || Number(node.text) === 0) return false;
  let { parent } = node;
  while (ts.isPrefixUnaryExpression(parent) || ts.isParenthesizedExpression(parent)) parent = parent.parent;
  if (!ts.isBinaryExpression(parent) || !/^[*/]+$/.test(parent.operatorToken.getText())) return true;
  return ts.isNumericLiteral(parent.left) && ts.isNumericLiteral(parent.right);
}

/** Whether a value has such a number. What is done later, by a function that is passed on, is no part of it. */
const hasNumber = (value: ts.Node): boolean =>
  isNumber(value) || (!isPassedOn(value) && ts.forEachChild(value, hasNumber) === true);

const isPassedOn = (value: ts.Node): boolean =>
  ts.isFunctionLike(value) && (ts.isCallExpression(value.parent) || ts.isNewExpression(value.parent));

/** What a part of a program gives a time, if it does. */
function timeGiven(node: ts.Node): boolean {
  if (ts.isStringLiteralLike(node)) return parseDuration(node.text) !== undefined;
  if (ts.isCallExpression(node)) {
    const { expression: called } = node;
    const name = ts.isPropertyAccessExpression(called) ? called.name.text : called.getText();
    return WAITS.has(name) && node.arguments.some(hasNumber);
  }
  const { name, initializer } = node as Partial<ts.VariableDeclaration>;
  if (name === undefined || initializer === undefined) return false;
  return NAMED.test(name.getText()) || (BEARS.test(name.getText()) && hasNumber(initializer));
}

/** The lines of a file that give a time. */
function timesOf(file: string): string[] {
  const lines: string[] = [];
  const visit = (node: ts.Node): void => {
    if (timeGiven(node)) lines.push(`${file}: ${node.getText()}`);
    ts.forEachChild(node, visit);
  };
  visit(parse(file));
  return lines;
}

const files = readdirSync(HOUSE, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => name.replaceAll("\\", "/"))
  .filter((file) => file !== TIMES);

test("no other file defines a time", () => {
  expect(files.length).toBeGreaterThan(200);
  expect(files.filter((file) => !(file in ALLOWED)).flatMap(timesOf)).toEqual([]);
});

test("what is allowed is needed", () => {
  expect(Object.keys(ALLOWED).filter((file) => timesOf(file).length === 0)).toEqual([]);
});

test("each time has its reason", () => {
  const constants = parse(TIMES).statements.filter(ts.isVariableStatement);
  expect(constants.length).toBeGreaterThan(50);
  const bare = constants.filter((each) => ts.getJSDocCommentsAndTags(each).length === 0);
  expect(bare.map((each) => each.getText())).toEqual([]);
});
