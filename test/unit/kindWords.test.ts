/** What every kind shares says no word of one: what an object is called, and what it refers to, its kind says. A new one touches none of it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { idFieldOf, wordOf } from "../../provider/src/hooks/words.js";
import { KINDS } from "../../provider/src/kinds.js";

const HOUSE = join(import.meta.dirname, "../../provider/src");
const SHARED = ["lifecycle", "hooks", "pulumi", "commands", "importing", "doctor"];

/** A word of one kind: in a name, or in what is said. */
const WORD =
  /sourceId|source_id|integrationId|integration_id|eventTopic|eventFilter|awsAccount|\b(sources?|topics?|targets?)\b/i;

/** Where such a word means something else, or tells of both kinds, by why. */
const ALLOWED: Record<string, string> = {
  "hooks/audit/auditHook.ts": "the target of OTLP",
  "hooks/webhook/notice.ts": "the source of a CloudEvent: whose notices go out in order",
  "hooks/webhook/outbox.ts": "the same",
  "hooks/webhook/sealed.ts": "the same",
  "hooks/webhook/webhookHook.ts": "the same",
  "commands/webhook.ts": "the same",
  "commands/noticeOwner.ts": "the same",
  "commands/firstSteps.ts": "a program of the simulated organisation",
  "commands/sandbox.ts": "what the simulated organisation begins with",
  "commands/graph.ts": "what a picture shows",
  "commands/import.ts": "what --ids leaves as ids",
};

/** Names and texts of a file, comments left out. */
function textsOf(file: string, isPassedOver: (node: ts.Node) => boolean = () => false): string[] {
  const path = join(HOUSE, file);
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ESNext, true);
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node))
      texts.push(node.text);
    if (!isPassedOver(node)) ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
}

/** Words of one kind; where the platform's product is named, without that. */
const wordsOf = (file: string): string[] =>
  textsOf(file, ts.isImportDeclaration)
    .map((text) => text.replaceAll(/EventBridge Source|source_maps?/g, ""))
    .filter((word) => WORD.test(word) && !/ResourceId/.test(word));

const files = readdirSync(HOUSE, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => name.replaceAll("\\", "/"));

const found = files
  .filter((file) => SHARED.some((room) => file.startsWith(`${room}/`)))
  .map((file) => ({ file, words: wordsOf(file) }))
  .filter(({ words }) => words.length > 0);

test("no room that all kinds share names what one of them has", () => {
  expect(found.filter(({ file }) => !(file in ALLOWED))).toEqual([]);
});

test("what is allowed is needed", () => {
  const files = found.map(({ file }) => file);
  expect(Object.keys(ALLOWED).filter((file) => !files.includes(file))).toEqual([]);
});

/** The names of a kind: of its class, which is also that of its folder and of its entry, of its objects, and of their ids. */
const NAMES = KINDS.flatMap(({ label, idOutput, inPrograms }) => [
  ...[inPrograms.className, label, idOutput],
  ...[idFieldOf(label), `${wordOf(label)}\\w*`],
]);
const NAMED = new RegExp(`\\b(${NAMES.join("|")})s?\\b`, "i");

/** Where kinds are named: the one list, and what the package exports to programs and to stubs. */
const NAMING = ["kinds.ts", "index.ts", "runtime.ts"];

/** Where else one is named, by why; none of it takes a line for a new kind. */
const ONE_ALONE: Record<string, string> = {
  "commands/firstSteps.ts": "a program of the simulated organisation",
  "genesys/job.ts": "all jobs that the API's contract knows are about sources",
  "hooks/webhook/notice.ts": "a notice that tries a receiver out looks like one of a source",
  "lookUps/lookUp.ts": "what is looked up is what these two refer to",
  "recordFiles.ts": "what release 0.1.0 wrote",
};

const isOfOneKind = (file: string) =>
  KINDS.some(({ inPrograms }) => file.toLowerCase().startsWith(`${inPrograms.className.toLowerCase()}/`));

const naming = files.filter((file) => !isOfOneKind(file) && textsOf(file).some((text) => NAMED.test(text)));

test("a kind is named in its own folder, in the one list and in the exports of the package", () => {
  expect(naming.filter((file) => !(file in ONE_ALONE)).toSorted()).toEqual(NAMING.toSorted());
});

test("where one alone is named, it is", () => {
  expect(Object.keys(ONE_ALONE).filter((file) => !naming.includes(file))).toEqual([]);
});
