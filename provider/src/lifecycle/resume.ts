/**
 * From inputs to a finished state: posts, or uses what is there (`postAndBring`); or goes on with what was begun, in this run
 * or in an earlier one (`bringAbout`).
 */

import type { Begun, CreateRecord } from "../createRecord.js";
import { recordToResume } from "./begin.js";
import { asPosted, ensurePosted } from "./create.js";
import type { Posted } from "./creation.js";
import { removeObject } from "./delete.js";
import { removeDuplicates } from "./duplicates.js";
import { insistHere } from "./elsewhere.js";
import { type Ending, endingOf } from "./ending.js";
import { ensureFields } from "./ensure.js";
import { lookUpInStacks } from "./held.js";
import type { Inputs, State } from "./inputs.js";
import { type Kind, type KindStep, keyOf } from "./kind.js";
import type { Found, Sent } from "./madeByJob.js";
import { accepted, backToPosting } from "./record.js";
import { type Brought, expectLater, finished, isInput } from "./state.js";
import { begunIn, noteCreate } from "./stateRecord.js";
import { whereabouts } from "./whereabouts.js";

/**
 * Posts what inputs ask for, or uses what is there, and brings it to what they ask for.
 *
 * @param state learns of ids as soon as they are known.
 * @param isReplacing whether it takes the place of one of the same key.
 * @param isThere whether an earlier run has made one, which is looked for before anything is posted.
 */
export async function postAndBring(
  state: State,
  inputs: Inputs,
  step: KindStep,
  { isReplacing = false, isThere = false } = {},
): Promise<Brought> {
  const { kind } = step;
  const posted = await ensurePosted(inputs, { isReplacing, isThere }, step);
  noteIn(state, inputs, posted, step);
  const ending = await endingOf(posted, asPosted(inputs), step, { asker: "create" });
  if (!("found" in ending)) {
    if (ending.next === "FAIL") return { notMade: ending.why };
    throw keptFor(ending, state, step);
  }
  noteObject(state, ending.found.objectId, kind);
  const written = await ensureFields(ending.found, inputs, step);
  if ("why" in written) {
    if (written.is === "going") return { notMade: written.why };
    if (written.is !== "second" || isThere) throw written.why;
    await removeObject(ending.found.objectId, inputs, step);
    noteNothing(state, step);
    return postAndBring(state, inputs, step, { isReplacing, isThere: true });
  }
  await removeDuplicates(state, ending.found.objectId, step);
  return { state: finished(inputs, written, state, step) };
}

/** The state bears what was posted: the next run looks for that. */
function noteIn(state: State, inputs: Inputs, posted: Posted, { kind, context }: KindStep): void {
  for (const key of Object.keys(state)) if (isInput(kind, key)) delete state[key];
  Object.assign(state, inputs, whereabouts(context));
  const duplicatesUntil = posted.duplicatesUntil ?? begunIn(kind, state).duplicatesUntil;
  noteCreate(state, { ...posted, duplicatesUntil }, kind);
}

/** The state bears the object's id. */
const noteObject = (state: State, objectId: string, kind: Kind): void =>
  noteCreate(state, accepted(begunIn(kind, state), { objectId }), kind);

/** Nothing that was begun is to be kept any more, but that there may be two. */
function noteNothing(state: State, { kind, context }: KindStep): void {
  const { latest } = context.client.clock.at(context.now());
  noteCreate(state, backToPosting(begunIn(kind, state), "nothing came of it", latest), kind);
  state.__asked = undefined;
}

/** The state bears what the journal tells, and nothing of what it was about before. */
export function noteLeft(state: State, left: CreateRecord, kind: Kind): void {
  noteCreate(state, { ...accepted(left, {}), isMet: true }, kind);
  state.__asked = undefined;
}

/**
 * What an earlier run had posted, as far as the journal tells: what its key is derived from may have changed since. Where its
 * notices were to go then, nobody knows.
 */
export const sentBy = ({ name }: CreateRecord, inputs: Inputs, kind: Kind): Inputs => ({
  ...inputs,
  [kind.key.field]: name,
});

/** Why a state keeps what was begun. */
function keptFor({ why, wasAtWork }: Exclude<Ending, { found: Found }>, state: State, step: KindStep): Error {
  if (wasAtWork) expectLater(state, step);
  return why;
}

/**
 * Brings about what an earlier create has begun, posting again only what is known not to have come about, or cannot
 * become what is asked for now.
 *
 * @param state bears the ids so far, and learns of new ones.
 * @param sent what was posted, as far as it is known.
 * @param left what the journal knows of it, where the stack does not.
 */
export async function bringAbout(
  state: State,
  sent: Sent,
  inputs: Inputs,
  step: KindStep,
  left?: CreateRecord,
): Promise<Brought> {
  const used = await useWhatWasBegun(state, sent, inputs, step, left);
  if (typeof used !== "string") return used;
  const { context, kind } = step;
  const begun = begunIn(kind, state);
  if (begun.jobId !== undefined) context.stack.expectsNothingOf(begun.jobId);
  // What the journal has told already it does not tell twice.
  const later = left === undefined ? await recordToResume(inputs, undefined, step) : undefined;
  if (later !== undefined && !isOf(later, begun)) {
    noteLeft(state, later, kind);
    return bringAbout(state, sentBy(later, inputs, kind), inputs, step, later);
  }
  // The journal still knows of it, until the POST is taken.
  noteNothing(state, step);
  return postAndBring(state, inputs, step, { isThere: used === "post where none is" });
}

/** Whether a record tells of what a state is about. */
const isOf = ({ jobId, objectId }: CreateRecord, begun: Begun): boolean =>
  jobId === undefined ? objectId === begun.objectId : jobId === begun.jobId;

/** @returns `post` where nothing more can come of what was begun; `post where none is`, where an earlier run has made one. */
async function useWhatWasBegun(
  state: State,
  sent: Sent,
  inputs: Inputs,
  step: KindStep,
  left: CreateRecord | undefined,
): Promise<Brought | "post" | "post where none is"> {
  const { context, kind } = step;
  const { __urn: urn } = inputs;
  const begun = begunIn(kind, state);
  const { objectId: known } = begun;
  const ending = await endingOf({ ...begun, fingerprints: left?.fingerprints }, sent, step, {
    asker: "resume",
    // A job in an unknown status is not waited for any more once it was taken out of the stack.
    wasReturned: left?.phase === "returned",
    key: keyOf(kind, sent) === keyOf(kind, inputs) ? "the one asked for" : "another",
  });
  if (!("found" in ending)) {
    if (ending.next === "POST") return "post";
    throw keptFor(ending, state, step);
  }
  const { objectId } = ending.found;
  const isNew = left !== undefined && known === undefined && urn !== undefined;
  // Somebody has imported it meanwhile.
  if (isNew && (await lookUpInStacks(context.stack, urn, objectId)) === true) return "post";
  noteObject(state, objectId, kind);
  const written = await ensureFields(ending.found, inputs, step);
  if (!("why" in written)) {
    await removeDuplicates(state, objectId, step);
    return { state: finished(inputs, written, state, step) };
  }
  if (written.is === "there" || written.is === "second") await removeObject(objectId, inputs, step);
  else if (written.is === "not to be read" && known !== undefined)
    await insistHere(`id ${known}`, state, step);
  return written.is === "second" ? "post where none is" : "post";
}
