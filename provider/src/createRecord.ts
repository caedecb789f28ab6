/** What is kept of a create, whatever becomes of the process: in the journal, and while a step is unfinished in the state. */

/**
 * How far a create has come. `posting`: it is about to post, or its answer is not known. `accepted`: the platform has
 * named a job or an id. `returned`: the engine was told of it. `stored`: the engine has it in the stack's state.
 */
export type Phase = "posting" | "accepted" | "returned" | "stored";

/** How far a create has come, and what was named on the way: all that an unfinished state bears of a record. */
export interface Begun {
  phase: Phase;
  /**
   * When it was about to be posted first, at the earliest: in milliseconds since the epoch, by the organisation's clock. Absent
   * where nothing was posted, since the object was there.
   */
  postedAt?: number;
  /** When what was posted must have come about, at the latest, by the same clock. */
  until?: number;
  /** The job that makes it, from the answer on. */
  jobId?: string;
  /** Its id in the organisation, as soon as it is known. */
  objectId?: string;
  /**
   * A POST was sent again after an answer was lost: there may be two. When lists show what the earlier one has made, at the latest,
   * by the same clock.
   */
  duplicatesUntil?: number;
  /** Found, and not made by what the state tells of: its webhook address may be another. In states alone. */
  isMet?: boolean;
}

/** What the journal knows of the object that a create has made, or was about to make. */
export interface CreateRecord extends Begun {
  /** The resource's URN: there is one record for each, and for each host. */
  urn: string;
  /** Where the organisation is; filled in by the journal. */
  host?: string;
  /** The key under which it was posted. Files call it a name since 0.1.0, whose one kind has its name as its key. */
  name: string;
  postedAt: number;
  /** Hashes of what was posted since then, secrets left out, to know it again where the answer was lost. */
  fingerprints: string[];
  /** The object that the stack had for this resource before this was posted: where it is in no stack any more, somebody has let it go. */
  letGo?: string;
  /** Another create of the resource has followed: only `all` tells of this one. */
  isAside?: boolean;
}
