import type { FaultRule, LoggedRequest } from "genesyscloud-sandbox";
import type { Program } from "./program.js";
import type { Round } from "./schedule.js";
import type { ResourceState, Run } from "./support/engine.js";
import type { StoredSource, Truth } from "./support/organisation.js";

/** What the model holds to be so, whatever the provider says. */
export interface Knowledge {
  program: Program;
  /** Sources that others made, as they left them. Nobody but their makers may change or remove them. */
  foreign: Map<string, StoredSource>;
  /**
   * Sources of the stack in which somebody else had a hand since the last refresh: how they were changed. "touched":
   * only their version. "interrupted": by the stack itself, in a step that failed after it had changed or deleted it.
   */
  stale: Map<string, "touched" | "changed" | "removed" | "interrupted">;
  /** Sources that a create made which could not tell of it: it was killed, or the answer to its POST was lost. */
  strays: Set<string>;
  /** What a job makes that nobody knows of, since the answer to its POST was lost. */
  lost: Set<string>;
  /** Sources that an import took into the stack, which no step of it has made. */
  imported: Set<string>;
}

/** The project's audit log. */
export interface AuditSeen {
  /** What is wrong with it. */
  finding: string | undefined;
  /** Names of sources that it tells of. */
  names: ReadonlySet<string>;
}

/** One operation, and everything that can be seen of it. */
export interface Observation {
  operation: Round["operation"];
  run: Run;
  knowledge: Knowledge;
  state: readonly ResourceState[];
  before: Truth;
  after: Truth;
  requests: readonly LoggedRequest[];
  /** Everything that a person could have read. */
  shown: readonly string[];
  faults: readonly (FaultRule & { hits: number })[];
  killed: boolean;
  /** Whether somebody changed something by hand during the operation. */
  meddled: boolean;
  /** What the project's audit log tells; nothing after a kill, which may have torn its last line. */
  audit: AuditSeen | undefined;
  /** Reasons why the operation may have failed; none: it must have succeeded. */
  excuses: readonly string[];
  /** The preview straight after an `up` that went well, with the requests it made. */
  secondPreview?: { run: Run; requests: number };
}

/** Something that must be true after every operation: says what is not. */
export type Invariant = (observation: Observation) => string[];

/** The source's id, as far as a state knows it. */
export const sourceIdIn = ({ id, outputs }: ResourceState): string | undefined =>
  (outputs.sourceId as string | undefined) ?? (id.startsWith("job:") ? undefined : id);

/** Ids of sources that the state knows, by themselves or by the job that makes them. */
export function knownIds(state: readonly ResourceState[], { jobs }: Truth): Set<string> {
  const ids = state.flatMap((each) => {
    const jobId = each.id.startsWith("job:") ? each.id.slice(4) : (each.outputs.jobId as string | undefined);
    return [sourceIdIn(each), jobs.find(({ job_id }) => job_id === jobId)?.source_id];
  });
  return new Set(ids.filter((id) => id !== undefined));
}
