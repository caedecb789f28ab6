/** The key that an object gets where its program leaves it out: table F, and how a key is derived. */
import { createHash } from "node:crypto";
import type { Kind } from "./kind.js";
import type { Table } from "./table.js";

/** What a key depends on. */
export type KeyFacts = {
  /** Whether the program gives one. */
  program: "gives it" | "leaves it out";
  /** The key in the olds. */
  olds: "none" | "automatic" | "chosen or unknown";
  /** Whether an interrupted create has begun under an automatic key that the stack does not have. */
  begun: "yes" | "no";
  /** Whether everything that it is derived from is known yet. */
  basis: "known" | "unknown";
};

/** Table F: which key does the object get? What has an automatic one keeps it. */
export const KEY: Table<KeyFacts, "the program's" | "the olds'" | "what was begun" | "unknown" | "derived"> =
  {
    columns: {
      program: ["gives it", "leaves it out"],
      olds: ["none", "automatic", "chosen or unknown"],
      begun: ["yes", "no"],
      basis: ["known", "unknown"],
    },
    rows: [
      { when: { program: "gives it" }, verdict: "the program's" },
      { when: { olds: "automatic" }, verdict: "the olds'" },
      // It was chosen to avoid the key that the stack has (`--replace`, `state taint`). Only under it is what was begun found.
      { when: { olds: "none", begun: "yes" }, verdict: "what was begun" },
      { when: { basis: "unknown" }, verdict: "unknown" },
      { when: {}, verdict: "derived" },
    ],
  };

/** What the key to be avoided depends on. */
export type ReplacedFacts = {
  /** The engine has given olds. */
  olds: "given" | "none";
  /** A check of this run, before this one, had olds. */
  earlier: "yes" | "no";
  /** The program imports the object. */
  imports: "yes" | "no";
  program: "gives it" | "leaves it out";
  /** Whether the stack has the resource; `leaving`: it waits to be deleted. */
  stack: "has it" | "leaving" | "none";
  /** What this machine has made may be in the stack as another resource. */
  record: "of what the stack has" | "none";
};

/**
 * Table F, second part: which key is that of what is being replaced? By force the engine calls no check with olds, so that
 * the stack has to be asked. Whether what is replaced is deleted first, or was deleted by a run that was cut short since,
 * its successor has the same key.
 */
export const REPLACED: Table<
  ReplacedFacts,
  "the olds'" | "the earlier check's" | "the stack's" | "the record's" | "none"
> = {
  columns: {
    olds: ["given", "none"],
    earlier: ["yes", "no"],
    imports: ["yes", "no"],
    program: ["gives it", "leaves it out"],
    stack: ["has it", "leaving", "none"],
    record: ["of what the stack has", "none"],
  },
  rows: [
    { when: { olds: "given" }, verdict: "the olds'" },
    { when: { earlier: "yes" }, verdict: "the earlier check's" },
    { when: { imports: "yes", stack: "has it" }, verdict: "the stack's" },
    { when: { imports: "yes" }, verdict: "none" },
    { when: { program: "gives it" }, verdict: "none" },
    { when: { stack: ["has it", "leaving"] }, verdict: "the stack's" },
    { when: { record: "of what the stack has" }, verdict: "the record's" },
    { when: {}, verdict: "none" },
  ],
};

/** Characters of a resource's name that go into it. */
const LONGEST_NAME = 200;
/** Hex digits of a derived name: as many as Pulumi's own automatic names have. */
const DIGITS = 7;
const HEX_DIGITS = new RegExp(`^[0-9a-f]{${DIGITS}}$`);

/** The resource's own name: the last part of its URN. */
export function resourceName(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/**
 * An automatic key: the resource's name, a hyphen and 7 hex digits.
 *
 * Derived, not random: a rerun after a crash, on whatever machine, asks for the same key and so finds what was made. What
 * replaces an object gets another key than the one replaced, so it can be made first.
 *
 * @param from.inputs of the fields that no update can change, in their order.
 * @param from.replaced the key of the object being replaced, if any.
 */
export function derivedKey(
  kind: Pick<Kind, "key">,
  { urn, inputs, replaced }: { urn: string; inputs: readonly unknown[]; replaced?: string },
): string {
  const seed = JSON.stringify([urn, ...inputs, replaced ?? null]);
  return stemOf(kind, urn) + createHash("sha256").update(seed).digest("hex").slice(0, DIGITS);
}

/**
 * Any other field that is derived, in the same form.
 *
 * @param key the automatic key, whose digits it bears, too; without one they are derived from the URN alone.
 */
export function derivedFrom(urn: string, key?: string): string {
  const digits = key?.slice(-DIGITS) ?? createHash("sha256").update(urn).digest("hex").slice(0, DIGITS);
  return `${resourceName(urn).slice(0, LONGEST_NAME)}-${digits}`;
}

/** Whether a key has the form of an automatic one of this resource. */
export const isAutomatic = (kind: Pick<Kind, "key">, urn: string | undefined, key: unknown): boolean =>
  urn !== undefined &&
  typeof key === "string" &&
  key.startsWith(stemOf(kind, urn)) &&
  HEX_DIGITS.test(key.slice(stemOf(kind, urn).length));

const stemOf = ({ key }: Pick<Kind, "key">, urn: string): string =>
  `${key.fit(resourceName(urn)).slice(0, key.longest - DIGITS - 1)}-`;
