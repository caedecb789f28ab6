import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { verifyLog } from "../../provider/src/hooks/audit/verify.js";
import { outboxFolder } from "../../provider/src/hooks/webhook/outbox.js";
import { AUDIT_FILE } from "../../provider/src/settings.js";
import { excusesOfTheRun, excusesOfTheWorld } from "./excuses.js";
import { INVARIANTS } from "./invariants/index.js";
import { idsIn, Knowledge } from "./knowledge.js";
import type { AuditSeen, NoticeSeen, NoticesSeen, Observation } from "./observation.js";
import {
  explicitName,
  registration,
  resourceOf,
  type SourceSpec,
  STUB,
  TARGETS,
  TOPICS,
  urnOf,
} from "./program.js";
import { type ByHand, CALM, type Round } from "./schedule.js";
import { Engine, type ResourceState, type Run } from "./support/engine.js";
import type { Lane } from "./support/lane.js";
import { isPending, type StoredSource, type Truth } from "./support/organisation.js";
import type { ProviderProcess } from "./support/providerProcess.js";
import { beginTroubles } from "./troubles.js";

/** Something that must be true is not. */
export class Violation extends Error {}

/** An operation, and what an import is about where it is not to be picked. */
type Operating = Partial<Round> & { into?: { resource: number; id: string } };

/** A stack, its program and its organisation, from the first day on. */
export class Life {
  readonly engine = new Engine();
  readonly knowledge = new Knowledge(this.engine);
  /** What happened so far, for the message of a violation. */
  readonly diary: string[] = [];
  /** A provider was killed, and the last line of the audit log may be torn until the next one is written. */
  private mayBeTorn = false;
  /** Records of the audit log that were there before. */
  private recorded = 0;
  private readonly delivered: NoticeSeen[] = [];
  /** Tokens of every command so far: a request that bears one is a straggler of that command. */
  private readonly tokens = new Set<string | null>();

  /** @param lag how far reads and lists lag behind, in milliseconds */
  constructor(
    private readonly lane: Lane,
    private readonly lag: number,
  ) {}

  edit(resource: number, spec: SourceSpec | null): void {
    this.knowledge.edit(resource, spec);
    this.diary.push(`r${resource}: ${JSON.stringify(spec)}`);
  }

  /** Changes the organisation as a person would, and keeps in mind whose source it was. */
  async byHand(act: ByHand): Promise<void> {
    const { organisation } = this.lane;
    const { sources, jobs } = await organisation.truth();
    if (act.by === "add") {
      const name = explicitName(act.resource, act.name) as string;
      // As the platform has it: a name that a job is about to give is taken, too.
      const holders = [...sources, ...jobs.filter(isPending)];
      if (holders.some((each) => each.name === name)) return;
      const added = await organisation.add({ name, event_topic_id: TOPICS[act.topic] });
      const { source_id } = added;
      this.knowledge.foreign.set(source_id, (await this.source(source_id)) ?? added);
      this.diary.push(`  by hand: added ${name} (${source_id})`);
      return;
    }
    const source = sources[act.pick % Math.max(sources.length, 1)];
    if (source === undefined) return;
    const id = source.source_id;
    this.diary.push(`  by hand: ${act.by} ${act.by === "change" ? act.field : ""} ${source.name} (${id})`);
    try {
      await this.changeByHand(source, act);
    } catch (error) {
      if ((error as { status?: number }).status !== 404) throw error;
      // The provider, which is at work meanwhile, has deleted it since it was looked up.
      this.diary.push("    it was gone already");
    }
  }

  private async changeByHand(source: StoredSource, act: Exclude<ByHand, { by: "add" }>): Promise<void> {
    const { organisation } = this.lane;
    const id = source.source_id;
    if (act.by === "remove") {
      await organisation.remove("sources", id);
      this.knowledge.removedByHand(id);
      return;
    }
    const fields = {
      nothing: {},
      description: { description: "by hand" },
      status: { status: source.status === "active" ? "inactive" : "active" },
      targets: { targets: [{ target_id: TARGETS[1], priority: 1 }] },
      name: { name: `${source.name}-by-hand` },
    }[act.field];
    const changed = await organisation.change(id, fields);
    this.knowledge.changedByHand((await this.source(id)) ?? changed, act.field === "nothing");
  }

  /** As long as reads and lists may lag behind. */
  timePasses(): Promise<void> {
    return this.lane.clock.sleep(this.lag);
  }

  /** Takes a source away for good that is another's, or that nobody knows. */
  async clearAway({ source_id, name }: StoredSource): Promise<void> {
    await this.lane.organisation.remove("sources", source_id);
    this.knowledge.clearedAway(source_id);
    this.diary.push(`  by hand: cleared ${name} (${source_id}) away`);
  }

  /** `pulumi state delete`; whoever does it takes it upon himself what becomes of the source. */
  takeOutOfState(resource: ResourceState, truth: Truth): void {
    this.knowledge.takenOut(idsIn(resource, truth));
    this.engine.state = this.engine.state.filter((each) => each !== resource);
    this.diary.push(`  pulumi state delete ${resource.urn} (${resource.id})`);
  }

  /** Runs one operation amid its troubles, and looks whether everything is as it must be. */
  async operate(operation: Round["operation"], given: Operating = {}): Promise<Run> {
    const { pick = 0, another = false, elsewhere = false, trouble = CALM, into } = given;
    const { organisation, project } = this.lane;
    // A refresh can know of a change only when reads show it, and nobody imports what he cannot see.
    if ((operation === "refresh" && this.knowledge.stale.size > 0) || operation === "import")
      await this.timePasses();
    const before = await organisation.truth();
    if (elsewhere) await this.moveElsewhere(before);
    const provider = await this.lane.provider(another);
    provider.forgetLines();
    const excuses = excusesOfTheWorld(operation, this.knowledge, this.engine, before);
    const stateBefore = this.engine.state.map((each) => ({ ...each }));
    await project.showState(stateBefore);
    const endTroubles = await beginTroubles(this.lane, provider, trouble, (act) => this.byHand(act));
    const run = await this.command(operation, provider, { pick, into, before });
    const { killed, meddled, faults, jobsStruck } = await endTroubles();
    if (killed && trouble.kill?.power) project.failPower();
    const requests = await organisation.requests();
    for (const { token } of requests) if (token !== null) this.tokens.add(token);
    const after = await organisation.truth();
    this.knowledge.learn(operation, { run, after, killed, meddled, faults });

    if (killed) excuses.push("killed");
    if (meddled) excuses.push("somebody changed something meanwhile");
    if (requests.some(({ status }) => status === 403)) excuses.push("a scope is missing");
    if (jobsStruck) excuses.push("a job did not go well");
    excuses.push(...excusesOfTheRun(run, { knowledge: this.knowledge, trouble, faults }));
    const shown = [...provider.lines];
    if (!killed && provider.ended !== undefined)
      throw this.violation([`the provider's process ended by itself: ${provider.ended}`, ...shown]);
    this.mayBeTorn ||= killed;
    const secondPreview = await this.previewAgain(operation, run);
    const how = `${killed ? ` (killed${trouble.kill?.power ? " by a power failure" : ""})` : ""}`;
    this.diary.push(`${operation}${how}: ${run.ok ? "ok" : "FAILED"} ${sayRun(run)}`);
    if (!run.ok) this.diary.push(`  excuses: ${excuses.join("; ") || "none"}`);
    this.judge({
      operation,
      run,
      knowledge: this.knowledge,
      stateBefore,
      state: this.engine.state,
      before,
      after,
      requests,
      shown,
      faults,
      killed,
      meddled,
      audit: await this.auditLog(),
      notices: await this.notices(),
      webhooks: this.lane.webhooks,
      excuses,
      secondPreview,
    });
    return run;
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

  private async moveElsewhere(before: Truth): Promise<void> {
    this.diary.push("  on another machine:");
    this.knowledge.movedElsewhere(before);
    await this.lane.project.clean();
    this.recorded = 0;
  }

  /** What the project's audit log tells; there is none before the first step. */
  private async auditLog(): Promise<AuditSeen> {
    const { records, finding } = await verifyLog(join(this.lane.project.folder, AUDIT_FILE));
    const isExpected = finding?.damage === "missing" || (finding?.damage === "torn" && this.mayBeTorn);
    const added = records.slice(this.recorded);
    this.recorded = records.length;
    return {
      finding: isExpected ? undefined : finding?.message,
      names: new Set(records.map(({ name }) => name)),
      added,
    };
  }

  /** The receiver is asked once an operation; the outbox has what it did not take. */
  private async notices(): Promise<NoticesSeen> {
    const { received } = this.lane.receiver;
    const accepted = received.splice(0).filter(({ status = 0 }) => status >= 200 && status < 300);
    for (const { headers, body } of accepted)
      this.delivered.push({ id: String(headers["webhook-id"]), body: JSON.parse(body) });
    const outbox = outboxFolder(join(this.lane.project.folder, AUDIT_FILE));
    const files = (await readdir(outbox).catch(() => [])).filter((name) => name.endsWith(".json"));
    const texts = await Promise.all(files.map((name) => readFile(join(outbox, name), "utf8")));
    return { delivered: this.delivered, waiting: texts.flatMap(noticeIn) };
  }

  private registrations(deleteFirst?: string) {
    return [...this.knowledge.program]
      .toSorted(([a], [b]) => a - b)
      .map(([resource, spec]) => registration(resource, spec, this.lane.webhooks))
      .map((each) => (each.urn === deleteFirst ? { ...each, deleteBeforeReplace: true } : each));
  }

  private async command(
    operation: Round["operation"],
    provider: ProviderProcess,
    { pick, into, before }: { pick: number; into: Operating["into"]; before: Truth },
  ): Promise<Run> {
    const { engine, knowledge } = this;
    switch (operation) {
      case "up":
        return engine.up(provider, this.registrations());
      case "preview":
        return engine.preview(provider, this.registrations());
      case "refresh":
        return engine.refresh(provider);
      case "destroy":
        return engine.destroy(provider);
      case "replace": {
        const live = engine.state.filter((each) => !each.delete);
        const urn = live[pick % Math.max(live.length, 1)]?.urn;
        if (urn === undefined) return engine.up(provider, this.registrations());
        return engine.up(provider, this.registrations(urn), { replace: [urn] });
      }
      case "import": {
        const target = into ?? knowledge.importable(before, pick);
        if (target === undefined) return { ok: true, steps: [] };
        return engine.import(provider, urnOf(target.resource), target.id, STUB);
      }
    }
  }

  private async previewAgain(operation: Round["operation"], run: Run): Promise<Observation["secondPreview"]> {
    if (!run.ok || (operation !== "up" && operation !== "replace")) return undefined;
    const { organisation } = this.lane;
    await organisation.forgetRequests();
    const provider = await this.lane.provider();
    const second = await this.engine.preview(provider, this.registrations());
    const requests = (await organisation.requests()).filter(({ token }) => !this.tokens.has(token));
    return { run: second, requests: requests.length };
  }

  private async source(id: string): Promise<StoredSource | undefined> {
    const { sources } = await this.lane.organisation.truth();
    return sources.find(({ source_id }) => source_id === id);
  }
}

/** What lies in the outbox; nothing where it is no notice. */
function noticeIn(text: string): NoticeSeen[] {
  try {
    const { id, body } = JSON.parse(text);
    return [{ id, body: JSON.parse(body) }];
  } catch {
    return [];
  }
}

const sayRun = ({ steps }: Run): string =>
  steps
    .map(({ step, urn, error }) => `${step} r${resourceOf(urn)}${error === undefined ? "" : ` (${error})`}`)
    .join(", ");
