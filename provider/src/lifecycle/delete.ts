/** Deleting an object, until it is gone. */
import { GenesysError } from "../genesys/errors.js";
import { sleep } from "../genesys/retry.js";
import { sayDuration } from "../genesys/say.js";
import { eventually, unlessMissing } from "../step.js";
import { followJob, type Named } from "./follow.js";
import type { KindStep } from "./kind.js";
import { sayName } from "./messages.js";

/** The longest pause between two attempts to delete what a job keeps busy, in milliseconds. */
const LONGEST_BUSY_MS = 10_000;

/**
 * Deletes an object and waits until it is gone. While another job is at work on it the platform refuses with 409: then
 * it is tried again until the step has to be over.
 *
 * @returns `"missing"` where there was none.
 */
export async function removeObject(id: string, named: Named, step: KindStep): Promise<"deleted" | "missing"> {
  const { context, budget, kind, api } = step;
  for (let pause = 500; ; pause = Math.min(pause * 2, LONGEST_BUSY_MS)) {
    try {
      const accepted = await api.remove(id);
      // A job can still fail, and leave the object where it is.
      if (accepted !== "missing" && accepted.jobId !== undefined)
        await followJob(accepted.jobId, named, step);
      api.noteDeleted(id);
      if (accepted === "missing") return accepted;
      await untilGone(id, named, step);
      return "deleted";
    } catch (error) {
      const isBusy = error instanceof GenesysError && error.status === 409;
      if (!isBusy || pause >= budget.left() || budget.signal.aborted) throw error;
      context.log(named.__urn).status(`${sayName(kind, named)} is busy, next try in ${sayDuration(pause)}`);
      await sleep(pause, budget.signal);
      budget.retryCount += 1;
    }
  }
}

/** Waits until a deleted object can no longer be read. */
async function untilGone(id: string, named: Named, step: KindStep): Promise<void> {
  const { context, kind } = step;
  const begun = context.elapsed();
  if (await vanishes(id, step)) return;
  const waited = sayDuration(context.elapsed() - begun);
  throw new Error(
    `${sayName(kind, named)} (id ${id}) was deleted, but it is still there after ${waited}. Run the same command again later.`,
  );
}

/** Whether an object goes while reads catch up. */
export async function vanishes(id: string, step: KindStep): Promise<boolean> {
  const gone = await eventually(step, async () =>
    (await unlessMissing(step.api.get(id))) === undefined ? true : undefined,
  );
  return gone === true;
}
