import { isUnanswered, type JournalEntry } from "../journal.js";
import type { Context, Summary } from "../resourceHandler.js";
import type { LifecycleHook, Outcome } from "./lifecycle.js";

/**
 * Keeps the journal true once a step is over. What a create is about to return the engine may keep from then on: the
 * journal alone no longer says whether the stack knows of it. What is updated it knows. What was deleted is forgotten.
 */
export const journalHook: LifecycleHook = {
  after: async (context, { operation, about }, outcome) => {
    const { journal } = context;
    const { urn } = about;
    const entry = urn === undefined ? undefined : await journal.find(urn);
    if (urn === undefined) return undefined;
    if (operation === "create") await noteCreate(context, urn, entry, outcome);
    else if (entry === undefined) return undefined;
    else if (operation === "update") await noteUpdate(context, entry, about, outcome);
    else if (outcome.failure === undefined && tellsOf(entry, about)) await journal.forget(urn);
    return undefined;
  },
  inState: async ({ journal, log }, about, isReplaced) => {
    const entry = about.urn === undefined ? undefined : await journal.find(about.urn);
    if (entry === undefined || entry.taken) return;
    if (tellsOf(entry, about)) {
      if (entry.returned) await journal.write({ ...entry, taken: true });
      return;
    }
    // Whoever replaces it goes on with that.
    if (isReplaced || entry.returned || isUnanswered(entry)) return;
    const what = entry.sourceId === undefined ? `its job ${entry.jobId}` : `its id ${entry.sourceId}`;
    log(about.urn).warn(
      `an interrupted run has begun to replace this by ${JSON.stringify(entry.name)} (${what}), and this one does not go on with that: replace it again (--replace), or delete what "genesyscloud-eventbridge doctor" names`,
    );
  },
};

async function noteCreate(
  context: Context,
  urn: string,
  entry: JournalEntry | undefined,
  { about, finalStatus }: Outcome,
): Promise<void> {
  if (finalStatus === "failed") return noteFailure(context, entry, about);
  // With the engine gone nobody hears of it.
  if (context.signal.aborted) return;
  const isPosted = entry !== undefined && !entry.taken && tellsOf(entry, about);
  // What another create has begun is still to be known; but a name that another's source bears was never given.
  const isNothing = entry !== undefined && isUnanswered(entry) && entry.name === about.name;
  if (entry !== undefined && !isPosted && !entry.taken && !isNothing) return;
  const begun = isPosted ? entry : { urn, name: about.name, postedAt: context.now(), fingerprints: [] };
  // What was there already was not made for this stack: should the engine lose it, it is not ours.
  await context.journal.write({ ...known(begun, about), returned: true, taken: isPosted ? undefined : true });
}

/** What an update brings about the engine has: it is in the stack, unless the update has posted it again. */
async function noteUpdate(
  context: Context,
  entry: JournalEntry,
  before: Summary,
  { about, finalStatus }: Outcome,
): Promise<void> {
  if (finalStatus === "failed") return noteFailure(context, entry, about);
  const isNews = !entry.taken || entry.sourceId !== about.id;
  const taken = entry.returned || tellsOf(entry, before) ? true : undefined;
  if (tellsOf(entry, about) && isNews && !context.signal.aborted)
    await context.journal.write({ ...known(entry, about), returned: true, taken });
}

/** A job that failed has made nothing, as far as can be seen; should there be something, it is known again. */
async function noteFailure(
  { journal, client, now }: Context,
  entry: JournalEntry | undefined,
  about: Summary,
): Promise<void> {
  if (entry === undefined || entry.returned || entry.jobId === undefined) return;
  if (entry.jobId !== about.jobId) return;
  const { latest } = client.clock.at(now());
  const until = Math.min(entry.until ?? latest, latest);
  await journal.write({ ...entry, until, jobId: undefined, sourceId: undefined });
}

/** Whether an entry is about this: it may also be about what was to take its place. */
const tellsOf = ({ sourceId, jobId }: JournalEntry, about: Summary): boolean =>
  sourceId !== undefined && about.id !== undefined
    ? sourceId === about.id
    : jobId !== undefined && jobId === about.jobId;

const known = (entry: JournalEntry, { id, jobId, name }: Summary): JournalEntry => ({
  ...entry,
  name,
  sourceId: id ?? entry.sourceId,
  jobId: jobId ?? entry.jobId,
});
