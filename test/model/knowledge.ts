/** What must be so, told from what was done: the measure of what a provider says and does. */
import type { FaultRule } from "genesyscloud-sandbox";
import { explicitKey, type Program, resourceCalled, resourceOf } from "./program.js";
import type { Round } from "./schedule.js";
import type { Stack, Stacks } from "./stacks.js";
import { type Spec, subjectOf } from "./subjects/index.js";
import type { StoredObject } from "./subjects/subject.js";
import type { ResourceState, Run } from "./support/command.js";
import { isPending, resourceOfJob, type StoredJob, type Truth } from "./support/organisation.js";

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
  /** The program: what it says of its resources, by their numbers. */
  readonly program = new Map<number, Spec>();
  /** Objects that others made, as they left them. Nobody but their makers may change or remove them. */
  readonly foreign = new Map<string, StoredObject>();
  /**
   * Objects of the stack in which somebody else had a hand since the last refresh: how they were changed. "touched":
   * only their version. "interrupted": by the stack itself, in a step that failed after it had changed or deleted it.
   */
  readonly stale = new Map<string, "touched" | "changed" | "removed" | "interrupted">();
  /** Objects that a create made which could not tell of it: it was killed, or the answer to its POST was lost. */
  readonly strays = new Set<string>();
  /** Those of them that no later create can know to be ours: the journal is gone, or somebody has changed them. */
  readonly unprovable = new Set<string>();
  /** What somebody has taken out of a stack's state, as long as the journal tells: it is not ours again, whatever it is called. */
  readonly letGo = new Set<string>();
  /** What jobs that nobody waits for were still changing at the last look: no read need show yet what has come of that since. */
  private unattended = new Set<string>();
  /** What a job makes that nobody knows of, since the answer to its POST was lost. */
  readonly lost = new Set<string>();
  /** Another's objects that somebody has removed: one may be taken into the stack at that very moment. */
  private readonly takenAway = new Set<string>();
  /** Objects that no step of this machine has made: an import took them into the stack, or another machine made them. */
  readonly madeElsewhere = new Set<string>();

  constructor(readonly stacks: Stacks) {}

  /** What a stack's own program has. */
  programOf(stack: Stack): Program {
    return new Map([...this.program].filter(([resource]) => this.stacks.of(resource) === stack));
  }

  edit(resource: number, spec: Spec | null): void {
    if (spec === null) this.program.delete(resource);
    else this.program.set(resource, spec);
  }

  /** Somebody has changed an object, or made it. */
  changedByHand(object: StoredObject, isNoChange: boolean): void {
    const { id } = object;
    this.unprovable.add(id);
    if (this.foreign.has(id)) this.foreign.set(id, object);
    else if (this.stale.get(id) !== "changed") this.stale.set(id, isNoChange ? "touched" : "changed");
  }

  removedByHand(id: string): void {
    if (this.foreign.delete(id)) this.takenAway.add(id);
    else this.stale.set(id, "removed");
  }

  /** An object is taken away for good of which the stack knows nothing. */
  clearedAway(id: string): void {
    this.foreign.delete(id);
    this.strays.delete(id);
  }

  /** Objects are no longer the stack's: somebody has taken them out of its state. */
  takenOut(ids: readonly string[]): void {
    for (const id of ids) {
      this.strays.add(id);
      this.unprovable.add(id);
      this.letGo.add(id);
    }
  }

  /** The project's folder is gone with everything in it, the journal and the audit log. */
  movedElsewhere({ objects, jobs }: Truth): void {
    this.letGo.clear();
    for (const { objectId } of jobs) this.unprovable.add(objectId);
    for (const object of objects) if (!this.isNoted(object)) this.unprovable.add(object.id);
    for (const { id } of objects) this.madeElsewhere.add(id);
    for (const { objectId } of jobs) this.madeElsewhere.add(objectId);
  }

  /** Whether the engine, which died with a create, has noted what is still called as it was posted: any machine finds that. */
  private isNoted(object: StoredObject): boolean {
    const resource = resourceCalled(object);
    if (object.key !== "" || Number.isNaN(resource)) return false;
    return this.stacks.of(resource).engine.creating.has(this.stacks.urn(resource));
  }

  /** Resources have other URNs: what was begun for them under the old ones, and no stack knows of, nobody looks for. */
  calledOtherwise(resources: readonly number[], truth: Truth): void {
    const objects = truth.objects.map((object) => [object.id, resourceCalled(object)] as const);
    const inTheMaking = truth.jobs.map((job) => [job.objectId, resourceOfJob(job)] as const);
    for (const [id, resource] of [...objects, ...inTheMaking])
      if (resources.includes(resource) && this.isUnknown(id, truth)) this.unprovable.add(id);
  }

  /** Whether neither a stack nor anybody else knows of an object. */
  isUnknown(id: string, truth: Truth): boolean {
    return !knownIds(this.stacks.state, truth).has(id) && !this.foreign.has(id);
  }

  /** Learns from an operation what it was entitled to. */
  learn(operation: Round["operation"], { stack, run, after, killed, meddled, faults }: Aftermath): void {
    const known = knownIds(this.stacks.state, after);
    const beside = knownIds(this.stacks.stateBeside(stack), after);
    if (READING.includes(operation) && run.ok && !meddled)
      for (const id of [...this.stale.keys()])
        if (!beside.has(id) && !this.unattended.has(id)) this.stale.delete(id);
    if (!run.ok) this.noteInterrupted(after);
    if (meddled) for (const id of known) if (this.takenAway.delete(id)) this.stale.set(id, "removed");
    const postSpoilt = faults.some((fault) => fault.hits > 0 && isOfCreate(fault));
    if (killed || postSpoilt)
      for (const { kind, objectId } of after.jobs) if (kind === "create") this.lost.add(objectId);
    // What a change that nobody waits for any more does to a source comes later.
    for (const job of after.jobs)
      if (this.isUnattended(job) && known.has(job.objectId) && !this.isStale(job.objectId))
        this.stale.set(job.objectId, "interrupted");
    const unattended = after.jobs.filter((job) => this.isUnattended(job));
    this.unattended = new Set(unattended.map(({ objectId }) => objectId));
    // An import makes an object the stack's own.
    if (operation === "import")
      for (const id of known) if (this.foreign.delete(id) || this.strays.has(id)) this.madeElsewhere.add(id);
    for (const { id, stamp } of this.adoptable()) {
      const present = after.objects.find((object) => object.id === id);
      if (!known.has(id) && present?.stamp === stamp) continue;
      this.foreign.delete(id);
      if (known.has(id)) continue;
      // Begun to be adopted, and never kept: it is not ours to be removed, should the program ask for another name.
      this.strays.add(id);
      this.unprovable.add(id);
    }
    for (const id of known) this.strays.delete(id);
    // Where a list lags behind, a create whose job failed misses what that has made all the same: the next one finds it.
    const isNoCreate = operation === "refresh" || operation === "destroy";
    for (const { status, objectId } of isNoCreate ? [] : after.jobs)
      if (["failed", "cancelled"].includes(status) && this.isUnknown(objectId, after))
        this.strays.add(objectId);
    if (!killed && !(postSpoilt && !run.ok)) return;
    const creates = after.jobs.filter(({ kind }) => kind === "create");
    const made = [...after.objects.map(({ id }) => id), ...creates.map(({ objectId }) => objectId)];
    for (const id of made) if (this.isUnknown(id, after)) this.strays.add(id);
  }

  /** Whether more than the version of an object is another since the last refresh. */
  private isStale(id: string): boolean {
    return (this.stale.get(id) ?? "touched") !== "touched";
  }

  /** Whether nobody waits for a job: that of a create whose answer was lost is known to nobody, its object may be. */
  private isUnattended({ kind, job_id, objectId, ...job }: StoredJob): boolean {
    if (kind !== "create") return isPending(job);
    const isKnown = this.stacks.state.some((each) => jobIdIn(each) === job_id);
    return this.lost.has(objectId) && !isKnown;
  }

  /** Another's objects that a create of the program may adopt, as they were left. */
  private adoptable(): StoredObject[] {
    const wanted = [...this.program].filter(([, { onConflict }]) => onConflict === "adopt");
    return [...this.foreign.values()].filter(({ key, fixed }) =>
      wanted.some(
        ([resource, spec]) =>
          explicitKey(resource, spec.key) === key && subjectOf(resource).fixed(spec) === fixed,
      ),
    );
  }

  /** A step that failed may have come further than the state knows: only a refresh tells. */
  private noteInterrupted({ objects }: Truth): void {
    for (const { urn, outputs } of this.stacks.state) {
      const { idOutput, stampIn } = subjectOf(resourceOf(urn));
      const id = outputs[idOutput] as string | undefined;
      if (id === undefined || outputs.__unfinished !== undefined || this.isStale(id)) continue;
      const object = objects.find((each) => each.id === id);
      if (object === undefined || object.stamp !== stampIn(outputs)) this.stale.set(id, "interrupted");
    }
  }

  /** An object that the stack does not know, for a resource that is in the program and not in the state. */
  importable(stack: Stack, truth: Truth, pick: number): { resource: number; id: string } | undefined {
    const known = knownIds(this.stacks.state, truth);
    const free = [...this.programOf(stack).keys()].filter(
      (resource) => this.stacks.find(resource) === undefined,
    );
    const resource = free[pick % Math.max(free.length, 1)];
    if (resource === undefined) return undefined;
    const { kind } = subjectOf(resource);
    const others = truth.objects.filter((each) => each.kind === kind && !known.has(each.id));
    const id = others[pick % Math.max(others.length, 1)]?.id;
    return id === undefined ? undefined : { resource, id };
  }
}

/** Whether a fault strikes the POST of a create. */
const isOfCreate = ({ match }: FaultRule): boolean =>
  match?.method === "POST" && match.path !== "/oauth/token";

/** The object's id, as far as a state knows it. */
export const objectIdIn = ({ urn, id, outputs }: ResourceState): string | undefined =>
  (outputs[subjectOf(resourceOf(urn)).idOutput] as string | undefined) ??
  (id.startsWith("job:") ? undefined : id);

/** The job that a state tells of: its last one, where an update has posted again. */
export const jobIdIn = ({ id, outputs }: ResourceState): string | undefined =>
  (outputs.jobId as string | undefined) ?? (id.startsWith("job:") ? id.slice(4) : undefined);

/** Ids of objects that a resource's state knows, by themselves or by the job that makes them. */
export function idsIn(resource: ResourceState, { jobs }: Truth): string[] {
  const jobId = jobIdIn(resource);
  const ids = [objectIdIn(resource), jobs.find(({ job_id }) => job_id === jobId)?.objectId];
  return ids.filter((id) => id !== undefined);
}

/** The same of a whole state. */
export const knownIds = (state: readonly ResourceState[], truth: Truth): Set<string> =>
  new Set(state.flatMap((each) => idsIn(each, truth)));
