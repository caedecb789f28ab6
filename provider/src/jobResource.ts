/** How the id of a resource begins whose object is still in the making: the job's id is all that is known. */
export const JOB_PREFIX = "job:";

/** The id of a resource of which only the job is known. */
export const jobResourceId = (jobId: string): string => JOB_PREFIX + jobId;

/** Whether a stack's state knows of an object only by the job that makes it: what bears its name may then be it. */
export const isKnownByJob = (
  { id, outputs }: { id?: string; outputs?: Record<string, unknown> },
  idOutput: string,
): boolean => (id?.startsWith(JOB_PREFIX) ?? false) && outputs?.[idOutput] === undefined;
