/** What interrupted creates have left in the organisation without a stack having it. */

import type { CreateRecord } from "../createRecord.js";
import { getJob, isOver } from "../genesys/job.js";
import { jobResourceId } from "../jobResource.js";
import { unlessMissing } from "../step.js";
import { lookUpInStacks } from "./held.js";
import type { KindStep } from "./kind.js";
import { findLive, findPosted } from "./look.js";
import { isAbout } from "./recognise.js";

/** What a create has begun and no stack is known to have: its object, or the job that is still making it. */
export interface Orphan {
  record: CreateRecord;
  objectId?: string;
  /** Whether it is certain that the stack does not have it. */
  isCertain: boolean;
}

/** What a create of which the journal tells has left, as it looks right now: nothing is waited for. */
export async function orphanOf(record: CreateRecord, step: KindStep): Promise<Orphan | undefined> {
  // What the stack took in and keeps no more was let go of on purpose.
  if (record.phase === "stored") return undefined;
  const present = await presentOf(record, step);
  if (present === undefined) return undefined;
  const { urn, name, jobId } = record;
  const { objectId } = present;
  const ids = [objectId, jobId === undefined ? undefined : jobResourceId(jobId)];
  const held = await Promise.all(
    ids.filter((id) => id !== undefined).map((id) => lookUpInStacks(step.context.stack, urn, id, name)),
  );
  if (held.includes(true)) return undefined;
  return { record, objectId, isCertain: !held.includes(undefined) };
}

/** What there is of it: nothing where nothing more is to come. */
async function presentOf(record: CreateRecord, step: KindStep): Promise<{ objectId?: string } | undefined> {
  const { context, budget, api, kind } = step;
  const { jobId, name } = record;
  const job = jobId === undefined ? undefined : await unlessMissing(getJob(context.client, jobId, budget));
  const id = record.objectId ?? job?.objectId;
  const look = async () =>
    kind.token === undefined ? findLive(name, step) : (await findPosted(record.urn, step))[0];
  const object = await (id === undefined ? look() : unlessMissing(api.get(id)));
  if (object !== undefined && (id !== undefined || isAbout(kind, record, object)))
    return { objectId: object.id };
  return job === undefined || isOver(job) ? undefined : {};
}
