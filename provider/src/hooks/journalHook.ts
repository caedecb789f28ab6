/**
 * Keeps a resource's record true once a step is over. What a create is about to return the engine may have from then on:
 * the record alone no longer says whether the stack knows of it. What is updated it knows. What was deleted is forgotten.
 */
import type { CreateRecord } from "../createRecord.js";
import { backToPosting, type EventFacts, nextPhase } from "../lifecycle/record.js";
import type { Context, Summary } from "../resourceHandler.js";
import type { LifecycleHook, LifecycleStep, Outcome } from "./lifecycle.js";

/** The hook that tells the journal of what became of each step. */
export const journalHook: LifecycleHook = {
  after: async (context, step, outcome) => {
    const { urn } = step.about;
    if (urn !== undefined) await note(context, urn, step, outcome);
    return undefined;
  },
  inState: async ({ journal, log }, about, isReplaced) => {
    const record = about.urn === undefined ? undefined : await journal.findUnlessStored(about.urn);
    // Whoever replaces it goes on with what the record tells of.
    if (record === undefined || (isReplaced && !tellsOf(record, about))) return;
    const next = nextPhase(tellsOf(record, about) ? "the state has it" : "the state has another", record);
    if (next === "stored") await journal.write({ ...record, phase: next });
    if (next !== "as it is, warn") return;
    // Its key may be secret in the program.
    const what = record.objectId === undefined ? `its job ${record.jobId}` : `its id ${record.objectId}`;
    log(about.urn).warn(
      `an interrupted run has begun to replace this (${what}), and this one does not go on with that: replace it again (--replace), or delete what "genesyscloud-eventbridge doctor" names`,
    );
  },
};

async function note(context: Context, urn: string, step: LifecycleStep, outcome: Outcome): Promise<void> {
  const record = await context.journal.find(urn);
  if (step.operation === "delete") return noteDelete(context, urn, record, step, outcome);
  if (outcome.finalStatus === "failed") return noteFailure(context, record, outcome.about);
  // With the engine gone nobody hears of it.
  if (!context.signal.aborted) await noteMade(context, urn, record, step, outcome);
}

async function noteDelete(
  { journal }: Context,
  urn: string,
  record: CreateRecord | undefined,
  { about }: LifecycleStep,
  { failure }: Outcome,
): Promise<void> {
  const isForgotten = nextPhase("deleted", record, { isIt: yesNo(tellsOf(record, about)) }) === "none";
  if (failure === undefined && record !== undefined && isForgotten) await journal.forget(urn);
}

/** Notes what a create or an update has made. */
async function noteMade(
  { journal, now }: Context,
  urn: string,
  record: CreateRecord | undefined,
  { operation, about: before }: LifecycleStep,
  { about }: Outcome,
): Promise<void> {
  const facts: EventFacts = {
    isIt: yesNo(tellsOf(record, about)),
    wasIt: yesNo(tellsOf(record, before)),
    key: record?.name === about.key ? "same" : "another",
  };
  if (operation === "update" && record === undefined) return;
  const next = nextPhase(operation === "create" ? "a create returned" : "an update returned", record, facts);
  if (next !== "returned" && next !== "stored") return;
  // What was there already was not made by what the record tells of.
  const isMet = operation === "create" && next === "stored";
  const begun = isMet || record === undefined ? { urn, postedAt: now(), fingerprints: [] } : record;
  const isNews = !(operation === "update" && record?.phase === next && record.objectId === about.id);
  if (!isNews) return;
  const made = { ...known(begun, about), phase: next };
  await (next === "returned" ? journal.writeReturning(made) : journal.write(made));
}

async function noteFailure(
  { journal, client, now }: Context,
  record: CreateRecord | undefined,
  { jobId }: Summary,
): Promise<void> {
  const isIt = yesNo(jobId !== undefined && record?.jobId === jobId);
  if (record === undefined || nextPhase("nothing came of it", record, { isIt }) !== "posting") return;
  await journal.write(backToPosting(record, "nothing came of it", client.clock.at(now()).latest));
}

const yesNo = (answer: boolean) => (answer ? "yes" : "no");

/** Whether a record is about this: it may also be about what was to take its place. */
const tellsOf = (record: CreateRecord | undefined, about: Summary): boolean =>
  record?.objectId !== undefined && about.id !== undefined
    ? record.objectId === about.id
    : record?.jobId !== undefined && record.jobId === about.jobId;

/** A record with what is known of its object now. */
const known = <Known extends Partial<CreateRecord>>(record: Known, { id, jobId, key }: Summary) => ({
  ...record,
  name: key,
  objectId: id ?? record.objectId,
  jobId: jobId ?? record.jobId,
});
