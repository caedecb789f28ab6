/**
 * The texts that the package can print when something is not as it should be: every literal of `provider/src` that reads as
 * words of a sentence. Read from the syntax alone, so that a new message is found wherever it is made and however many
 * functions put it together.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const SOURCES = join(import.meta.dirname, "../../../../provider/src");

/** Fewer words are names, units and scraps of a sentence: nobody searches for them. */
const LEAST_WORDS = 3;

/** Calls whose texts say how a command is used, or that all is well. */
const NO_TROUBLE = ["description", "option", "argument", "addHelpText", "Option", "ok"];

/** A literal as it stands in the code. */
export interface Message {
  file: string;
  line: number;
  /** With `…` for what is put in. */
  text: string;
}

/** Every message, in the order of the files. */
export function collectMessages(): Message[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  const trees = files.toSorted().map((name) => {
    const text = readFileSync(join(SOURCES, name), "utf8");
    return ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  });
  const words = new Set(trees.flatMap(literalTypesIn));
  return trees.flatMap((tree) => messagesIn(tree).filter(({ text }) => !words.has(text)));
}

/** A text without what is put in: what stands between is searched for. */
export const partsOf = (text: string): string[] =>
  text
    .split("…")
    .map((part) => part.replaceAll(/\s+/g, " ").trim())
    .filter((part) => /\p{L}{2}/u.test(part));

/** How many words a text has. */
export const wordsIn = (text: string): number => text.match(/\p{L}[\p{L}'’]+/gu)?.length ?? 0;

/** The words of a type, such as a verdict of a decision table: these are no messages wherever they stand. */
function literalTypesIn(tree: ts.SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) found.push(node.literal.text);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function messagesIn(tree: ts.SourceFile): Message[] {
  const found: Message[] = [];
  const visit = (node: ts.Node): void => {
    if (isElsewhere(node)) return;
    const text = textOf(node);
    if (text !== undefined && wordsIn(text) >= LEAST_WORDS && text.includes(" ")) {
      const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
      found.push({ file: tree.fileName, line: line + 1, text });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** What a literal or template says; `undefined` where a node is neither. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join("");
}

/** Where texts stand that are printed by nothing, or say that all is well. */
function isElsewhere(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return true;
  if (ts.isStringLiteral(node) && (ts.isCaseClause(node.parent) || isCompared(node))) return true;
  const { parent } = node;
  const isArgument =
    parent !== undefined &&
    (ts.isCallExpression(parent) || ts.isNewExpression(parent)) &&
    parent.expression !== node;
  if (!isArgument) return false;
  const called = ts.isPropertyAccessExpression(parent.expression)
    ? parent.expression.name
    : parent.expression;
  return ts.isIdentifier(called) && NO_TROUBLE.includes(called.text);
}

const isCompared = ({ parent }: ts.Node): boolean =>
  ts.isBinaryExpression(parent) &&
  [ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken].includes(
    parent.operatorToken.kind,
  );
