import {
  type FaultRule,
  type JobOutcome,
  type LoggedRequest,
  startSandbox,
  type Variants,
} from "genesyscloud-sandbox";
import { controlPlaneOf } from "../../support/controlPlane.js";
import type { FastClock } from "./clock.js";

/** A source as the organisation keeps it. */
export interface StoredSource {
  source_id: string;
  name: string;
  description: string;
  source_type: string;
  event_topic_id: string;
  filters: unknown[];
  targets: { target_id: string; priority: number }[];
  status: string;
  webhook_url: string | null;
  version: number;
}

/** A job as it truly stands. */
export interface StoredJob {
  job_id: string;
  kind: "create" | "update" | "delete";
  status: string;
  source_id: string;
  name?: string;
}

export interface Truth {
  sources: StoredSource[];
  jobs: StoredJob[];
}

export const isPending = ({ status }: Pick<StoredJob, "status">): boolean =>
  status === "queued" || status === "running";

/** The simulated organisation of one lane, through its control plane. */
export interface Organisation {
  url: string;
  truth(): Promise<Truth>;
  requests(): Promise<LoggedRequest[]>;
  forgetRequests(): Promise<void>;
  reset(): Promise<void>;
  variants(change: Partial<Variants>): Promise<void>;
  settings(change: object): Promise<void>;
  faults(rules: FaultRule[]): Promise<void>;
  hits(): Promise<(FaultRule & { hits: number })[]>;
  clearFaults(): Promise<void>;
  nextJob(outcome: JobOutcome): Promise<void>;
  /** Outcomes that no job has used. */
  outcomesLeft(): Promise<number>;
  clearJobs(): Promise<void>;
  revokeTokens(): Promise<void>;
  add(source: object): Promise<StoredSource>;
  change(id: string, fields: object): Promise<StoredSource>;
  remove(kind: "sources" | "jobs", id: string): Promise<void>;
  close(): Promise<void>;
}

export async function startOrganisation(clock: FastClock, clientSecret: string): Promise<Organisation> {
  const sandbox = await startSandbox({ control: true, now: clock.now, clientSecret });
  const control = controlPlaneOf(sandbox.url);
  return {
    url: sandbox.url,
    truth: () => control("GET", "state"),
    requests: () => control("GET", "requests"),
    forgetRequests: () => control("DELETE", "requests"),
    reset: () => control("POST", "reset"),
    variants: (change) => control("PATCH", "variants", change),
    settings: (change) => control("PATCH", "settings", change),
    faults: (rules) => control("POST", "faults", rules),
    hits: () => control("GET", "faults"),
    clearFaults: () => control("DELETE", "faults"),
    nextJob: (outcome) => control("POST", "jobOutcomes", outcome),
    outcomesLeft: async () => {
      const outcomes: JobOutcome[] = await control("GET", "jobOutcomes");
      return outcomes.length;
    },
    clearJobs: () => control("DELETE", "jobOutcomes"),
    revokeTokens: () => control("POST", "tokens/revoke"),
    add: (source) => control("POST", "sources", source),
    change: (id, fields) => control("PATCH", `sources/${encodeURIComponent(id)}`, fields),
    remove: (kind, id) => control("DELETE", `${kind}/${encodeURIComponent(id)}`),
    close: () => sandbox.close(),
  };
}
