/** What every kind shares says no word of one: what an object is called, and what it refers to, its kind says. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const HOUSE = join(import.meta.dirname, "../../provider/src");
const SHARED = ["lifecycle", "hooks", "pulumi", "commands", "importing", "doctor"];

/** A word of one kind: in a name, or in what is said. */
const WORD =
  /sourceId|source_id|integrationId|integration_id|eventTopic|eventFilter|awsAccount|\b(sources?|topics?|targets?)\b/i;

/** Where such a word means something else, or tells of both kinds, by why. */
const ALLOWED: Record<string, string> = {
  "hooks/words.ts": "the keys of records and notices, a contract with who reads them",
  "hooks/audit/record.ts": "the same keys",
  "hooks/audit/auditHook.ts": "the target of OTLP",
  "hooks/webhook/notice.ts": "the source of a CloudEvent: whose notices go out in order",
  "hooks/webhook/outbox.ts": "the same",
  "hooks/webhook/sealed.ts": "the same",
  "hooks/webhook/webhookHook.ts": "the same",
  "commands/webhook.ts": "the same",
  "commands/firstSteps.ts": "a program of the simulated organisation",
  "commands/sandbox.ts": "what the simulated organisation begins with",
  "commands/graph.ts": "what a picture shows",
  "commands/import.ts": "what --ids leaves as ids",
};

/** Names and texts of a file, comments left out; where the platform's product is named, without that. */
function wordsOf(path: string): string[] {
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ESNext, true);
  const words: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node))
      words.push(node.text.replaceAll(/EventBridge Source|source_maps?/g, ""));
    if (!ts.isImportDeclaration(node)) ts.forEachChild(node, visit);
  };
  visit(source);
  return words.filter((word) => WORD.test(word) && !/ResourceId/.test(word));
}

const found = SHARED.flatMap((room) =>
  readdirSync(join(HOUSE, room), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `${room}/${name.replaceAll("\\", "/")}`)
    .map((file) => ({ file, words: wordsOf(join(HOUSE, file)) }))
    .filter(({ words }) => words.length > 0),
);

test("no room that all kinds share names what one of them has", () => {
  expect(found.filter(({ file }) => !(file in ALLOWED))).toEqual([]);
});

test("what is allowed is needed", () => {
  const files = found.map(({ file }) => file);
  expect(Object.keys(ALLOWED).filter((file) => !files.includes(file))).toEqual([]);
});
