/**
 * From inputs to a finished state: posts, or uses what is there (`postAndBring`); or goes on with what was begun, in this run
 * or in an earlier one (`bringAbout`).
 */

import type { CreateRecord } from "../createRecord.js";
import { JOB_PREFIX } from "../jobResource.js";
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
import { type Kind, type KindStep, keyOf, objectIdIn } from "./kind.js";
import type { Found, Sent } from "./madeByJob.js";
import { type Brought, expectLater, finished, isInput } from "./state.js";
import { whereabouts } from "./whereabouts.js";

/** A resource's id is the object's, unless only its job was known when it was written. */
export const objectIdOf = (id: string): string | undefined => (id.startsWith(JOB_PREFIX) ? undefined : id);

/** The job to ask. An update must not change the id: when it posted again, only the state knows the new job. */
export const jobIdOf = (id: string, state: State | undefined): string =>
  state?.jobId ?? id.slice(JOB_PREFIX.length);

/** Whether the job of a create may still be at work. */
export const isInTheMaking = (kind: Kind, id: string, known: State | undefined): boolean =>
  id.startsWith(JOB_PREFIX)
    ? known === undefined || objectIdIn(kind, known) === undefined || known.__unfinished !== undefined
    : known?.__unfinished !== undefined && known.jobId !== undefined;

/** What a state knows of what was posted. */
export const postedIn = (kind: Kind, state: State): Posted => ({
  objectId: objectIdIn(kind, state),
  jobId: state.jobId,
  __postedAt: state.__postedAt,
  __until: state.__until,
  __met: state.__met,
});

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
  state[kind.idOutput] = ending.found.objectId;
  const written = await ensureFields(ending.found, inputs, step);
  if ("why" in written) {
    if (written.is === "going") return { notMade: written.why };
    if (written.is !== "second" || isThere) throw written.why;
    await removeObject(ending.found.objectId, inputs, step);
    Object.assign(state, { [kind.idOutput]: undefined, jobId: undefined });
    return postAndBring(state, inputs, step, { isReplacing, isThere: true });
  }
  await removeDuplicates(state, ending.found.objectId, step);
  return { state: finished(inputs, written, state, step) };
}

/** The state bears what was posted: the next run looks for that. */
function noteIn(state: State, inputs: Inputs, posted: Posted, { kind, context }: KindStep): void {
  for (const key of Object.keys(state)) if (isInput(kind, key)) delete state[key];
  const { objectId, jobId, __postedAt, __until, seen } = posted;
  Object.assign(state, inputs, whereabouts(context), {
    [kind.idOutput]: objectId,
    jobId,
    __postedAt,
    __until,
    __met: seen !== undefined || undefined,
    __duplicatesUntil: posted.__duplicatesUntil ?? state.__duplicatesUntil,
  });
}

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
  if (state.jobId !== undefined) context.stack.expectsNothingOf(state.jobId);
  // What the journal has told already it does not tell twice.
  const later = left === undefined ? await recordToResume(inputs, undefined, step) : undefined;
  if (later !== undefined && !isOf(later, state, kind)) {
    const begun = begunBy(later, inputs, kind);
    Object.assign(state, begun.posted, { __asked: undefined });
    return bringAbout(state, begun.sent, inputs, step, later);
  }
  // From here on nothing that was begun earlier is to be kept. The journal still knows of it, until the POST is taken.
  Object.assign(state, { [kind.idOutput]: undefined, jobId: undefined, __asked: undefined });
  return postAndBring(state, inputs, step, { isThere: used === "post where none is" });
}

/** Whether a record tells of what a state is about. */
const isOf = ({ jobId, objectId }: CreateRecord, state: State, kind: Kind): boolean =>
  jobId === undefined ? objectId === objectIdIn(kind, state) : jobId === state.jobId;

/** What an earlier run has begun, as a state bears it, and what it had posted, as far as that is known. */
export function begunBy(record: CreateRecord, inputs: Inputs, kind: Kind) {
  const { jobId, objectId, name, postedAt, until, duplicatesUntil } = record;
  return {
    posted: {
      jobId,
      [kind.idOutput]: objectId,
      __postedAt: postedAt,
      __until: until,
      __met: true,
      __duplicatesUntil: duplicatesUntil,
    },
    // The key that was posted: what it is derived from may have changed since. Where its notices were to go then, the
    // journal does not know.
    sent: { ...inputs, [kind.key.field]: name },
  };
}

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
  const known = objectIdIn(kind, state);
  const ending = await endingOf({ ...postedIn(kind, state), fingerprints: left?.fingerprints }, sent, step, {
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
  state[kind.idOutput] = objectId;
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
