/** `docs/troubleshooting.md` has every message of the package, and none that the package does not print. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { collectMessages, type Message, partsOf, wordsIn } from "./support/messages.js";

const PAGE = join(import.meta.dirname, "../../../docs/troubleshooting.md");

/** Texts that are shown to nobody, or tell of no trouble, by why. */
const NO_TROUBLE: Record<string, string> = {
  "Ctrl-C ends it.": "the sandbox says how it is ended",
  "To begin, paste this into another terminal, in this folder:": "the sandbox says how one begins",
  "A stack of the project in this folder reaches it by these settings:": "the sandbox says how one goes on",
  "the access token is taken": "doctor's word that all is well",
  "the login succeeds": "doctor's word that all is well",
  "Managed by Pulumi": "a default",
  "a trial of the webhook": "the name in a trial notice",
  "topics and targets": "stands before `… are not looked up`",
  "pulumi-genesyscloud-eventbridge outbox": "part of a key",
  "nobody waits for it any more": "ends a wait whose message was given already",
};

/** Rooms whose texts are drawn, not said. */
const DRAWN = /^picture\/|\/picture\.ts$|\/drawing\.ts$/;

/** How usage and written programs begin: they are no messages. */
const PRINTED = /\nExamples:\n|^\/\/ |^mkdir |^pulumi config set /;

/** What the page shows as the words of a message: the code of its lists. */
const spans = readFileSync(PAGE, "utf8")
  .split("\n\n")
  .flatMap((block) =>
    [...block.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => ({ isList: block.startsWith("- "), text })),
  )
  .map(({ isList, text }) => ({ isList, text: text.replaceAll(/\s+/g, " ") }));

/** Whether one message of the page has all parts, in their order. */
const isOnPage = (message: string): boolean =>
  spans.some(({ text }) => {
    let from = 0;
    return partsOf(message).every((part) => {
      const at = text.indexOf(part, from);
      from = at + part.length;
      return at >= 0;
    });
  });

/** What is left of a text where the words of messages are taken out, the longest first. */
const without = (parts: readonly RegExp[], text: string): string =>
  parts.reduce((rest, part) => rest.replaceAll(part, " "), text);

/** A part as whole words. */
const wholly = (part: string): RegExp =>
  new RegExp(`(?<!\\p{L})${part.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&")}(?!\\p{L})`, "gu");

describe("the messages of the package and those of the page", () => {
  const messages = collectMessages();
  const shown = messages.filter(
    ({ file, text }) => !(text in NO_TROUBLE) && !DRAWN.test(file) && !PRINTED.test(text),
  );
  const say = ({ file, line, text }: Message) => `${file}:${line} ${text}`;

  test("every message is on the page", () => {
    expect(shown.length).toBeGreaterThan(400);
    expect(shown.filter(({ text }) => !isOnPage(text)).map(say)).toEqual([]);
  });

  test("what is let off is still there, and not on the page", () => {
    const texts = new Set(messages.map(({ text }) => text));
    expect(Object.keys(NO_TROUBLE).filter((text) => !texts.has(text) || isOnPage(text))).toEqual([]);
  });

  test("the page has no message that the package does not print", () => {
    const longestFirst = (one: string, other: string) => other.length - one.length;
    const parts = [...new Set(shown.flatMap(({ text }) => partsOf(text)))].toSorted(longestFirst).map(wholly);
    const messagesOfPage = spans.filter(({ isList, text }) => isList && wordsIn(text) > 3);
    const unknown = messagesOfPage.filter(({ text }) => wordsIn(without(parts, text)) > 2);
    expect(unknown.map(({ text }) => text)).toEqual([]);
  });
});
