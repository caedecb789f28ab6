/** The record of a create that was cut short: it stands in the state, under one key, `__create`. */
import type { Begun } from "../createRecord.js";
import { JOB_PREFIX } from "../jobResource.js";
import type { State } from "./inputs.js";
import { type Kind, objectIdIn } from "./kind.js";

/**
 * What stood in a state before there was a record, beside the job and the id. 0.1.0 wrote the first at the most; the others came
 * one by one after it. Never written any more.
 */
type Flags = Partial<Record<"__postedAt" | "__until" | "__duplicatesUntil", number>> & { __met?: boolean };

const FLAGS = ["__postedAt", "__until", "__duplicatesUntil", "__met"] as const satisfies (keyof Flags)[];

/** A resource's id is the object's, unless only its job was known when it was written. */
export const objectIdOf = (id: string | undefined): string | undefined =>
  id?.startsWith(JOB_PREFIX) ? undefined : id;

/**
 * What a state tells of the create that it comes from.
 *
 * @param id of the resource. An update that posts again cannot change it: then it tells of what was there before, and does not
 *   count.
 */
export function begunIn(kind: Kind, state: State, id?: string): Begun {
  const { __create: begun } = state;
  // An older release knows no record. It keeps the one that it finds, and posts again: then job or id beside it are others.
  const isOf = begun?.jobId === state.jobId && begun?.objectId === objectIdIn(kind, state);
  if (begun !== undefined && isOf) return begun;
  const { __postedAt: postedAt, __until: until, __duplicatesUntil: duplicatesUntil, __met } = state as Flags;
  const objectId = objectIdIn(kind, state) ?? (state.jobId === undefined ? objectIdOf(id) : undefined);
  const isByJob = objectId === undefined && id?.startsWith(JOB_PREFIX);
  const jobId = state.jobId ?? (isByJob ? id?.slice(JOB_PREFIX.length) : undefined);
  return { phase: "accepted", postedAt, until, jobId, objectId, duplicatesUntil, isMet: __met };
}

/**
 * Makes a state bear a record, and the outputs that follow from it. What a program chose can be a secret there, and a hash tells
 * one that is easy to guess: name and fingerprints stay in the journal.
 */
export function noteCreate(state: State, begun: Begun, { idOutput }: Kind): void {
  const { phase, postedAt, until, jobId, objectId, duplicatesUntil, isMet } = begun;
  for (const flag of FLAGS) delete state[flag];
  const record: Begun = { phase, postedAt, until, jobId, objectId, duplicatesUntil, isMet };
  Object.assign(state, { __create: record, jobId, [idOutput]: objectId });
}

/**
 * Whether a state is that of a create that was cut short. A step that went through is marked as unfinished, too, where its notice
 * was not delivered. Such a state has no record. Older releases wrote no records: there a version tells the two apart.
 */
export function isCutShort(state: State): boolean {
  const { __unfinished, __create, version } = state;
  const isFlagged = FLAGS.some((flag) => flag in state);
  return __unfinished !== undefined && (__create !== undefined || isFlagged || version === undefined);
}

/** Whether the job of a create may still be at work. */
export const isInTheMaking = ({ objectId, jobId }: Begun, known: State | undefined): boolean =>
  objectId === undefined || (known?.__unfinished !== undefined && jobId !== undefined);
