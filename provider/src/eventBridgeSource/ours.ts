/** What the tables of ownership and identity depend on, observed at a source. */
import { createHash } from "node:crypto";
import {
  IDENTITY,
  type IdentityFacts,
  OWNERSHIP,
  type Owner,
  type RecordedPhase,
  tri,
} from "../lifecycle/ownership.js";
import type { CreateRecord } from "../lifecycle/record.js";
import { decide } from "../lifecycle/table.js";
import type { Context, StackState } from "../resourceHandler.js";
import { differingFields } from "./fields.js";
import type { SourceFields, SourceInputs } from "./model.js";
import { unheldIn } from "./unheld.js";
import { fieldsFromWire, toWire, type WireSource } from "./wire.js";

/**
 * Finds out whose the source is that bears the name of one to be created.
 *
 * @param record of the resource, as it was before this create.
 */
export async function ownerOf(
  source: WireSource,
  inputs: SourceInputs,
  record: CreateRecord | undefined,
  { stack }: Context,
): Promise<Owner> {
  return decide(OWNERSHIP, {
    inStack: tri(await isInStack(source, inputs, stack)),
    record: phaseAbout(source, record),
    name: inputs.__autonamed ? "automatic" : "chosen",
  });
}

/** The phase of a record that is about this very source. What the stack had is known by its id alone. */
function phaseAbout(source: WireSource, record: CreateRecord | undefined): RecordedPhase {
  if (record === undefined) return "none";
  const isIt =
    record.phase === "stored"
      ? record.objectId !== undefined && record.objectId === source.source_id
      : isAbout(record, source);
  return isIt ? record.phase : "none";
}

/** Whether the stack has a source already; `undefined` where that cannot be told. */
export async function isInStack(
  { source_id: id, name }: WireSource,
  { __urn: urn }: SourceInputs,
  stack: StackState,
): Promise<boolean | undefined> {
  return urn === undefined || id === undefined ? undefined : stack.holds(urn, id, name);
}

/** Whether a source is what a record tells of, whose POST was not answered or whose job says no more. */
export function isAbout(record: CreateRecord, source: WireSource): boolean {
  const { objectId, name, postedAt: from, until } = record;
  return isIt({
    evidence: "unanswered, failed or vanished",
    id: objectId === undefined ? "unknown" : objectId === source.source_id ? "equal" : "different",
    key: name === source.name ? "equal" : "different",
    made: whenMade(source, { from, until }),
    content: isOneOf(record.fingerprints, source) ? "equal" : "different",
  });
}

/** Whether an object is what was posted, by table B. What is not said is no reason to doubt it. */
export const isIt = (
  facts: Pick<IdentityFacts, "evidence" | "made" | "content"> & Partial<IdentityFacts>,
): boolean => decide(IDENTITY, { id: "unknown", key: "equal", ...facts }) === "yes";

/** A part of the organisation's time, in milliseconds since the epoch; open where an end is missing. */
export interface Period {
  from: number;
  until?: number;
}

/** How far the clocks of a gateway, of jobs and of sources may be apart, in milliseconds; the platform publishes no number. */
const CLOCKS_APART_MS = 60_000;

/** Whether a source can have been made then. An organisation that does not say when its sources were made is taken at its word. */
export function whenMade(
  { date_created }: WireSource,
  { from, until = Infinity }: Period,
): IdentityFacts["made"] {
  const madeAt = Date.parse(date_created ?? "");
  if (Number.isNaN(madeAt) || (madeAt >= from && madeAt <= until)) return "in the window";
  const isNear = madeAt >= from - CLOCKS_APART_MS && madeAt <= until + CLOCKS_APART_MS;
  return isNear ? "within a minute of it" : "outside";
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
