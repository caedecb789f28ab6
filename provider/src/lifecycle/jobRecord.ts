/** What the journal knows of what a job has made, where the job tells no id: an earlier run may have found it by its key. */
import type { CreateRecord } from "../createRecord.js";
import type { Step } from "../step.js";

/** The record of a job. */
export async function recordOfJob(
  jobId: string | undefined,
  urn: string | undefined,
  { context }: Step,
): Promise<CreateRecord | undefined> {
  if (jobId === undefined || urn === undefined) return undefined;
  const record = await context.journal.find(urn);
  return record?.jobId === jobId ? record : undefined;
}

/** Notes what was found, before anything changes it: an update can give it another key. */
export async function noteFound(
  record: CreateRecord | undefined,
  objectId: string | undefined,
  { context }: Step,
): Promise<void> {
  if (record === undefined || record.objectId !== undefined || objectId === undefined) return;
  await context.journal.write({ ...record, objectId });
}
