/** All that can be seen of one operation, for the invariants to judge. */
import type { FaultRule, LoggedRequest } from "genesyscloud-sandbox";
import type { AuditRecord } from "../../provider/src/hooks/audit/record.js";
import type { Knowledge } from "./knowledge.js";
import type { Round } from "./schedule.js";
import type { Stack } from "./stacks.js";
import type { ResourceState, Run } from "./support/command.js";
import type { Truth } from "./support/organisation.js";

/** The project's audit log. */
export interface AuditSeen {
  /** What is wrong with it. */
  finding: string | undefined;
  /** Names of objects that it tells of, and the resources. */
  names: ReadonlySet<string>;
  resources: ReadonlySet<number>;
  /** What this operation has added. */
  added: readonly AuditRecord[];
}

/** A notice of a step, as far as it can be told from others. */
export interface NoticeSeen {
  id: string;
  body: {
    source_id?: string | null;
    integration_id?: string | null;
    status: string;
    latency_seconds: number;
    operation: "create" | "update" | "delete";
    name: string;
  };
}

/** What has become of the notices since the stack's first day on this machine. */
export interface NoticesSeen {
  delivered: readonly NoticeSeen[];
  waiting: readonly NoticeSeen[];
}

/** One operation, and everything that can be seen of it. */
export interface Observation {
  operation: Round["operation"];
  run: Run;
  knowledge: Knowledge;
  /** What it was about. */
  stack: Stack;
  /** The stack's state before and after. */
  stateBefore: readonly ResourceState[];
  state: readonly ResourceState[];
  /** The state that the steps began with: after the refresh, where the operation has one before them. */
  begunWith: readonly ResourceState[];
  /** What the other stacks of the project have. */
  stateBeside: readonly ResourceState[];
  before: Truth;
  after: Truth;
  requests: readonly LoggedRequest[];
  /** Everything that a person could have read. */
  shown: readonly string[];
  faults: readonly (FaultRule & { hits: number })[];
  killed: boolean;
  /** Whether somebody changed something by hand during the operation. */
  meddled: boolean;
  audit: AuditSeen;
  notices: NoticesSeen;
  /** Addresses of webhooks that a program can ask for. */
  webhooks: readonly string[];
  /** Reasons why the operation may have failed; none: it must have succeeded. */
  excuses: readonly string[];
  /** The preview straight after an `up` that went well, with the requests it made. */
  secondPreview?: { run: Run; requests: number };
}

/** Something that must be true after every operation: says what is not. */
export type Invariant = (observation: Observation) => string[];
