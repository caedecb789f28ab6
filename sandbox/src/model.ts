/** The organisation's objects, and what of them is kept. */
import type { PublicState } from "./publicApi/seed.js";

/** The organisation's objects, as the EventBridge API writes them (snake_case). Times ending in `_at` are epoch milliseconds and never leave the server. */

export interface Topic {
  topic_id: string;
  status: string;
  name?: string;
  event_type?: string;
}

export interface Target {
  target_id: string;
  status: string;
  name?: string;
  /** Absent: takes events of every type. */
  event_types?: string[];
}

export interface Condition {
  field: string;
  operator: string;
  value: string | number | boolean;
}

export interface Filter {
  name: string;
  conditions: Condition[];
  action: string;
}

export interface TargetReference {
  target_id: string;
  priority: number;
}

/** What POST and PUT write. */
export interface SourceBody {
  name: string;
  description: string;
  source_type: string;
  event_topic_id: string;
  filters: Filter[];
  targets: TargetReference[];
  status: string;
  webhook_url: string | null;
}

export interface Source extends SourceBody {
  source_id: string;
  version: number;
  date_created: string;
  date_modified: string;
}

/** A source with what eventual consistency needs to know; a deleted one stays until no list or read may still show it. */
export interface StoredSource {
  source: Source;
  made_at: number;
  deleted_at?: number;
  /** When it was changed last. */
  changed_at?: number;
  /** As it was before. */
  before?: Source;
}

export interface JobError {
  code: string;
  message: string;
}

/** A job says when it was accepted and what comes of it; where it stands is computed from the clock, so it survives a restart. */
export interface Job {
  job_id: string;
  kind: "create" | "update" | "delete";
  source_id: string;
  /** What a create or update writes; null for a delete. */
  body: SourceBody | null;
  accepted_at: number;
  duration_ms: number;
  /** The status it ends with; "stuck" never ends. */
  final_status: string;
  error: JobError | null;
  /** Whether the source is changed when the duration is over, whatever the job says. */
  takes_effect: boolean;
  /** The source was there from the moment the job was accepted. */
  made_at_once: boolean;
  settled: boolean;
}

interface Token {
  /** SHA-256 of the token, in hex: the token itself is never kept. */
  hash: string;
  expires_at: number;
}

export interface State extends PublicState {
  topics: Topic[];
  targets: Target[];
  sources: StoredSource[];
  jobs: Job[];
  tokens: Token[];
}
