/** Deleting an object, until it is gone. */
import { GenesysError } from "../genesys/errors.js";
import { sayDuration } from "../genesys/say.js";
import { eventually, unlessMissing, unlessPartMissing, unlessStopped } from "../step.js";
import { doubling, waitFor } from "../waitFor.js";
import { BUSY_FIRST_MS, BUSY_LONGEST_MS } from "../waits.js";
import { insistOnJob, type Named } from "./follow.js";
import type { KindStep } from "./kind.js";
import { sayName } from "./messages.js";

/**
 * Deletes an object and waits until it is gone. While another job is at work on it the platform refuses with 409: then
 * it is tried again until the step has to be over.
 *
 * @returns `"missing"` where there was none.
 */
export async function removeObject(id: string, named: Named, step: KindStep): Promise<"deleted" | "missing"> {
  const { context, budget, kind } = step;
  let busy: GenesysError | undefined;
  const tryOnce = async () => {
    if (busy !== undefined) budget.retryCount += 1;
    try {
      return await removeOnce(id, named, step);
    } catch (error) {
      if (!(error instanceof GenesysError) || error.status !== 409) throw error;
      busy = error;
      return undefined;
    }
  };
  const ended = await waitFor(tryOnce, {
    signal: budget.signal,
    pause: (tries) => {
      const pause = tries === 0 ? 0 : doubling(tries, BUSY_FIRST_MS, BUSY_LONGEST_MS);
      // One more try at the very end would have no time to be answered.
      return tries > 0 && pause >= budget.left() ? undefined : pause;
    },
    onPause: (ms) =>
      context.log(named.__urn).status(`${sayName(kind, named)} is busy, next try in ${sayDuration(ms)}`),
  });
  if (ended.end === "reached") return ended.value;
  // Stopped or out of time: it is there, and the last refusal says why.
  throw busy;
}

/** One attempt, to the end of its job where it has one. @throws GenesysError 409 while the object is busy. */
async function removeOnce(id: string, named: Named, step: KindStep): Promise<"deleted" | "missing"> {
  const { api } = step;
  const accepted = await api.remove(id);
  // A job can still fail, and leave the object where it is.
  if (accepted !== "missing" && accepted.jobId !== undefined) await insistOnJob(accepted.jobId, named, step);
  api.noteDeleted(id);
  if (accepted === "missing") return accepted;
  await untilGone(id, named, step);
  return "deleted";
}

/** Waits until a deleted object can no longer be read. */
async function untilGone(id: string, named: Named, step: KindStep): Promise<void> {
  const { context, kind } = step;
  const begun = context.elapsed();
  if (await confirmByList(id, step)) return;
  if (await waitUntilGone(id, named, step)) return;
  const waited = sayDuration(context.elapsed() - begun);
  throw new Error(
    `${sayName(kind, named)} (id ${id}) was deleted, but it is still there after ${waited}. Run the same command again later.`,
  );
}

/**
 * Whether a list that shows every object has it no more. The object's own address has taken the deletion by then: this only
 * shows that reads have caught up. A list alone never tells that anything is gone.
 */
async function confirmByList(id: string, step: KindStep): Promise<boolean> {
  const { listing, budget } = step;
  const seen = await listing.look(id, "now", budget);
  if (seen === "not there") return true;
  if (seen === "ask" || !(await isGone(id, step))) return false;
  listing.isBehind();
  return true;
}

/** Only a 404 of its own address says so: a part may be gone sooner. */
async function isGone(id: string, { api }: KindStep): Promise<boolean> {
  const isThere = api.get(id).then(
    () => true,
    (error: unknown) => unlessPartMissing(error) ?? true,
  );
  return (await unlessMissing(isThere)) === undefined;
}

/** Waits until an object is gone, as long as reads take to catch up. @returns whether it went */
export async function waitUntilGone(id: string, named: Named, step: KindStep): Promise<boolean> {
  const ended = await eventually(step, async () => ((await isGone(id, step)) ? true : undefined));
  return unlessStopped(ended, `whether ${sayName(step.kind, named)} (id ${id}) is gone`) ?? false;
}
