import { getJob, isOver } from "../genesys/jobs.js";
import { jobResourceId } from "../jobResource.js";
import type { CreateRecord } from "../lifecycle/record.js";
import { type Step, unlessMissing } from "../step.js";
import { sourceApi } from "./api.js";
import { isAbout } from "./ours.js";

/** What a create has begun and no stack is known to have: its source, or the job that is still making it. */
export interface Leftover {
  entry: CreateRecord;
  sourceId?: string;
  /** Whether it is certain that the stack does not have it. */
  isCertain: boolean;
}

/**
 * What a create of which the journal tells has left in the organisation without the stack having it, as it looks right
 * now: nothing is waited for.
 */
export async function leftoverOf(entry: CreateRecord, step: Step): Promise<Leftover | undefined> {
  // What the stack took in and keeps no more was let go of on purpose.
  if (entry.phase === "stored") return undefined;
  const present = await presentOf(entry, step);
  if (present === undefined) return undefined;
  const { urn, name, jobId } = entry;
  const { sourceId } = present;
  const ids = [sourceId, jobId === undefined ? undefined : jobResourceId(jobId)];
  const held = await Promise.all(
    ids.filter((id) => id !== undefined).map((id) => step.context.stack.holds(urn, id, name)),
  );
  if (held.includes(true)) return undefined;
  return { entry, sourceId, isCertain: !held.includes(undefined) };
}

/** What there is of it: nothing where nothing more is to come. */
async function presentOf(
  entry: CreateRecord,
  { context: { client }, budget }: Step,
): Promise<{ sourceId?: string } | undefined> {
  const api = sourceApi(client, budget);
  const { jobId, name } = entry;
  const job = jobId === undefined ? undefined : await unlessMissing(getJob(client, jobId, budget));
  const id = entry.objectId ?? job?.source_id;
  const source = await (id === undefined ? api.findLive(name) : unlessMissing(api.get(id)));
  if (source !== undefined && (id !== undefined || isAbout(entry, source)))
    return { sourceId: source.source_id };
  return job === undefined || isOver(job) ? undefined : {};
}
