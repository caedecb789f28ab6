/**
 * The record of a create: how far it has come, whatever becomes of the process. It stands in the journal, and while a step
 * is unfinished in the state, too. Table G says which event brings it to which phase.
 */
import type { Begun, CreateRecord, Phase } from "../createRecord.js";
import { jobResourceId } from "../jobResource.js";
import type { RecordedPhase } from "./ownership.js";
import { decide, type Table } from "./table.js";

/** What changes a record. */
export type RecordEvent =
  | "about to POST"
  | "answered or recognised"
  | "nothing came of it"
  | "a create returned"
  | "an update returned"
  | "the state has it"
  | "the state has another"
  | "deleted"
  | "deleted, another may be there";

/** What the next phase depends on. */
export type PhaseFacts = {
  event: RecordEvent;
  phase: RecordedPhase;
  /** Whether the event is about the object, or the job, that the record tells of. */
  isIt: "yes" | "no";
  /** Whether it is about the same key. */
  key: "same" | "another";
  /** Whether the state that an update began with was about it. */
  wasIt: "yes" | "no";
};

/** The next phase; `as it is` leaves the record alone, `none` forgets it. */
export type NextPhase = Phase | "none" | "as it is" | "as it is, warn";

/** Table G: the phases of a record. */
export const PHASES: Table<PhaseFacts, NextPhase> = {
  columns: {
    event: [
      "about to POST",
      "answered or recognised",
      "nothing came of it",
      "a create returned",
      "an update returned",
      "the state has it",
      "the state has another",
      "deleted",
      "deleted, another may be there",
    ],
    phase: ["none", "posting", "accepted", "returned", "stored"],
    isIt: ["yes", "no"],
    key: ["same", "another"],
    wasIt: ["yes", "no"],
  },
  rows: [
    { when: { event: "about to POST" }, verdict: "posting" },
    { when: { event: "answered or recognised" }, verdict: "accepted" },
    // A job that failed has made nothing, as far as can be seen. Should there be something, it is known again.
    { when: { event: "nothing came of it", phase: "accepted", isIt: "yes" }, verdict: "posting" },
    // What was there already was not made for this stack: should the engine lose it, it is not ours.
    { when: { event: "a create returned", phase: ["none", "stored"] }, verdict: "stored" },
    { when: { event: "a create returned", phase: "posting", key: "same" }, verdict: "stored" },
    {
      when: { event: "a create returned", phase: ["accepted", "returned"], isIt: "yes" },
      verdict: "returned",
    },
    { when: { event: "an update returned", phase: ["returned", "stored"], isIt: "yes" }, verdict: "stored" },
    {
      when: { event: "an update returned", phase: "accepted", isIt: "yes", wasIt: "yes" },
      verdict: "stored",
    },
    { when: { event: "an update returned", phase: "accepted", isIt: "yes" }, verdict: "returned" },
    { when: { event: "the state has it", phase: "returned" }, verdict: "stored" },
    // A killed run has begun to replace it, and no run goes on with that.
    { when: { event: "the state has another", phase: "accepted" }, verdict: "as it is, warn" },
    { when: { event: "deleted", phase: ["accepted", "returned", "stored"], isIt: "yes" }, verdict: "none" },
    // Its POST was sent twice: the next create looks for what the other one has made.
    {
      when: {
        event: "deleted, another may be there",
        phase: ["accepted", "returned", "stored"],
        isIt: "yes",
      },
      verdict: "posting",
    },
    { when: {}, verdict: "as it is" },
  ],
};

/** The phase of what may be there. */
export const phaseOf = (record: Begun | undefined): RecordedPhase => record?.phase ?? "none";

/** What an event makes of a record's phase; what is not said of the event is taken to be otherwise. */
export const nextPhase = (event: RecordEvent, record: Begun | undefined, more: EventFacts = {}): NextPhase =>
  decide(PHASES, { event, phase: phaseOf(record), isIt: "no", key: "another", wasIt: "no", ...more });

/** What an event is about, where that matters. */
export type EventFacts = Partial<Pick<PhaseFacts, "isIt" | "key" | "wasIt">>;

/** A record after an event about it, and what the event tells beside. */
function after<Known extends Begun>(event: RecordEvent, record: Known, told: Partial<Begun>): Known {
  const phase = nextPhase(event, record, { isIt: "yes" });
  const isAsItIs = phase === "none" || phase === "as it is" || phase === "as it is, warn";
  return isAsItIs ? record : { ...record, ...told, phase };
}

/** The record once a POST is about to be sent. What was posted under the same key, and is not answered, still counts. */
export function aboutToPost(
  record: CreateRecord | undefined,
  post: Pick<CreateRecord, "urn" | "name" | "postedAt" | "until" | "duplicatesUntil"> & {
    fingerprint: string;
  },
): CreateRecord {
  const { fingerprint, ...rest } = post;
  // What the stack has is known by its id alone.
  const isAgain = record !== undefined && record.phase !== "stored" && record.name === post.name;
  const known = isAgain ? record : { postedAt: post.postedAt, fingerprints: [] };
  const letGo = record?.phase === "stored" ? record.objectId : record?.letGo;
  const begun: CreateRecord = {
    ...rest,
    ...(letGo === undefined ? {} : { letGo }),
    phase: record?.phase ?? "posting",
    postedAt: known.postedAt,
    fingerprints: [...known.fingerprints, fingerprint],
  };
  return after("about to POST", begun, {});
}

/** The record once the platform has named what it makes, or once that was recognised. */
export const accepted = <Known extends Begun>(
  record: Known,
  told: Pick<Begun, "jobId" | "objectId" | "duplicatesUntil">,
): Known => after("answered or recognised", record, told);

/**
 * The record once nothing came of it, or what it had made is gone.
 *
 * @param now by the organisation's clock: whatever it has made all the same was made by then.
 */
export const backToPosting = <Known extends Begun>(
  record: Known,
  event: "nothing came of it" | "deleted, another may be there",
  now: number,
): Known =>
  after(event, record, {
    until: Math.min(record.until ?? now, now),
    jobId: undefined,
    objectId: undefined,
  });

/** The id that a resource has of which a record tells: the object's, or its job's as long as that is all that is known. */
export const idOf = ({ objectId, jobId }: Begun): string | undefined =>
  objectId ?? (jobId === undefined ? undefined : jobResourceId(jobId));
