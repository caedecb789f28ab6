import { createHash } from "node:crypto";
import { jobResourceId } from "../jobResource.js";
import { isUnanswered, type JournalEntry } from "../journal.js";
import type { Context, StackState } from "../resourceHandler.js";
import { eventually, type Step } from "../step.js";
import { sourceApi } from "./api.js";
import { differingFields } from "./fields.js";
import type { SourceFields, SourceInputs } from "./model.js";
import { unheldIn } from "./unheld.js";
import { fieldsFromWire, toWire, type WireSource } from "./wire.js";

/**
 * Whose source it is that bears the name of one to be created. `held`: the stack keeps it already, as the
 * one to be replaced or as another resource; `unknown`: it is ours, but whether the stack keeps it cannot be told.
 */
export type Owner = "ours" | "held" | "unknown" | "another's";

/**
 * Finds out whose source it is. An automatic name is derived from the URN, so that what bears it is ours, on whatever
 * machine it was made. A name that the program chose proves nothing: there it takes the journal, which knows the
 * source's id, or what was posted, and when, where the answer was lost.
 *
 * @param entry what the journal knew before this create.
 */
export async function ownerOf(
  source: WireSource,
  inputs: SourceInputs,
  entry: JournalEntry | undefined,
  { stack }: Context,
): Promise<Owner> {
  const held = await isKept(source, inputs, stack);
  if (held === true) return "held";
  // What the stack took in and keeps no more was let go of on purpose: it is not ours any longer, whatever its name.
  const isLetGo =
    entry?.taken === true && entry.sourceId !== undefined && entry.sourceId === source.source_id;
  const recorded = entry !== undefined && !entry.taken && isAbout(entry, source);
  if (isLetGo || (!recorded && !inputs.__autonamed)) return "another's";
  // What no create has returned to the engine, the engine keeps only where somebody has imported it.
  const isOurs = held === false || (recorded && !entry.returned);
  return isOurs ? "ours" : "unknown";
}

/** Whether the stack keeps a source already; `undefined` where that cannot be told. */
export async function isKept(
  { source_id: id, name }: WireSource,
  { __urn: urn }: SourceInputs,
  stack: StackState,
): Promise<boolean | undefined> {
  return urn === undefined || id === undefined ? undefined : stack.holds(urn, id, name);
}

/** Whether an entry is about this source. */
export function isAbout(entry: JournalEntry, source: WireSource): boolean {
  const { sourceId, name, postedAt, until } = entry;
  if (sourceId !== undefined) return sourceId === source.source_id;
  return (
    name === source.name &&
    isMadeWithin(source, { from: postedAt, until }) &&
    isOneOf(entry.fingerprints, source)
  );
}

/** A part of the organisation's time, in milliseconds since the epoch; open where an end is missing. */
export interface Period {
  from: number;
  until?: number;
}

/** Whether a source can have been made then. An organisation that does not say when its sources were made is taken at its word. */
export function isMadeWithin({ date_created }: WireSource, { from, until = Infinity }: Period): boolean {
  const madeAt = Date.parse(date_created ?? "");
  return Number.isNaN(madeAt) || (madeAt >= from && madeAt <= until);
}

/** Whether a source is the one that was posted. The status is left out: it is brought about later. */
export const isWhatWasSent = (source: WireSource, sent: SourceFields): boolean =>
  differingFields({ ...fieldsFromWire(source, sent), status: sent.status }, sent).length === 0;

/** A hash of what a POST sends, but for the secret address, which an API may keep to itself, and the status, which changes. */
export function fingerprintOf(fields: SourceFields): string {
  const { status: _, webhook_url: __, ...sent } = toWire(fields);
  return createHash("sha256").update(JSON.stringify(sent)).digest("hex");
}

/** Whether a source is one of those that were posted. Nobody has posted what no program can hold. */
export function isOneOf(fingerprints: readonly string[], source: WireSource): boolean {
  const fields = fieldsFromWire(source);
  return unheldIn(fields).length === 0 && fingerprints.includes(fingerprintOf(fields));
}

/**
 * What an earlier run has made, or has begun to make, for this very resource without the stack knowing of it.
 *
 * @param replaced the name of what is being replaced, or was deleted to be, as far as it is known.
 */
export async function leftByEarlierRun(
  inputs: SourceInputs,
  replaced: string | undefined,
  step: Step,
): Promise<JournalEntry | undefined> {
  const { journal, stack } = step.context;
  const { __urn: urn, name } = inputs;
  const entry = urn === undefined ? undefined : await journal.find(urn);
  if (urn === undefined || entry === undefined || entry.taken) return undefined;
  // One of the name that is asked for is met by the POST.
  if (isUnanswered(entry)) return entry.name === name ? undefined : arrivedOf(entry, urn, step);
  const id = idOf(entry);
  if (id === undefined) return undefined;
  // Then the entry is about what the stack keeps; one of another name is about what was to take its place.
  if (entry.returned && replaced === entry.name) return undefined;
  const held = await stack.holds(urn, id);
  // As above: what was never returned can still have been imported, as this resource or as another.
  return held === false || (held === undefined && !entry.returned) ? entry : undefined;
}

/** What has become of a POST under another name whose answer was never seen. */
async function arrivedOf(entry: JournalEntry, urn: string, step: Step): Promise<JournalEntry | undefined> {
  const { client, journal, stack } = step.context;
  const source = await eventually(step, () => sourceApi(client, step.budget).findLive(entry.name));
  const { source_id: sourceId } = source ?? {};
  if (source === undefined || sourceId === undefined || !isAbout(entry, source)) return undefined;
  if ((await stack.holds(urn, sourceId, entry.name)) === true) return undefined;
  const known = { ...entry, sourceId };
  await journal.write(known);
  return known;
}

/** The id that a resource has of which an entry tells. */
export const idOf = ({ sourceId, jobId }: JournalEntry): string | undefined =>
  sourceId ?? (jobId === undefined ? undefined : jobResourceId(jobId));
