/** A create under way: what it knows, what comes of its POSTs, and what it has posted or found. */
import type { Begun, CreateRecord } from "../createRecord.js";
import type { GenesysError } from "../genesys/errors.js";
import type { Inputs } from "./inputs.js";
import type { KindStep } from "./kind.js";
import type { Observed } from "./kindApi.js";
import type { Moment } from "./moment.js";

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
  /** When it posted first. */
  begun: Moment;
  /** POSTs that were sent. */
  attempts: number;
  /** When the answer to the last POST was lost, by the organisation's clock: nobody knows what became of that POST. */
  lostAt?: number;
  /** When several were seen that bear the resource's token, by the same clock. */
  severalAt?: number;
}

/** What came of a POST; `unsent` and `unsure` are looks that are taken before one. */
export type Reply =
  | { kind: "unsent" }
  | { kind: "unsure"; isPatient: boolean }
  | { kind: "refused"; error: unknown }
  | { kind: "taken" | "lost"; error: GenesysError };
