/** What every kind of resource has in common of its inputs and its state. */
import type { Begun } from "../createRecord.js";

/** Properties by their names in the program. */
export type Properties = Record<string, unknown>;

/** What a program can write of every kind. */
export type CommonInputs = {
  name: string;
  /** Secret. */
  webhookUrl?: string;
  onConflict?: "fail" | "adopt";
  timeouts?: { create?: string; update?: string; delete?: string };
  /** The resource's URN: names the derived name, the log lines, the audit record. */
  __urn?: string;
  /** The key was derived, not chosen by the user. */
  __autonamed?: boolean;
  /** The other fields that were. */
  __automatic?: readonly string[];
  /** In the place of the webhook address, where the program leaves that to the configuration: its hash. */
  __defaultWebhook?: string;
  /** The hash of the webhook address that was asked for last, while the organisation has another. */
  __ownWebhook?: string;
  /** The object that a create is to import as it is, instead of making one. In no state. */
  __import?: string;
};

/** What only the API or a step can tell, of every kind. */
export type CommonOutputs = {
  /** The version that the next change must bear. */
  version?: number;
  /** The job that made it; absent when the API made it at once. */
  jobId?: string;
  /** Seconds that the last create or update took. */
  latencySeconds?: number;
  /** Requests that the last create or update had to repeat. */
  retryCount?: number;
  /** The end of the audit log after the last create or update, such as `12:9f86d0…`; absent when there is none. */
  auditHead?: string;
  /** The audit log that `auditHead` is of: the hash of its first record. */
  __auditLog?: string;
  /**
   * What the program asked for, by the field, where the platform keeps that otherwise; `null` where it asked for none. The
   * field itself bears what is kept. Secret, since values of programs can be.
   */
  __asked?: Properties & { webhookUrl?: string | null };
  /** Where it was made or changed last: the host of the region, or of the gateway. */
  __host?: string;
  /** The credentials through which it was made or changed last: what tells these apart, and shows nothing of them. */
  __through?: string;
  /** The id of the Genesys Cloud organisation that it was made or changed in, where an explicit provider did. */
  __inOrganization?: string;
  /** The record of its create, where that was cut short. */
  __create?: Begun;
  /**
   * When it was posted: in milliseconds since the epoch, by the organisation's clock. Of a kind whose create may end before any
   * read has shown it. As long as reads lag behind, "not found" may still mean "not yet".
   */
  __madeAt?: number;
  /**
   * What a create or update that got part of the way still has to do, in words. Refresh forgets the engine's own marks of
   * an unfinished step, so the state bears this one.
   */
  __unfinished?: string;
};

/** Checked inputs: complete, defaults applied. In a preview any of them may be unknown. */
export type Inputs = CommonInputs & Properties;

/** What is kept in the stack's state. */
export type State = Inputs & CommonOutputs;
