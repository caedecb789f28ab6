import type { ConflictRule, Operator } from "./args.js";

/** A condition as the provider keeps it. */
export interface Condition {
  field: string;
  operator: Operator;
  value: string | number | boolean;
}

/** A filter, its action filled in. */
export interface Filter {
  name: string;
  conditions: Condition[];
  action: string;
}

/** A target, its priority filled in. */
export interface Target {
  targetId: string;
  priority: number;
}

/** What of a source lives in the API, in the program's words: the fields that can drift. */
export interface SourceFields {
  name: string;
  description: string;
  sourceType: string;
  eventTopicId: string;
  filters: Filter[];
  /** In order of priority. */
  targets: Target[];
  /** In inputs the desired status; in a state the one the API reported. */
  status: string;
  /** Secret. */
  webhookUrl?: string;
}

/** Checked inputs: complete, defaults applied. In a preview any of them may be unknown. */
export interface SourceInputs extends SourceFields {
  onConflict?: ConflictRule;
  timeouts?: { create?: string; update?: string; delete?: string };
  /** The resource's URN: names the derived name, the log lines, the audit record. */
  __urn?: string;
  /** The name was derived, not chosen by the user. */
  __autonamed?: boolean;
  /** In the place of the webhook address, where the program leaves that to the configuration: its hash. */
  __defaultWebhook?: string;
  /** The hash of the webhook address that was asked for last, while the organisation has another. */
  __ownWebhook?: string;
  /** The source that a create is to take over as it is, instead of making one. In no state. */
  __import?: string;
}

/** What only the API or a step can tell. */
export interface SourceOutputs {
  /** The source's id; absent while only its job is known. */
  sourceId?: string;
  /** The version that the next change must bear. */
  version?: number;
  /** The job that made the source; absent when the API made it at once. */
  jobId?: string;
  dateCreated?: string;
  dateModified?: string;
  selfUri?: string;
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
  __asked?: { [Field in keyof SourceFields]?: SourceFields[Field] | null };
  /** Where it was made or changed last: the host of the region, or of the gateway. */
  __host?: string;
  /**
   * When the source was about to be posted, at the earliest, while it is unfinished: in milliseconds since the epoch,
   * by the organisation's clock.
   */
  __postedAt?: number;
  /** When what was posted must have come about, at the latest, while it is unfinished; by the same clock. */
  __until?: number;
  /** It was met there while it is unfinished, and not made by what the state tells of: its address may be another. */
  __met?: boolean;
  /**
   * What a create or update that got part of the way still has to do, in words. Refresh forgets the engine's
   * own marks of an unfinished step, so the state bears this one.
   */
  __unfinished?: string;
}

/** What is kept in the stack's state. */
export interface SourceState extends SourceInputs, SourceOutputs {}

/** The fields that can drift, in the order in which messages name them. */
export const FIELDS = [
  "name",
  "description",
  "sourceType",
  "eventTopicId",
  "filters",
  "targets",
  "status",
  "webhookUrl",
] as const satisfies readonly (keyof SourceFields)[];

/** Fields that no update can change. */
export const REPLACING_FIELDS = [
  "eventTopicId",
  "sourceType",
] as const satisfies readonly (keyof SourceFields)[];

/** Keys of a state that a program can set: the inputs. */
export const INPUT_KEYS = [
  ...FIELDS,
  "onConflict",
  "timeouts",
  "__urn",
  "__autonamed",
] as const satisfies readonly (keyof SourceInputs)[];
