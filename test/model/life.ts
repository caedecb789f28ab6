import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { FaultRule } from "genesyscloud-sandbox";
import { verifyLog } from "../../provider/src/hooks/audit/verify.js";
import { AUDIT_FILE } from "../../provider/src/settings.js";
import { INVARIANTS } from "./invariants/index.js";
import { type AuditSeen, type Knowledge, knownIds, type Observation } from "./observation.js";
import {
  explicitName,
  type Program,
  registration,
  resourceOf,
  type SourceSpec,
  STUB,
  TARGETS,
  TOPICS,
  urnOf,
} from "./program.js";
import type { ByHand, Round, Trouble } from "./schedule.js";
import { Engine, type Run, type StepTaken } from "./support/engine.js";
import type { Lane } from "./support/lane.js";
import type { StoredJob, StoredSource, Truth } from "./support/organisation.js";
import type { ProviderProcess } from "./support/providerProcess.js";
import { excusesOfFaults } from "./survivable.js";
import { SWITCHES } from "./switches.js";

/** Something that must be true is not. */
export class Violation extends Error {}

/** How often the watcher looks whether its request has come, in real milliseconds. */
const WATCH_MS = 2;
/** How long a request is held while something happens meanwhile, in real milliseconds. */
const HELD_MS = 15;

const CALM: Trouble = { faults: [], jobs: [], withdrawn: undefined, meanwhile: undefined, kill: undefined };
const ALL_SCOPES = [
  "eventbridge:source:write",
  "eventbridge:source:read",
  "eventbridge:topic:read",
  "eventbridge:target:read",
  "asyncapi:job:read",
];

interface ImportTarget {
  resource: number;
  id: string;
}

/** A stack, its program and its organisation, from the first day on. */
export class Life {
  readonly engine = new Engine(async () => {
    if (!SWITCHES.knowsDeletedSourcesInLaggingLists) await this.lane.clock.sleep(this.lag);
  });
  readonly program = new Map<number, SourceSpec>();
  readonly knowledge: Knowledge = {
    program: this.program,
    foreign: new Map(),
    stale: new Map(),
    strays: new Set(),
    lost: new Set(),
    imported: new Set(),
  };
  /** A provider was killed, and the last line of the audit log may be torn until the next one is written. */
  private mayBeTorn = false;
  /** Tokens of every command so far: a request that bears one is a straggler of that command. */
  private readonly tokens = new Set<string | null>();
  /** What happened so far, for the message of a violation. */
  readonly diary: string[] = [];

  /** @param lag how far reads and lists lag behind, in milliseconds */
  constructor(
    private readonly lane: Lane,
    private readonly lag: number,
  ) {}

  edit(resource: number, spec: SourceSpec | null): void {
    if (spec === null) this.program.delete(resource);
    else this.program.set(resource, spec);
  }

  /** Changes the organisation as a person would, and keeps in mind whose source it was. */
  async byHand(act: ByHand): Promise<void> {
    const { organisation } = this.lane;
    const { foreign, stale } = this.knowledge;
    const { sources } = await organisation.truth();
    if (act.by === "add") {
      const name = explicitName(act.resource, act.name) as string;
      if (sources.some((source) => source.name === name)) return;
      const { source_id } = await organisation.add({ name, event_topic_id: TOPICS[act.topic] });
      await this.noteForeign(source_id);
      this.diary.push(`  by hand: added ${name} (${source_id})`);
      return;
    }
    const source = sources[act.pick % Math.max(sources.length, 1)];
    if (source === undefined) return;
    const id = source.source_id;
    this.diary.push(`  by hand: ${act.by} ${act.by === "change" ? act.field : ""} ${source.name} (${id})`);
    if (act.by === "remove") {
      await organisation.remove("sources", id);
      if (!foreign.delete(id)) stale.set(id, "removed");
      return;
    }
    const fields = {
      nothing: {},
      description: { description: "by hand" },
      status: { status: source.status === "active" ? "inactive" : "active" },
      targets: { targets: [{ target_id: TARGETS[1], priority: 1 }] },
      name: { name: `${source.name}-by-hand` },
    }[act.field];
    await organisation.change(id, fields);
    if (foreign.has(id)) await this.noteForeign(id);
    else if (stale.get(id) !== "changed") stale.set(id, act.field === "nothing" ? "touched" : "changed");
  }

  /** Takes a source away for good that is another's, or that nobody knows. */
  async clearAway({ source_id, name }: StoredSource): Promise<void> {
    await this.lane.organisation.remove("sources", source_id);
    this.knowledge.foreign.delete(source_id);
    this.knowledge.strays.delete(source_id);
    this.diary.push(`  by hand: cleared ${name} (${source_id}) away`);
  }

  /** `pulumi state delete` */
  takeOutOfState(urn: string): void {
    this.engine.state = this.engine.state.filter((each) => each.urn !== urn);
    this.diary.push(`  pulumi state delete ${urn}`);
  }

  /** Runs one operation amid its troubles, and looks whether everything is as it must be. */
  async operate(
    operation: Round["operation"],
    { pick = 0, another = false, trouble = CALM, into }: Partial<Round> & { into?: ImportTarget } = {},
  ): Promise<Run> {
    const { organisation, clock } = this.lane;
    const unfinished = this.engine.state.some(({ outputs }) => outputs.__unfinished !== undefined);
    const mustWait = this.knowledge.stale.size > 0 || (unfinished && !SWITCHES.refreshWaitsForLaggingReads);
    // A refresh can know of a change only when reads show it.
    if (operation === "refresh" && mustWait) await clock.sleep(this.lag);
    const provider = await this.lane.provider(another);
    provider.forgetLines();
    const before = await organisation.truth();
    const excuses = this.excusesOfTheWorld(operation, before);
    await this.lane.project.showState(this.engine.state);
    const restore = await this.begin(trouble);
    const watcher = this.watch(trouble, provider);
    const run = await this.command(operation, provider, { pick, into, before });
    const { killed, meddled } = await watcher.stop();
    const faults = (await organisation.hits()).slice(watcher.rules);
    const outcomesLeft = await restore();
    const requests = await organisation.requests();
    for (const { token } of requests) if (token !== null) this.tokens.add(token);
    // What a killed provider had on its way arrives before anybody looks.
    if (killed) await delay(WATCH_MS);
    const after = await organisation.truth();

    excuses.push(
      ...excusesOfFaults(
        faults,
        [...this.program.values()].some(({ impatient }) => impatient),
      ),
    );
    if (killed) excuses.push("killed");
    if (meddled) excuses.push("somebody changed something meanwhile");
    if (requests.some(({ status }) => status === 403)) excuses.push("a scope is missing");
    if (outcomesLeft < trouble.jobs.length) excuses.push("a job did not go well");
    this.takeNote(operation, run, { after, killed, meddled, faults });
    if (run.steps.some(({ error = "" }) => this.isAboutInterrupted(error)))
      excuses.push("an interrupted step passes for a change by hand until a refresh");
    const revoked = trouble.meanwhile?.act.by === "revoke";
    if (
      revoked &&
      !SWITCHES.renewsTokensThatNeverWorked &&
      run.steps.some(({ error = "" }) => /answered 401/.test(error))
    )
      excuses.push("a new token was revoked");
    if (run.steps.some((each) => this.isImpatience(each, faults)))
      excuses.push("an impatient create gave up");
    if (!SWITCHES.createFindsWhatWasMade) excuses.push(...this.conflictsWithStrays(run, after));
    const shown = [...provider.lines];
    if (!killed && provider.ended !== undefined)
      throw this.violation([`the provider's process ended by itself: ${provider.ended}`, ...shown]);
    this.mayBeTorn ||= killed;
    const secondPreview = await this.previewAgain(operation, run);
    this.diary.push(`${operation}${killed ? " (killed)" : ""}: ${run.ok ? "ok" : "FAILED"} ${sayRun(run)}`);
    if (!run.ok) this.diary.push(`  excuses: ${excuses.join("; ") || "none"}`);
    this.judge({
      operation,
      run,
      knowledge: this.knowledge,
      state: this.engine.state,
      before,
      after,
      requests,
      shown,
      faults,
      killed,
      meddled,
      audit: killed ? undefined : await this.auditLog(),
      excuses,
      secondPreview,
    });
    return run;
  }

  /** What the project's audit log tells; there is none before the first step. */
  private async auditLog(): Promise<AuditSeen> {
    const { records, finding } = await verifyLog(join(this.lane.project.folder, AUDIT_FILE));
    const isExpected = finding?.damage === "missing" || (finding?.damage === "torn" && this.mayBeTorn);
    return {
      finding: isExpected ? undefined : finding?.message,
      names: new Set(records.map(({ name }) => name)),
    };
  }

  violation(what: readonly string[]): Violation {
    return new Violation(`${what.join("\n")}\n\n${this.diary.join("\n")}`);
  }

  private judge(observation: Observation): void {
    const broken = Object.entries(INVARIANTS).flatMap(([name, invariant]) =>
      invariant(observation).map((what) => `${name}: ${what}`),
    );
    if (broken.length > 0) throw this.violation(broken);
  }

  private registrations(program: Program, deleteFirst?: string) {
    return [...program]
      .toSorted(([a], [b]) => a - b)
      .map(([resource, spec]) => registration(resource, spec))
      .map((each) => (each.urn === deleteFirst ? { ...each, deleteBeforeReplace: true } : each));
  }

  private async command(
    operation: Round["operation"],
    provider: ProviderProcess,
    { pick, into, before }: { pick: number; into: ImportTarget | undefined; before: Truth },
  ): Promise<Run> {
    const { engine, program } = this;
    const nothing = { ok: true, steps: [] };
    switch (operation) {
      case "up":
        return engine.up(provider, this.registrations(program));
      case "preview":
        return engine.preview(provider, this.registrations(program));
      case "refresh":
        return engine.refresh(provider);
      case "destroy":
        return engine.destroy(provider);
      case "replace": {
        const urn = engine.state.filter((each) => !each.delete)[pick % Math.max(engine.state.length, 1)]?.urn;
        if (urn === undefined) return engine.up(provider, this.registrations(program));
        const first = SWITCHES.replaceWithoutDeletingFirst ? undefined : urn;
        return engine.up(provider, this.registrations(program, first), { replace: [urn] });
      }
      case "import": {
        const target = into ?? this.importable(before, pick);
        if (target === undefined) return nothing;
        return engine.import(provider, urnOf(target.resource), target.id, STUB);
      }
    }
  }

  /** A source that the stack does not know, for a resource that is not in the state. */
  private importable(truth: Truth, pick: number): ImportTarget | undefined {
    const known = knownIds(this.engine.state, truth);
    const free = [...this.program.keys()].filter(
      (resource) => this.engine.find(urnOf(resource)) === undefined,
    );
    const others = truth.sources.filter(({ source_id }) => !known.has(source_id));
    const resource = free[pick % Math.max(free.length, 1)];
    const id = others[pick % Math.max(others.length, 1)]?.source_id;
    return resource === undefined || id === undefined ? undefined : { resource, id };
  }

  /** Sets the troubles up; the result takes them away, and tells how many of the jobs' outcomes were not used. */
  private async begin({ faults, jobs, withdrawn, kill, meanwhile }: Trouble): Promise<() => Promise<number>> {
    const { organisation } = this.lane;
    const api = { path: "^/api/" };
    const rules: FaultRule[] = [
      ...(kill ? [{ match: api, skip: kill.at, action: { kind: "hang" as const, after: kill.after } }] : []),
      ...(meanwhile
        ? [{ match: api, skip: meanwhile.at, action: { kind: "delay" as const, ms: HELD_MS } }]
        : []),
      ...faults,
    ];
    if (rules.length > 0) await organisation.faults(rules);
    for (const job of jobs) await organisation.nextJob(job);
    if (withdrawn !== undefined)
      await organisation.settings({ scopes: ALL_SCOPES.filter((scope) => scope !== withdrawn) });
    await organisation.forgetRequests();
    return async () => {
      if (rules.length > 0) await organisation.clearFaults();
      if (withdrawn !== undefined) await organisation.settings({ scopes: null });
      if (jobs.length === 0) return 0;
      const left = await organisation.outcomesLeft();
      await organisation.clearJobs();
      return left;
    };
  }

  /** Acts at the moment when a certain request is under way. */
  private watch({ kill, meanwhile }: Trouble, provider: ProviderProcess) {
    const rules = [kill, meanwhile].filter((each) => each !== undefined).length;
    let over = false;
    const seen = { killed: false, meddled: false };
    const look = async () => {
      let due = meanwhile !== undefined;
      while (!over && rules > 0 && !seen.killed) {
        const hits = await this.lane.organisation.hits();
        if (kill !== undefined && (hits[0]?.hits ?? 0) > 0) {
          seen.killed = true;
          await provider.kill();
        } else if (due && meanwhile !== undefined && (hits[kill ? 1 : 0]?.hits ?? 0) > 0) {
          due = false;
          if (meanwhile.act.by === "revoke") await this.lane.organisation.revokeTokens();
          else {
            seen.meddled = true;
            await this.byHand(meanwhile.act);
          }
        } else await delay(WATCH_MS);
      }
    };
    const watching = look();
    return {
      rules,
      stop: async () => {
        over = true;
        await watching;
        return seen;
      },
    };
  }

  /** Reasons, known beforehand, why an operation may fail without anything going wrong. */
  private excusesOfTheWorld(operation: Round["operation"], { sources, jobs }: Truth): string[] {
    const excuses: string[] = [];
    const others = [...this.knowledge.stale.values()].filter((how) => how === "changed" || how === "removed");
    if (others.length > 0 && operation !== "refresh") excuses.push("sources were changed by hand");
    const isAmiss = (status?: string) => status !== "completed" && status !== "active";
    for (const { id, outputs } of this.engine.state) {
      const jobId = id.startsWith("job:") ? id.slice(4) : outputs.jobId;
      const job = jobs.find(({ job_id }) => job_id === jobId);
      if (outputs.__unfinished !== undefined && isAmiss(job?.status))
        excuses.push(`job ${jobId} is ${job?.status}`);
    }
    for (const [resource, spec] of this.program) {
      const name = explicitName(resource, spec.name);
      const mine = this.engine.find(urnOf(resource));
      if (name !== undefined && jobs.some((job) => job.name === name && isPending(job)))
        excuses.push(`${name} is reserved by a job`);
      const holder = sources.find(
        (source) => source.name === name && source.source_id !== mine?.outputs.sourceId,
      );
      if (holder === undefined) continue;
      const canAdopt =
        spec.onConflict === "adopt" && mine === undefined && holder.event_topic_id === TOPICS[spec.topic];
      if (!canAdopt) excuses.push(`${name} is the name of ${holder.source_id}`);
    }
    return excuses;
  }

  /** A conflict with something that an earlier create made without being able to tell. */
  private conflictsWithStrays(run: Run, { sources, jobs }: Truth): string[] {
    const { strays } = this.knowledge;
    const names = [...sources, ...jobs]
      .filter(({ source_id }) => strays.has(source_id))
      .map(({ name }) => name);
    return run.steps
      .filter(({ error = "" }) => names.some((name) => error.includes(JSON.stringify(name))))
      .map(({ urn }) => `${urn} conflicts with what an earlier run made`);
  }

  /** Another's sources that a create of the program may take over, as they were left. */
  private adoptable(): StoredSource[] {
    const names = [...this.program]
      .filter(([, { onConflict }]) => onConflict === "adopt")
      .map(([resource, { name, topic }]) => [explicitName(resource, name), TOPICS[topic]]);
    return [...this.knowledge.foreign.values()].filter(({ name, event_topic_id }) =>
      names.some(([wanted, topic]) => wanted === name && topic === event_topic_id),
    );
  }

  /** Brings the knowledge up to date with what an operation was entitled to. */
  private takeNote(
    operation: Round["operation"],
    run: Run,
    seen: {
      after: Truth;
      killed: boolean;
      meddled: boolean;
      faults: readonly (FaultRule & { hits: number })[];
    },
  ): void {
    const { foreign, stale, strays } = this.knowledge;
    const { after, killed, meddled, faults } = seen;
    const known = knownIds(this.engine.state, after);
    if (operation === "refresh" && run.ok && !meddled) stale.clear();
    if (!run.ok) this.noteInterrupted(after);
    // What a change that nobody waits for any more does to a source comes later.
    for (const job of after.jobs)
      if (job.kind === "update" && isPending(job) && known.has(job.source_id) && !stale.has(job.source_id))
        stale.set(job.source_id, "interrupted");
    for (const { source_id, version } of this.adoptable()) {
      const present = after.sources.find((source) => source.source_id === source_id);
      if (!known.has(source_id) && present?.version === version) continue;
      foreign.delete(source_id);
      if (!known.has(source_id)) strays.add(source_id);
    }
    // An import makes a source the stack's own.
    for (const id of known) {
      if (operation === "import" && foreign.delete(id)) this.knowledge.imported.add(id);
      strays.delete(id);
    }
    if (!SWITCHES.findsWhatFailedJobsMadeInLaggingLists)
      for (const { status, source_id } of after.jobs)
        if (["failed", "cancelled"].includes(status) && this.isUnknown(source_id, after))
          strays.add(source_id);
    const postSpoilt = faults.some(({ hits, match }) => hits > 0 && match?.path === "/sources$");
    if (killed || postSpoilt)
      for (const { kind, source_id } of after.jobs) if (kind === "create") this.knowledge.lost.add(source_id);
    if (!killed && !(postSpoilt && !run.ok)) return;
    const made = [...after.sources, ...after.jobs.filter(({ kind }) => kind === "create")];
    for (const { source_id } of made) if (this.isUnknown(source_id, after)) strays.add(source_id);
  }

  /**
   * A create that gives up early may not have the time to repeat what was spoilt, nor to wait for reads that lag or for
   * a job that holds its name.
   */
  private isImpatience({ urn, error = "" }: StepTaken, faults: readonly { hits: number }[]): boolean {
    const impatient = this.program.get(resourceOf(urn))?.impatient ?? false;
    const late =
      /took too long|was not over after|had to be over|but cannot be read|no source of the name|still be in the making/.test(
        error,
      );
    return impatient && error !== "" && (late || faults.some(({ hits }) => hits > 0));
  }

  /** A step that failed may have come further than the state knows: only a refresh tells. */
  private noteInterrupted({ sources }: Truth): void {
    const { stale } = this.knowledge;
    for (const { outputs } of this.engine.state) {
      const id = outputs.sourceId as string | undefined;
      if (id === undefined || outputs.__unfinished !== undefined || stale.has(id)) continue;
      const source = sources.find(({ source_id }) => source_id === id);
      if (source === undefined || source.version !== outputs.version) stale.set(id, "interrupted");
    }
  }

  private isAboutInterrupted(error: string): boolean {
    return /outside of Pulumi/.test(error) && [...this.knowledge.stale.values()].includes("interrupted");
  }

  /** Whether neither the stack nor anybody else knows of a source. */
  private isUnknown(id: string, truth: Truth): boolean {
    const { foreign, stale } = this.knowledge;
    return !knownIds(this.engine.state, truth).has(id) && !foreign.has(id) && !stale.has(id);
  }

  private async previewAgain(operation: Round["operation"], run: Run): Promise<Observation["secondPreview"]> {
    if (!run.ok || (operation !== "up" && operation !== "replace")) return undefined;
    const { organisation } = this.lane;
    await organisation.forgetRequests();
    const provider = await this.lane.provider();
    const second = await this.engine.preview(provider, this.registrations(this.program));
    const requests = (await organisation.requests()).filter(({ token }) => !this.tokens.has(token));
    return { run: second, requests: requests.length };
  }

  private async noteForeign(id: string): Promise<void> {
    const { sources } = await this.lane.organisation.truth();
    const source = sources.find(({ source_id }) => source_id === id);
    if (source !== undefined) this.knowledge.foreign.set(id, source);
  }
}

const isPending = ({ status }: StoredJob): boolean => status === "queued" || status === "running";

const sayRun = ({ steps }: Run): string =>
  steps
    .map(({ step, urn, error }) => `${step} r${resourceOf(urn)}${error === undefined ? "" : ` (${error})`}`)
    .join(", ");
