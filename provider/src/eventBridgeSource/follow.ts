import { type Job, waitForJob } from "../genesys/jobs.js";
import type { Step } from "../step.js";
import type { SourceState } from "./model.js";

/** What is needed of a source to speak of it: its name, and the row of the display that it has. */
export type Named = Pick<SourceState, "name" | "__urn">;

/** Follows a job to its end, its progress on the resource's own row. */
export function followJob(jobId: string, named: Named, { context, budget }: Step): Promise<Job> {
  return waitForJob(context.client, jobId, budget, {
    show: context.log(named.__urn).status,
    elapsed: context.elapsed,
  });
}
