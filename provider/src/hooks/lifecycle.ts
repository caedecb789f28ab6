/** What a hook is told of a step, and what it may do: the contract of `lifecycleHooks.ts` and `withHooks.ts`. */
import type { Context, Summary } from "../resourceHandler.js";

/** A step that changes the organisation. */
export type Operation = "create" | "update" | "delete";

/** A lifecycle step about to be taken. */
export interface LifecycleStep {
  operation: Operation;
  /** Names the kind of resource, such as `EventBridge source`. */
  kind: string;
  /** What is known of the resource before the step. */
  about: Summary;
  /** A hash of what the step begins with and what it is asked for: the same when it is taken again after a crash. */
  digest: string;
  /** The end of the audit log after the resource's last step, as the stack's state has it. */
  auditHead?: string;
  /** The log that it was the end of: the hash of its first record. */
  auditLog?: string;
}

/** Why a step failed; fit to be shown and kept: no secret is in it. */
export interface Failure {
  /** The HTTP status of the request that failed; 0 when it got no answer, `null` when no request failed. */
  status: number | null;
  /** The platform's error code, or one of ours such as `network.timeout` or `job.failed`. */
  code: string;
  message: string;
}

/** How a step ended. */
export interface Outcome {
  /** What is known of the resource now. */
  about: Summary;
  /** Absent when the step went through. */
  failure?: Failure;
  /** The status that the API reported; `deleted`, or `kept` where a deletion had to leave it; after a failure `unfinished` (it is kept in state) or `failed`. */
  finalStatus: string;
  /** Seconds that the step took, to the millisecond. */
  latencySeconds: number;
  /** Requests that had to be repeated. */
  retryCount: number;
}

/**
 * Something that happens around the steps of a resource, such as an audit record or a notice. Trouble of its own
 * after the step is said in a warning, not thrown: what was done is done.
 */
export interface LifecycleHook {
  /** Runs before the API is changed; throwing keeps the step from being taken. */
  before?(context: Context, step: LifecycleStep): Promise<void>;
  /**
   * Makes the outcome last, as fast as it can: a crash from here on loses nothing.
   *
   * @returns outputs to be kept in the resource's state.
   */
  record?(context: Context, step: LifecycleStep, outcome: Outcome): Promise<object | undefined>;
  /**
   * The engine has shown that this is in the stack's state, whatever was known of it.
   *
   * @param isReplaced whether another object takes its place next.
   */
  inState?(context: Context, about: Summary, isReplaced: boolean): Promise<void>;
  /**
   * What may take its time, once every hook has recorded the outcome.
   *
   * @returns why the step has to count as unfinished although it went through, if it has to.
   */
  after?(context: Context, step: LifecycleStep, outcome: Outcome): Promise<string | undefined>;
}
