/** Following a job: its progress is on the resource's own row of the display. */
import type { Job } from "../genesys/job.js";
import { type Following, waitForJob } from "../genesys/jobs.js";
import type { Step } from "../step.js";

/** What is needed of an object to speak of it: its name, and the row of the display that it has. */
export type Named = { name: string; __urn?: string };

/** Follows a job to its end. @param glance at what it is to make. @throws JobError where it does not end in success. */
export function followJob(
  jobId: string,
  named: Named,
  { context, budget }: Step,
  glance?: Following["glance"],
): Promise<Job> {
  return waitForJob(context.client, jobId, budget, {
    show: context.log(named.__urn).status,
    elapsed: context.elapsed,
    glance,
  });
}
