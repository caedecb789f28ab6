/** Observes tables A (`ownerOf`) and B (`isIt`, `isAbout`) at an object; their rows stand in `ownership.ts`. */
import { createHash } from "node:crypto";
import type { CreateRecord } from "../createRecord.js";
import type { Context, StackState } from "../resourceHandler.js";
import { unheldIn } from "../unheld.js";
import { CLOCKS_APART_MS } from "../waits.js";
import { differingFields, fieldsOf } from "./fields.js";
import { lookUpInStacks } from "./held.js";
import type { Inputs, Properties } from "./inputs.js";
import { type Kind, keyOf } from "./kind.js";
import type { Observed } from "./kindApi.js";
import { IDENTITY, type IdentityFacts, OWNERSHIP, type Owner, type RecordedPhase, tri } from "./ownership.js";
import { decide } from "./table.js";

/**
 * Finds out whose the object is that bears the key of one to be created.
 *
 * @param record of the resource, as it was before this create.
 */
export async function ownerOf(
  kind: Kind,
  object: Observed,
  inputs: Inputs,
  record: CreateRecord | undefined,
  { stack }: Context,
): Promise<Owner> {
  return decide(OWNERSHIP, {
    inStack: tri(await lookUpObject(kind, object, inputs, stack)),
    record: phaseAbout(kind, object, record),
    name: inputs.__autonamed || bearsToken(kind, object, inputs.__urn) ? "automatic" : "chosen",
  });
}

/** Whether an object is called as the POST of a resource called it: nobody else gives it that name. */
export const bearsToken = (kind: Kind, { fields }: Observed, urn: string | undefined): boolean =>
  urn !== undefined && kind.token !== undefined && fields.name === kind.token(urn);

/** The phase of a record that is about this very object. What the stack had is known by its id alone. */
function phaseAbout(kind: Kind, object: Observed, record: CreateRecord | undefined): RecordedPhase {
  if (record === undefined) return "none";
  if (record.letGo !== undefined && record.letGo === object.id) return "stored";
  const isIt =
    record.phase === "stored"
      ? record.objectId !== undefined && record.objectId === object.id
      : isAbout(kind, record, object);
  return isIt ? record.phase : "none";
}

/** Whether a stack has an object already; `undefined` where that cannot be told. */
export async function lookUpObject(
  kind: Kind,
  { id, fields }: Observed,
  { __urn: urn }: Inputs,
  stack: StackState,
): Promise<boolean | undefined> {
  if (urn === undefined || id === undefined) return undefined;
  return lookUpInStacks(stack, urn, id, keyOf(kind, fields));
}

/** Whether an object is what a record tells of, whose POST was not answered or whose job says no more. */
export function isAbout(kind: Kind, record: CreateRecord, object: Observed): boolean {
  const { objectId, name, postedAt: from, until } = record;
  return isIt({
    evidence: "unanswered, failed or vanished",
    id: objectId === undefined ? "unknown" : objectId === object.id ? "equal" : "different",
    token: kind.token === undefined ? "none" : bearsToken(kind, object, record.urn) ? "equal" : "different",
    key: name === keyOf(kind, object.fields) ? "equal" : "different",
    made: whenMade(object, { from, until }),
    content: isOneOf(kind, record.fingerprints, object) ? "equal" : "different",
  });
}

/** Whether an object is what was posted, by table B. What is not said is no reason to doubt it. */
export const isIt = (
  facts: Pick<IdentityFacts, "evidence" | "made" | "content"> & Partial<IdentityFacts>,
): boolean => decide(IDENTITY, { id: "unknown", token: "none", key: "equal", ...facts }) === "yes";

/** A part of the organisation's time, in milliseconds since the epoch; open where an end is missing. */
export interface Period {
  from: number;
  until?: number;
}

/** Whether an object can have been made then. An organisation that does not say when it was made is taken at its word. */
export function whenMade({ madeAt }: Observed, { from, until = Infinity }: Period): IdentityFacts["made"] {
  if (madeAt === undefined || (madeAt >= from && madeAt <= until)) return "in the window";
  const isNear = madeAt >= from - CLOCKS_APART_MS && madeAt <= until + CLOCKS_APART_MS;
  return isNear ? "within a minute of it" : "outside";
}

/** Whether an object is the one that was posted. What a POST does not carry is brought about later. */
export function isWhatWasSent(kind: Kind, object: Observed, sent: Properties): boolean {
  const later = Object.fromEntries(kind.notPosted.map((field) => [field, sent[field]]));
  return differingFields(kind, { ...fieldsOf(object, sent), ...later }, sent).length === 0;
}

/** A hash of what a POST sends, but for the secret address, which an API may keep to itself. */
export const fingerprintOf = (kind: Pick<Kind, "sent">, fields: Properties): string =>
  createHash("sha256")
    .update(JSON.stringify(kind.sent(fields)))
    .digest("hex");

/** Whether an object is one of those that were posted. Nobody has posted what no program can hold. */
export const isOneOf = (kind: Kind, fingerprints: readonly string[], { fields }: Observed): boolean =>
  unheldIn(fields).length === 0 && fingerprints.includes(fingerprintOf(kind, fields));
