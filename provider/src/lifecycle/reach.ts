/** Waits until an object is where it was to get to, once its fields are written. */
import { sayDuration } from "../genesys/say.js";
import { countdown } from "../genesys/time.js";
import { eventually, unlessMissing, unlessPartMissing, unlessStopped } from "../step.js";
import { type Ended, waitFor } from "../waitFor.js";
import { SETTLES_WITHIN_MS, STANDING_LAST_MS } from "../waits.js";
import type { Inputs } from "./inputs.js";
import type { KindStep } from "./kind.js";
import type { Observed } from "./kindApi.js";
import { sayName } from "./messages.js";

/**
 * The object once it is where it was to get to; an answer may come before it is there.
 *
 * @param changed as the answer to the change, or a read after it, shows it.
 * @param failedUntil when it was changed, by the organisation's clock, where it had failed before.
 */
export async function untilReached(
  changed: Observed,
  id: string,
  wanted: Inputs,
  step: KindStep,
  failedUntil?: number,
): Promise<Observed> {
  const { kind, api, context } = step;
  let object = changed;
  let isNews = failedUntil === undefined;
  let doubtedSince: number | undefined;
  /** What may be how it stood before is believed once reads have had their time. */
  const isBelieved = (isDoubtful: boolean) => {
    doubtedSince = isDoubtful ? (doubtedSince ?? context.elapsed()) : undefined;
    return doubtedSince === undefined || context.elapsed() - doubtedSince >= SETTLES_WITHIN_MS;
  };
  const hasEnded = () => {
    const standing = kind.standing(object, wanted);
    const isFailed = typeof standing === "object";
    // Once it has stood otherwise, or so only since the change, a failure is a new one.
    isNews ||=
      standing === "on its way" || standing === "reached" || !isBefore(object.standsSince ?? 0, failedUntil);
    const isOlder = [failedUntil, changed.standsSince].some((time) => isBefore(object.standsSince, time));
    const isOld = isFailed && (!isNews || isOlder);
    return isBelieved(isOld || standing === "asked otherwise") && standing !== "on its way";
  };
  const look = async () => {
    const read = await unlessMissing(api.get(id)).catch(unlessPartMissing);
    // Of what was only just made, "not found" may mean "not yet".
    if (read === undefined && !isBelieved(true)) return undefined;
    object = believed(read ?? (await api.get(id)), changed);
    return hasEnded() ? object : undefined;
  };
  if (!hasEnded()) {
    const waited = kind.settles === "as reads do" ? eventually(step, look) : waiting(look, wanted, step);
    // Where its time is over, how it stood last tells the end.
    unlessStopped(await waited, `what has become of ${sayName(kind, wanted)}`);
  }
  const standing = kind.standing(object, wanted);
  if (standing === "reached") return object;
  throw new Error(typeof standing === "object" ? standing.failed : kind.notReached(object, wanted));
}

const isBefore = (one: number | undefined, other: number | undefined): boolean =>
  one !== undefined && other !== undefined && one < other;

/** A read that lags behind shows what was there before: what the answer to the change has told counts then. */
function believed(read: Observed, changed: Observed): Observed {
  if (!isBefore(read.version, changed.version)) return read;
  const { said, standsSince } = read;
  const { version, outputs } = changed;
  return { ...changed, said, standsSince, outputs: { ...outputs, ...read.outputs, version } };
}

/** Waits until the step has to be over, and shows how it stands. When it is looked at the policy of polling says. */
async function waiting(
  look: () => Promise<Observed | undefined>,
  wanted: Inputs,
  step: KindStep,
): Promise<Ended<Observed>> {
  const { kind, context, budget } = step;
  const begun = context.elapsed();
  const left = countdown(context.elapsed, Math.max(budget.left() / 2, budget.left() - STANDING_LAST_MS));
  const watch = context.client.pace.watch(kind.noun);
  const say = (ms: number) =>
    `${sayName(kind, wanted)} is on its way for ${sayDuration(context.elapsed() - begun)}, next look in ${sayDuration(ms)}`;
  try {
    const ended = await waitFor(look, {
      signal: budget.signal,
      pause: () => (left() > 0 ? watch.pause(0, left()) : undefined),
      pausesOn: () => watch.isLeftToOthers,
      onPause: (ms) => context.log(wanted.__urn).status(say(ms)),
    });
    if (ended.end === "reached" && kind.standing(ended.value, wanted) === "reached") watch.over();
    return ended;
  } finally {
    watch.leave();
  }
}
