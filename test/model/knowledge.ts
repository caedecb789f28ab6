/** What must be so, told from what was done: the measure of what a provider says and does. */
import type { FaultRule } from "genesyscloud-sandbox";
import { explicitName, type Program, resourceOfName, type SourceSpec, TOPICS } from "./program.js";
import type { Round } from "./schedule.js";
import type { Stack, Stacks } from "./stacks.js";
import type { ResourceState, Run } from "./support/command.js";
import { isPending, type StoredJob, type StoredSource, type Truth } from "./support/organisation.js";

/** What an operation left behind it, as far as it changes what is known. */
export interface Aftermath {
  stack: Stack;
  run: Run;
  after: Truth;
  killed: boolean;
  meddled: boolean;
  faults: readonly (FaultRule & { hits: number })[];
}

/** Operations that read what the stack has. */
export const READING: readonly Round["operation"][] = ["refresh", "up --refresh"];

/** What the model holds to be so, whatever the provider says. */
export class Knowledge {
  /** The program: its sources by the number of their resource. */
  readonly program = new Map<number, SourceSpec>();
  /** Sources that others made, as they left them. Nobody but their makers may change or remove them. */
  readonly foreign = new Map<string, StoredSource>();
  /**
   * Sources of the stack in which somebody else had a hand since the last refresh: how they were changed. "touched":
   * only their version. "interrupted": by the stack itself, in a step that failed after it had changed or deleted it.
   */
  readonly stale = new Map<string, "touched" | "changed" | "removed" | "interrupted">();
  /** Sources that a create made which could not tell of it: it was killed, or the answer to its POST was lost. */
  readonly strays = new Set<string>();
  /** Those of them that no later create can know to be ours: the journal is gone, or somebody has changed them. */
  readonly unprovable = new Set<string>();
  /** What a job makes that nobody knows of, since the answer to its POST was lost. */
  readonly lost = new Set<string>();
  /** Sources that no step of this machine has made: an import took them into the stack, or another machine made them. */
  readonly madeElsewhere = new Set<string>();

  constructor(readonly stacks: Stacks) {}

  /** What a stack's own program has. */
  programOf(stack: Stack): Program {
    return new Map([...this.program].filter(([resource]) => this.stacks.of(resource) === stack));
  }

  edit(resource: number, spec: SourceSpec | null): void {
    if (spec === null) this.program.delete(resource);
    else this.program.set(resource, spec);
  }

  /** Somebody has changed a source, or made it. */
  changedByHand(source: StoredSource, isNoChange: boolean): void {
    const { source_id: id } = source;
    this.unprovable.add(id);
    if (this.foreign.has(id)) this.foreign.set(id, source);
    else if (this.stale.get(id) !== "changed") this.stale.set(id, isNoChange ? "touched" : "changed");
  }

  removedByHand(id: string): void {
    if (!this.foreign.delete(id)) this.stale.set(id, "removed");
  }

  /** A source is taken away for good of which the stack knows nothing. */
  clearedAway(id: string): void {
    this.foreign.delete(id);
    this.strays.delete(id);
  }

  /** Sources are no longer the stack's: somebody has taken them out of its state. */
  takenOut(ids: readonly string[]): void {
    for (const id of ids) {
      this.strays.add(id);
      this.unprovable.add(id);
    }
  }

  /** The project's folder is gone with everything in it, the journal and the audit log. */
  movedElsewhere({ sources, jobs }: Truth): void {
    for (const { source_id } of [...sources, ...jobs]) {
      this.madeElsewhere.add(source_id);
      this.unprovable.add(source_id);
    }
  }

  /** Resources have other URNs: what was begun for them under the old ones, and no stack knows of, nobody looks for. */
  calledOtherwise(resources: readonly number[], truth: Truth): void {
    for (const { source_id, name = "" } of [...truth.sources, ...truth.jobs])
      if (resources.includes(resourceOfName(name)) && this.isUnknown(source_id, truth))
        this.unprovable.add(source_id);
  }

  /** Whether neither a stack nor anybody else knows of a source. */
  isUnknown(id: string, truth: Truth): boolean {
    return !knownIds(this.stacks.state, truth).has(id) && !this.foreign.has(id);
  }

  /** Learns from an operation what it was entitled to. */
  learn(operation: Round["operation"], { stack, run, after, killed, meddled, faults }: Aftermath): void {
    const known = knownIds(this.stacks.state, after);
    const beside = knownIds(this.stacks.stateBeside(stack), after);
    if (READING.includes(operation) && run.ok && !meddled)
      for (const id of [...this.stale.keys()]) if (!beside.has(id)) this.stale.delete(id);
    if (!run.ok) this.noteInterrupted(after);
    const postSpoilt = faults.some(({ hits, match }) => hits > 0 && match?.path === "/sources$");
    if (killed || postSpoilt)
      for (const { kind, source_id } of after.jobs) if (kind === "create") this.lost.add(source_id);
    // What a change that nobody waits for any more does to a source comes later.
    for (const job of after.jobs)
      if (this.isUnattended(job) && known.has(job.source_id) && !this.isStale(job.source_id))
        this.stale.set(job.source_id, "interrupted");
    // An import makes a source the stack's own.
    if (operation === "import")
      for (const id of known) if (this.foreign.delete(id) || this.strays.has(id)) this.madeElsewhere.add(id);
    for (const { source_id, version } of this.adoptable()) {
      const present = after.sources.find((source) => source.source_id === source_id);
      if (!known.has(source_id) && present?.version === version) continue;
      this.foreign.delete(source_id);
      if (known.has(source_id)) continue;
      // Begun to be taken over, and never kept: it is not ours to be removed, should the program ask for another name.
      this.strays.add(source_id);
      this.unprovable.add(source_id);
    }
    for (const id of known) this.strays.delete(id);
    // Where a list lags behind, a create whose job failed misses what that has made all the same: the next one finds it.
    const isNoCreate = operation === "refresh" || operation === "destroy";
    for (const { status, source_id } of isNoCreate ? [] : after.jobs)
      if (["failed", "cancelled"].includes(status) && this.isUnknown(source_id, after))
        this.strays.add(source_id);
    if (!killed && !(postSpoilt && !run.ok)) return;
    const made = [...after.sources, ...after.jobs.filter(({ kind }) => kind === "create")];
    for (const { source_id } of made) if (this.isUnknown(source_id, after)) this.strays.add(source_id);
  }

  /** Whether more than the version of a source is another since the last refresh. */
  private isStale(id: string): boolean {
    return (this.stale.get(id) ?? "touched") !== "touched";
  }

  /** Whether nobody waits for a job: that of a create whose answer was lost is known to nobody, its source may be. */
  private isUnattended({ kind, job_id, source_id, ...job }: StoredJob): boolean {
    if (kind !== "create") return isPending(job);
    const isKnown = this.stacks.state.some((each) => jobIdIn(each) === job_id);
    return this.lost.has(source_id) && !isKnown;
  }

  /** Another's sources that a create of the program may take over, as they were left. */
  private adoptable(): StoredSource[] {
    const names = [...this.program]
      .filter(([, { onConflict }]) => onConflict === "adopt")
      .map(([resource, { name, topic }]) => [explicitName(resource, name), TOPICS[topic]]);
    return [...this.foreign.values()].filter(({ name, event_topic_id }) =>
      names.some(([wanted, topic]) => wanted === name && topic === event_topic_id),
    );
  }

  /** A step that failed may have come further than the state knows: only a refresh tells. */
  private noteInterrupted({ sources }: Truth): void {
    for (const { outputs } of this.stacks.state) {
      const id = outputs.sourceId as string | undefined;
      if (id === undefined || outputs.__unfinished !== undefined || this.isStale(id)) continue;
      const source = sources.find(({ source_id }) => source_id === id);
      if (source === undefined || source.version !== outputs.version) this.stale.set(id, "interrupted");
    }
  }

  /** A source that the stack does not know, for a resource that is in the program and not in the state. */
  importable(stack: Stack, truth: Truth, pick: number): { resource: number; id: string } | undefined {
    const known = knownIds(this.stacks.state, truth);
    const free = [...this.programOf(stack).keys()].filter(
      (resource) => this.stacks.find(resource) === undefined,
    );
    const others = truth.sources.filter(({ source_id }) => !known.has(source_id));
    const resource = free[pick % Math.max(free.length, 1)];
    const id = others[pick % Math.max(others.length, 1)]?.source_id;
    return resource === undefined || id === undefined ? undefined : { resource, id };
  }
}

/** The source's id, as far as a state knows it. */
export const sourceIdIn = ({ id, outputs }: ResourceState): string | undefined =>
  (outputs.sourceId as string | undefined) ?? (id.startsWith("job:") ? undefined : id);

/** The job that a state tells of: its last one, where an update has posted again. */
export const jobIdIn = ({ id, outputs }: ResourceState): string | undefined =>
  (outputs.jobId as string | undefined) ?? (id.startsWith("job:") ? id.slice(4) : undefined);

/** Ids of sources that a resource's state knows, by themselves or by the job that makes them. */
export function idsIn(resource: ResourceState, { jobs }: Truth): string[] {
  const jobId = jobIdIn(resource);
  const ids = [sourceIdIn(resource), jobs.find(({ job_id }) => job_id === jobId)?.source_id];
  return ids.filter((id) => id !== undefined);
}

/** The same of a whole state. */
export const knownIds = (state: readonly ResourceState[], truth: Truth): Set<string> =>
  new Set(state.flatMap((each) => idsIn(each, truth)));
