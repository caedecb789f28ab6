/** Following a job: its progress is on the resource's own row of the display. */
import { type Following, type JobEnd, waitForJob } from "../genesys/jobs.js";
import type { Step } from "../step.js";
import { jobFailure } from "../stepError.js";

/** What is needed of an object to speak of it: its name, and the row of the display that it has. */
export type Named = { name: string; __urn?: string };

/** Follows a job to its end. @param glance at what it is to make. */
export function followJob(
  jobId: string,
  named: Named,
  { context, budget }: Step,
  glance?: Following["glance"],
): Promise<JobEnd> {
  return waitForJob(context.client, jobId, budget, {
    show: context.log(named.__urn).status,
    elapsed: context.elapsed,
    glance,
  });
}

/** Follows a job without which the step cannot go on. @throws Error where it does not end in success. */
export async function insistOnJob(jobId: string, named: Named, step: Step): Promise<void> {
  const ended = await followJob(jobId, named, step);
  if (ended.end !== "succeeded") throw jobFailure(ended);
}
