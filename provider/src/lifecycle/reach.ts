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
import { STANDING, type StandingFacts, type StandingVerdict } from "./standing.js";
import { decide } from "./table.js";

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
  const { kind, api } = step;
  let object = changed;
  const judge = judging(changed, wanted, step, failedUntil);
  const look = async () => {
    const read = await unlessMissing(api.get(id)).catch(unlessPartMissing);
    if (read === undefined && judge(undefined) === "WAIT") return undefined;
    object = believed(read ?? (await api.get(id)), changed);
    return judge(object) === "WAIT" ? undefined : object;
  };
  if (judge(object) === "WAIT") {
    const waited = kind.settles === "as reads do" ? eventually(step, look) : waiting(look, wanted, step);
    // Where its time is over, how it stood last tells the end.
    unlessStopped(await waited, `what has become of ${sayName(kind, wanted)}`);
  }
  const standing = kind.standing(object, wanted);
  if (standing === "reached") return object;
  throw new Error(typeof standing === "object" ? standing.failed : kind.notReached(object, wanted));
}

/** What is decided of each look, in the order in which they are taken; `undefined`: it was not found. */
function judging(
  changed: Observed,
  wanted: Inputs,
  { kind, context }: KindStep,
  failedUntil: number | undefined,
): (shown: Observed | undefined) => StandingVerdict {
  let isNews = failedUntil === undefined;
  let last: string | undefined;
  let since = 0;
  /** What takes the place of something else is doubted anew. */
  const lasts = (what: string): StandingFacts["lasts"] => {
    if (what !== last) since = context.elapsed();
    last = what;
    return context.elapsed() - since < SETTLES_WITHIN_MS ? "briefly" : "as long as reads lag";
  };
  return (shown) => {
    if (shown === undefined) return decide(STANDING, { ...NOTHING, lasts: lasts("nothing") });
    const stands = kind.standing(shown, wanted);
    const standing = typeof stands === "object" ? "failed" : stands;
    // Once it has stood otherwise, or so only since the change, a failure is a new one.
    isNews ||=
      standing === "on its way" || standing === "reached" || !isBefore(shown.standsSince ?? 0, failedUntil);
    const isOlder = [failedUntil, changed.standsSince].some((time) => isBefore(shown.standsSince, time));
    const failure = isNews && !isOlder ? "of the change" : "may be older";
    return decide(STANDING, { shown: "it", standing, failure, lasts: lasts(standing) });
  };
}

/** Of what is not found nothing else matters. */
const NOTHING = { shown: "nothing", standing: "on its way", failure: "of the change" } as const;

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
