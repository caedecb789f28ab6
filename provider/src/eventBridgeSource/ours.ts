import { createHash } from "node:crypto";
import type { JournalEntry } from "../journal.js";
import type { Context } from "../resourceHandler.js";
import type { SourceFields, SourceInputs } from "./model.js";
import { fieldsFromWire, toWire, type WireSource } from "./wire.js";

/**
 * Whose source it is that bears the name of one to be created. `held`: the stack keeps it already, as the
 * one to be replaced or as another resource; `unknown`: it is ours, but whether the stack keeps it cannot be told.
 */
export type Owner = "ours" | "held" | "unknown" | "another's";

/** How far the organisation's clock may be behind this machine's, in milliseconds. */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * Finds out whose source it is. An automatic name is derived from the URN, so that what bears it is ours, on whatever
 * machine it was made. A name that the program chose proves nothing: there it takes the journal, which knows the
 * source's id, or what was posted when the answer was lost.
 *
 * @param entry what the journal knew before this create.
 */
export async function ownerOf(
  source: WireSource,
  inputs: SourceInputs,
  entry: JournalEntry | undefined,
  context: Context,
): Promise<Owner> {
  const { __urn: urn } = inputs;
  const { source_id: id } = source;
  const held = urn === undefined || id === undefined ? undefined : await context.holds(urn, id);
  if (held === true) return "held";
  const recorded = entry !== undefined && isOf(entry, source);
  if (!recorded && !inputs.__autonamed) return "another's";
  // What no create has returned to the engine, the engine keeps only where somebody has imported it.
  const isOurs = held === false || (recorded && !entry.returned);
  return isOurs ? "ours" : "unknown";
}

/** Whether an entry is about this source. */
function isOf(entry: JournalEntry, source: WireSource): boolean {
  if (entry.sourceId !== undefined) return entry.sourceId === source.source_id;
  const madeAt = Date.parse(source.date_created ?? "");
  const isOlder = madeAt < entry.postedAt - CLOCK_SKEW_MS;
  return (
    entry.name === source.name &&
    !isOlder &&
    entry.fingerprints.includes(fingerprintOf(fieldsFromWire(source)))
  );
}

/** A hash of what a POST sends, but for the secret address, which an API may keep to itself, and the status, which changes. */
export function fingerprintOf(fields: SourceFields): string {
  const { status: _, webhook_url: __, ...sent } = toWire(fields);
  return createHash("sha256").update(JSON.stringify(sent)).digest("hex");
}

/**
 * What an earlier run has made, or has begun to make, for this very resource without the stack knowing of it.
 *
 * @param heldHere whether this process has seen that the stack keeps a source of this resource: then the journal
 *   speaks of that one.
 */
export async function leftByEarlierRun(
  inputs: SourceInputs,
  heldHere: boolean,
  context: Context,
): Promise<JournalEntry | undefined> {
  const { __urn: urn } = inputs;
  const entry = urn === undefined ? undefined : await context.journal.find(urn);
  if (urn === undefined || entry === undefined) return undefined;
  const id = entry.sourceId ?? (entry.jobId === undefined ? undefined : jobResourceId(entry.jobId));
  if (id === undefined) return undefined;
  if (entry.returned && heldHere) return undefined;
  const held = await context.holds(urn, id);
  // As above: what was never returned can still have been imported, as this resource or as another.
  return held === false || (held === undefined && !entry.returned) ? entry : undefined;
}

/** Whether the answer to what an entry tells of was never seen. */
export const isUnanswered = ({ sourceId, jobId, returned }: JournalEntry): boolean =>
  sourceId === undefined && jobId === undefined && !returned;

/** How a resource is called whose source is still in the making: only the job's id is known. */
export const JOB_PREFIX = "job:";
/** The id of a resource of which only the job is known. */
export const jobResourceId = (jobId: string): string => JOB_PREFIX + jobId;
