/** A moment that is compared with what the organisation says of its objects, whatever happens to this machine's clocks since. */
import type { PlatformClock } from "../genesys/clock.js";
import type { Time } from "../genesys/time.js";
import type { Context } from "../resourceHandler.js";

/** A moment by both of this machine's clocks. */
export type Moment = Record<keyof Time, number>;

/** This moment. */
export const momentOf = ({ now, elapsed }: Time): Moment => ({ now: now(), elapsed: elapsed() });

/**
 * A moment by the organisation's clock, as far as that is known by now: the first answers tell it. Somebody may have set the time
 * of day back since, and while the machine sleeps no time may elapse: either would make it later.
 */
export const platformTimeOf = (
  moment: Moment,
  { client, now, elapsed }: Context,
): ReturnType<PlatformClock["at"]> =>
  client.clock.at(Math.min(moment.now, now() - (elapsed() - moment.elapsed)));
