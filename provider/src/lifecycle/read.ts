/** Reads an object, as a refresh, a `get` or an import does. */
import { isDigest } from "../addressDigest.js";
import type { Context } from "../resourceHandler.js";
import { eventually, unlessMissing, unlessStopped } from "../step.js";
import { LOOKUP_TIMEOUT, SETTLES_WITHIN_MS } from "../waits.js";
import { isWebAddress, NOT_A_WEB_ADDRESS } from "../webAddress.js";
import { asListed } from "./belief.js";
import { insistHere } from "./elsewhere.js";
import { endingOf } from "./ending.js";
import { fieldsIn, fieldsOf } from "./fields.js";
import { insistHoldable } from "./holdable.js";
import type { Inputs, State } from "./inputs.js";
import { stillAsked } from "./kept.js";
import { beginOn, type Kind, type KindStep, keyOf } from "./kind.js";
import type { Observed } from "./kindApi.js";
import type { Found } from "./madeByJob.js";
import { sayName } from "./messages.js";
import { accepted, backToPosting, nextPhase } from "./record.js";
import { inputsOf } from "./state.js";
import { begunIn, isInTheMaking, noteCreate } from "./stateRecord.js";
import { seenThrough, whereabouts } from "./whereabouts.js";

/** @returns `undefined`: it is gone. "Not allowed" is an error, never gone. */
export async function read(
  kind: Kind,
  context: Context,
  id: string,
  known: State | undefined,
): Promise<{ id: string; state: State; inputs: Inputs } | undefined> {
  const step = beginOn(kind, context, LOOKUP_TIMEOUT);
  const tellStack = (key: string | undefined) => {
    // What is read by its id alone is none of the stack's.
    if (known !== undefined) context.stack.hasRead(id, key);
  };
  const made = await madeSoFar(id, known, step);
  if (made === "pending") return known && { id, state: known, inputs: inputsOf(kind, known) };
  const object = made && (await lookAt(made, known, step));
  if (made === undefined || object === undefined) {
    if (made !== undefined && known !== undefined) await insistHere(`id ${made.objectId}`, known, step);
    if (made !== undefined && known?.__urn !== undefined) await forget(known, made.objectId, step);
    tellStack(undefined);
    return undefined;
  }
  insistHoldable(kind, object);
  const state = stateOf(object, made.objectId, known, step);
  const inputs = inputsOf(kind, state);
  tellStack(keyOf(kind, inputs));
  return { id: made.objectId, state, inputs };
}

/** The object that a state is about, without waiting: `"pending"` while its job is at it, nothing when that made none. */
async function madeSoFar(
  id: string,
  known: State | undefined,
  step: KindStep,
): Promise<"pending" | Found | undefined> {
  const state = known ?? { name: "" };
  const begun = begunIn(step.kind, state, id);
  const { objectId } = begun;
  if (objectId !== undefined && !isInTheMaking(begun, known)) return { objectId };
  const ending = await endingOf(begun, state, step, { asker: "read" });
  if ("found" in ending) return ending.found;
  return ending.next === "KEEP" ? "pending" : undefined;
}

/**
 * Of what was only just made, "not found" may mean "not yet". And no version is older than one that was seen before: such a
 * read lags behind, and is waited for as long as reads may.
 */
async function lookAt(
  { objectId, seen }: Found,
  known: State | undefined,
  step: KindStep,
): Promise<Observed | undefined> {
  const read = () => unlessMissing(step.api.get(objectId));
  const mayBeUnseen = known?.__unfinished !== undefined || isNew(known, step);
  const shown = seen ?? (await asListed(objectId, known, step));
  const what = `what has become of ${step.kind.noun} ${objectId}`;
  const waitForIt = async () => unlessStopped(await eventually(step, read), what);
  const object = shown ?? (mayBeUnseen ? await waitForIt() : await read());
  const isBehind = (version: number | undefined) =>
    version !== undefined && known?.version !== undefined && version < known.version;
  if (object === undefined || !isBehind(object.version)) return object;
  let last: Observed | undefined = object;
  const caughtUp = await eventually(step, async () => {
    last = await read();
    const isLate = last === undefined ? mayBeUnseen : isBehind(last.version);
    return isLate ? undefined : true;
  });
  unlessStopped(caughtUp, what);
  // Reads have had their time: what they show now counts.
  return last;
}

/** Whether it was posted so lately that no read need show it yet. */
function isNew(known: State | undefined, { context }: KindStep): boolean {
  const { earliest } = context.client.clock.at(context.now());
  return known?.__madeAt !== undefined && known.__madeAt + SETTLES_WITHIN_MS > earliest;
}

function stateOf(object: Observed, objectId: string, known: State | undefined, step: KindStep): State {
  const { kind, context } = step;
  // A state that does not say where it is was written before that was noted: a read alone changes nothing in it.
  const isKnown = known !== undefined && isState(kind, known);
  const where = isKnown ? seenThrough(known, context) : whereabouts(context);
  const { webhookUrl: _, __asked: __, ...rest }: Partial<State> = { ...known, ...where };
  // What was posted and has got nothing of its own yet is still to become what was asked for.
  const isToBecome = object.isBare === true && known?.__unfinished !== undefined;
  const fields = isToBecome ? { ...fieldsIn(kind, known) } : fieldsOf(object, known);
  const outputs = { ...object.outputs, ...stillAsked(kind, fields, known), [kind.idOutput]: objectId };
  const state = { ...rest, ...fields, ...outputs } as State;
  if (known?.__create !== undefined) noteCreate(state, accepted(begunIn(kind, known), { objectId }), kind);
  const { webhookUrl } = state;
  if (webhookUrl !== undefined && !isDigest(webhookUrl) && !isWebAddress(webhookUrl))
    context
      .log(state.__urn)
      .warn(
        `the webhook address that ${sayName(kind, state)} has in the organisation gets no notices: it ${NOT_A_WEB_ADDRESS}. "pulumi up" sets the program's`,
      );
  return state;
}

/** Whether a state says which object it is about, as opposed to the bare arguments of a `get`. */
export const isState = ({ idOutput }: Kind, properties: object | undefined): boolean =>
  properties !== undefined && (idOutput in properties || "jobId" in properties);

/**
 * What somebody deleted is not to be looked for by the create that follows. What was posted since stays known: it may
 * have arrived. So does a POST that was sent twice: the other one may have made something, too.
 */
async function forget(state: State, objectId: string, { kind, context }: KindStep): Promise<void> {
  const { journal, client, now } = context;
  const { __urn: urn = "" } = state;
  const { duplicatesUntil } = begunIn(kind, state);
  const record = await journal.find(urn);
  if (record === undefined) return;
  const event = duplicatesUntil === undefined ? "deleted" : "deleted, another may be there";
  const next = nextPhase(event, record, { isIt: record.objectId === objectId ? "yes" : "no" });
  if (next === "none") await journal.forget(urn);
  if (next === "posting") {
    const { latest } = client.clock.at(now());
    await journal.write({
      ...backToPosting(record, "deleted, another may be there", latest),
      duplicatesUntil,
    });
  }
  // The record of another POST alone can tell from now on.
  else if (next !== "none" && duplicatesUntil !== undefined)
    await journal.write({
      ...record,
      duplicatesUntil: Math.max(duplicatesUntil, record.duplicatesUntil ?? 0),
    });
}
