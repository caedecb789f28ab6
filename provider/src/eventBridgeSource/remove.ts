import { GenesysError } from "../genesys/errors.js";
import { sleep } from "../genesys/retry.js";
import { sayDuration } from "../genesys/say.js";
import { eventually, type Step, unlessMissing } from "../step.js";
import { sourceApi } from "./api.js";
import { sayName } from "./conflict.js";
import { followJob, type Named } from "./follow.js";

/** The longest pause between two attempts to delete what a job keeps busy, in milliseconds. */
const LONGEST_BUSY_MS = 10_000;

/**
 * Deletes a source and waits until it is gone. While another job is at work on it the platform refuses with 409: then
 * it is tried again until the step has to be over.
 *
 * @returns `"missing"` where there was none.
 */
export async function removeSource(
  sourceId: string,
  named: Named,
  step: Step,
): Promise<"deleted" | "missing"> {
  const { context, budget } = step;
  const api = sourceApi(context.client, budget);
  for (let pause = 500; ; pause = Math.min(pause * 2, LONGEST_BUSY_MS)) {
    try {
      const accepted = await api.remove(sourceId);
      // A job can still fail, and leave the source where it is.
      if (accepted !== undefined && "jobId" in accepted) await followJob(accepted.jobId, named, step);
      api.noteDeleted(sourceId);
      if (accepted === undefined) return "missing";
      await untilGone(sourceId, named, step);
      return "deleted";
    } catch (error) {
      const isBusy = error instanceof GenesysError && error.status === 409;
      if (!isBusy || pause >= budget.left() || budget.signal.aborted) throw error;
      context.log(named.__urn).status(`${sayName(named)} is busy, next try in ${sayDuration(pause)}`);
      await sleep(pause, budget.signal);
      budget.retryCount += 1;
    }
  }
}

/** Waits until a deleted source can no longer be read. */
async function untilGone(sourceId: string, named: Named, step: Step): Promise<void> {
  const { context } = step;
  const begun = context.elapsed();
  if (await vanishes(sourceId, step)) return;
  const waited = sayDuration(context.elapsed() - begun);
  throw new Error(
    `${sayName(named)} (id ${sourceId}) was deleted, but it is still there after ${waited}. Run the same command again later.`,
  );
}

/** Whether a source goes while reads catch up. */
export async function vanishes(sourceId: string, step: Step): Promise<boolean> {
  const api = sourceApi(step.context.client, step.budget);
  const gone = await eventually(step, async () =>
    (await unlessMissing(api.get(sourceId))) === undefined ? true : undefined,
  );
  return gone === true;
}
