/** A create under way: what it knows, what comes of its POSTs, and what it has posted or found. */
import type { Begun, CreateRecord } from "../createRecord.js";
import type { PlatformClock } from "../genesys/clock.js";
import type { GenesysError } from "../genesys/errors.js";
import type { Time } from "../genesys/time.js";
import type { Inputs } from "./inputs.js";
import type { KindStep } from "./kind.js";
import type { Observed } from "./kindApi.js";

/** What is known of an object as soon as it is posted, or found: its id, its job, or both. */
export interface Posted extends Begun {
  /** As it was just read, where it was there already. */
  seen?: Observed;
  /** As the answer to the POST shows it, where that is all there is to know of it. */
  bare?: Observed;
  /** Hashes of what was posted, where the journal alone knows it. */
  fingerprints?: readonly string[];
}

/** A create under way. */
export interface Creation {
  readonly inputs: Inputs;
  /** The resource's record as it was before. */
  readonly before: CreateRecord | undefined;
  /** Whether it takes the place of an object of the same key. */
  readonly isReplacing: boolean;
  readonly step: KindStep;
  /** When it posted first, by both of this machine's clocks. */
  begun: Moment;
  /** POSTs that were sent. */
  attempts: number;
  /** When the answer to the last POST was lost, by the organisation's clock: nobody knows what became of that POST. */
  lostAt?: number;
  /** When several were seen that bear the resource's token, by the same clock. */
  severalAt?: number;
}

/** A moment by both of this machine's clocks. */
type Moment = Record<keyof Time, number>;

/** This moment. */
export const momentOf = ({ now, elapsed }: Time): Moment => ({ now: now(), elapsed: elapsed() });

/**
 * When a create posted first, by the organisation's clock as far as that is known by now: the first answers tell it. Somebody
 * may have set the time of day back since, and while the machine sleeps no time may elapse: either would make it later.
 */
export const begunAt = ({ begun, step }: Creation): ReturnType<PlatformClock["at"]> => {
  const { client, now, elapsed } = step.context;
  return client.clock.at(Math.min(begun.now, now() - (elapsed() - begun.elapsed)));
};

/** What came of a POST; `unsent` and `unsure` are looks that are taken before one. */
export type Reply =
  | { kind: "unsent" }
  | { kind: "unsure"; isPatient: boolean }
  | { kind: "refused"; error: unknown }
  | { kind: "taken" | "lost"; error: GenesysError };
