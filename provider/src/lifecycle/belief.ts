/** What a list shows of an object that a state is about, as far as it is believed: table K. */
import { GenesysError, isNotFound } from "../genesys/errors.js";
import type { Glance, Glanced } from "../genesys/jobs.js";
import { differingFields, fieldsOf } from "./fields.js";
import type { Inputs, Properties, State } from "./inputs.js";
import { isSame } from "./kept.js";
import { type Kind, type KindStep, keyOf, objectIdIn } from "./kind.js";
import type { Observed } from "./kindApi.js";
import { decide, type Table } from "./table.js";

/** What it depends on, of an entry that shows an object in whole. */
export type ListedFacts = {
  /** Its version, beside the state's; `not told` where the state bears one and the entry does not. */
  version: "newer" | "as known" | "older" | "not told";
  /** Whether its fields and outputs are those of the state. */
  content: "as known" | "other";
  /** Whether it shows all fields, or lacks one that the object's own address may show. */
  shows: "all" | "not all";
};

/** Table K: whether an entry is believed, or the object is asked for by itself. */
export const LISTED: Table<ListedFacts, "BELIEVE" | "ASK"> = {
  columns: {
    version: ["newer", "as known", "older", "not told"],
    content: ["as known", "other"],
    shows: ["all", "not all"],
  },
  rows: [
    { when: { version: "newer", shows: "all" }, verdict: "BELIEVE" },
    // What is new under the version that is known is told by the object alone: a list may lag behind.
    { when: { version: "as known", content: "as known" }, verdict: "BELIEVE" },
    { when: {}, verdict: "ASK" },
  ],
};

/**
 * An object as a list page shows it that many reads share; `undefined` where it is to be asked for by itself: it is on no
 * page, or not in whole, pages would cost more calls, or they are not believed.
 */
export async function asListed(
  id: string,
  known: State | undefined,
  { kind, listing, budget }: KindStep,
): Promise<Observed | undefined> {
  // A state that is not finished may be about what no list shows yet.
  if (known === undefined || objectIdIn(kind, known) === undefined || known.__unfinished !== undefined)
    return undefined;
  const seen = await listing.look(id, "kept", budget);
  if (typeof seen === "string") return undefined;
  const object = await seen.shown.observe(budget).catch(unlessUnclear);
  return object && decide(LISTED, factsOf(kind, object, known, seen.shown.lacks)) === "BELIEVE"
    ? object
    : undefined;
}

/**
 * Looks whether what was posted is there yet and where it was to get to, on a page that many looks share. A page proves neither
 * that it is nor that it is not: lists may lag behind, and a server may show what its job is still making.
 *
 * @param since when it had been posted: an earlier page does not count.
 */
async function glanceAt(
  sent: Inputs,
  since: number | "now",
  { kind, listing, budget }: KindStep,
): Promise<Glanced> {
  if (kind.looksDoneEarly?.(sent)) return "unknown";
  const seen = await listing.glance(keyOf(kind, sent), since, budget);
  if (typeof seen === "string") return seen === "ask" ? "unknown" : "not yet";
  const object = await seen.shown.observe(budget).catch(unlessUnclear);
  if (object === undefined) return "unknown";
  return kind.standing(object, sent) === "reached" ? "made" : "not yet";
}

/** Glances at what was posted. @param since when it had been posted, by the clock that never jumps */
export const glanceOf = (sent: Inputs, since: number, step: KindStep): Glance => ({
  calls: () => (step.kind.looksDoneEarly?.(sent) ? undefined : step.listing.callsOfAGlance),
  look: (isNew) => glanceAt(sent, isNew ? "now" : since, step),
});

/**
 * An object that was made just now, as a page shows it that was asked for since then; `undefined` where it is to be asked for
 * by itself. A page is believed only where nothing is left to do: it shows what was asked for, and where that was to get to.
 *
 * @param sent what was posted.
 * @param since when it had been, in milliseconds, by the clock that never jumps.
 */
export async function asListedNow(
  id: string,
  { sent, since }: { sent: Properties; since: number },
  wanted: Inputs,
  { kind, listing, budget }: KindStep,
): Promise<Observed | undefined> {
  // A list may lag behind the end of its job, and then show it unfinished.
  if (kind.looksDoneEarly?.(wanted)) return undefined;
  for (const from of [since, "now"] as const) {
    const seen = await listing.look(id, from, budget);
    if (typeof seen === "string") return undefined;
    const object = await seen.shown.observe(budget).catch(unlessUnclear);
    if (object?.version === undefined) return undefined;
    const isAsSent = differingFields(kind, fieldsOf(object, sent), wanted).length === 0;
    if (isAsSent && kind.standing(object, wanted) === "reached") return object;
  }
  return undefined;
}

const factsOf = (kind: Kind, object: Observed, known: State, lacks: readonly string[]): ListedFacts => ({
  version: versionOf(object.version, known.version),
  content: isAsKnown(kind, object, known) ? "as known" : "other",
  // What it lacks is likely to be empty, as it is of others: that it became so is for the object to say.
  shows: object.unshown.length + lacks.length === 0 ? "all" : "not all",
});

function versionOf(shown: number | undefined, known: number | undefined): ListedFacts["version"] {
  if (shown === known) return "as known";
  if (shown === undefined) return "not told";
  return shown > (known ?? Number.NEGATIVE_INFINITY) ? "newer" : "older";
}

const isAsKnown = (kind: Kind, object: Observed, known: State): boolean =>
  differingFields(kind, fieldsOf(object, known), known).length === 0 &&
  Object.entries(object.outputs).every(([key, value]) => isSame(value, known[key]));

/** An entry that cannot be understood, or that lacks a part which is not found: the object is read itself. */
function unlessUnclear(error: unknown): undefined {
  const isUnclear = error instanceof GenesysError && (error.code === "answer.malformed" || isNotFound(error));
  if (!isUnclear) throw error;
  return undefined;
}
