import type { Journal } from "../journal.js";
import type { LifecycleHook, Outcome } from "./lifecycle.js";

/**
 * Keeps the journal true once a step is over. What a create or update is about to return the engine may keep from then
 * on: the journal alone no longer says whether the stack knows of it. What was deleted is forgotten.
 */
export const journalHook: LifecycleHook = {
  after: async ({ journal, now }, { operation, about: { id, urn } }, outcome) => {
    if (urn === undefined) return undefined;
    if (operation !== "delete") await noteReturned(journal, urn, operation === "create", outcome, now());
    else if (outcome.failure === undefined && (await journal.find(urn))?.sourceId === id)
      await journal.forget(urn);
    return undefined;
  },
};

async function noteReturned(
  journal: Journal,
  urn: string,
  isCreate: boolean,
  { about, finalStatus }: Outcome,
  now: number,
): Promise<void> {
  const entry = await journal.find(urn);
  if (entry?.returned === true && !isCreate) return;
  if (finalStatus === "failed") {
    // A job that failed has made nothing, as far as can be seen; should there be something, it is known again.
    if (entry !== undefined && !entry.returned)
      await journal.write({ ...entry, jobId: undefined, sourceId: undefined });
    return;
  }
  if (entry === undefined && !isCreate) return;
  const { id: sourceId = entry?.sourceId, jobId = entry?.jobId, name } = about;
  const { postedAt = now, fingerprints = [] } = entry ?? {};
  await journal.write({ urn, name, postedAt, fingerprints, sourceId, jobId, returned: true });
}
