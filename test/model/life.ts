/** Lives operation after operation, and looks after each whether everything is as it must be. */
import { doByHand } from "./byHand.js";
import { command, registrations } from "./commands.js";
import { excusesOfTheRun, excusesOfTheWorld } from "./excuses.js";
import { INVARIANTS } from "./invariants/index.js";
import { idsIn, Knowledge, READING } from "./knowledge.js";
import type { Observation } from "./observation.js";
import { Records } from "./records.js";
import { type ByHand, CALM, type Round, type StateEdit, UPS } from "./schedule.js";
import { type Stack, Stacks } from "./stacks.js";
import { editState } from "./stateEdits.js";
import type { Spec } from "./subjects/index.js";
import type { StoredObject } from "./subjects/subject.js";
import type { ResourceState, Run } from "./support/command.js";
import type { Lane } from "./support/lane.js";
import type { Truth } from "./support/organisation.js";
import { beginTroubles } from "./troubles.js";

/** Something that must be true is not. */
export class Violation extends Error {}

/** How far reads and lists lag behind. */
export interface Lag {
  /** In milliseconds. */
  ms: number;
  /** Whether a read may show an integration's state of before a PATCH, which bears no version to tell that by. */
  ofStates: boolean;
}

const NO_LAG: Lag = { ms: 0, ofStates: false };

/** An operation, and what an import is about where it is not to be picked. */
type Operating = Partial<Omit<Round, "second">> & { stack?: Stack; into?: { resource: number; id: string } };

/** The stacks of a project, their programs and their organisation, from the first day on. */
export class Life {
  readonly knowledge: Knowledge;
  /** What happened so far, for the message of a violation. */
  readonly diary: string[] = [];
  readonly records: Records;
  /** Tokens of every command so far: a request that bears one is a straggler of that command. */
  private readonly tokens = new Set<string | null>();

  constructor(
    private readonly lane: Lane,
    private readonly lag: Lag = NO_LAG,
    readonly stacks = new Stacks(),
  ) {
    this.knowledge = new Knowledge(stacks);
    this.records = new Records(lane);
  }

  /** Stacks that have anything, or are to have. */
  get lived(): Stack[] {
    return this.stacks.all.filter(
      (stack) => stack.engine.state.length > 0 || this.knowledge.programOf(stack).size > 0,
    );
  }

  edit(resource: number, spec: Spec | null): void {
    this.knowledge.edit(resource, spec);
    this.diary.push(`r${resource}: ${JSON.stringify(spec)}`);
  }

  byHand(act: ByHand): Promise<void> {
    return doByHand(act, this.lane.organisation, this.knowledge, (line) => this.diary.push(line));
  }

  /** Changes names and states without a provider. */
  async editState(edit: StateEdit): Promise<void> {
    editState(edit, this.knowledge, await this.lane.organisation.truth(), (line) => this.diary.push(line));
  }

  /** As long as reads and lists may lag behind. */
  async timePasses(): Promise<void> {
    await this.lane.clock.sleep(this.lag.ms);
    await this.lane.organisation.catchUp();
  }

  /** Takes an object away for good that is another's, or that nobody knows. */
  async clearAway(object: StoredObject): Promise<void> {
    const { id, kind, key } = object;
    await this.lane.organisation.remove(object);
    this.knowledge.clearedAway(id);
    this.diary.push(`  by hand: cleared ${kind} ${key} (${id}) away`);
  }

  /** `pulumi state delete`; whoever does it takes it upon himself what becomes of the object. */
  takeOutOfState(resource: ResourceState, truth: Truth): void {
    this.knowledge.takenOut(idsIn(resource, truth));
    for (const { engine } of this.stacks.all) engine.state = engine.state.filter((each) => each !== resource);
    this.diary.push(`  pulumi state delete ${resource.urn} (${resource.id})`);
  }

  /** Runs one operation amid its troubles, and looks whether everything is as it must be. */
  async operate(operation: Round["operation"], how: Operating = {}): Promise<Run> {
    const { pick = 0, another = false, elsewhere = false, trouble = CALM, into } = how;
    const { stack = this.stacks.first } = how;
    const { engine } = stack;
    const { organisation, project } = this.lane;
    // A refresh can know of a change only when reads show it, and nobody imports what he cannot see.
    if ((READING.includes(operation) && this.knowledge.stale.size > 0) || operation === "import")
      await this.timePasses();
    if (READING.includes(operation) && this.lag.ofStates) await organisation.catchUp();
    const before = await organisation.truth();
    if (elsewhere) await this.moveElsewhere(before);
    const provider = await this.lane.provider(another);
    provider.forgetLines();
    const excuses = excusesOfTheWorld(operation, this.knowledge, stack, before);
    const stateBefore = engine.state.map((each) => ({ ...each }));
    const states = this.stacks.all.map(({ name, engine }) => [name, shown(engine)] as const);
    await project.showStates(new Map(states), stack.name);
    const endTroubles = await beginTroubles(this.lane, provider, trouble, (act) => this.byHand(act));
    const given = { webhooks: this.lane.webhooks, pick, into, before };
    const run = await command(operation, provider, this.knowledge, stack, given);
    const { killed, meddled, faults, outcomeStruck } = await endTroubles();
    if (killed && trouble.kill?.power) {
      project.failPower();
      engine.die();
    }
    const requests = await organisation.requests();
    for (const { token } of requests) if (token !== null) this.tokens.add(token);
    const after = await organisation.truth();
    this.knowledge.learn(operation, { stack, run, after, killed, meddled, faults });

    if (killed) excuses.push("killed");
    if (meddled) excuses.push("somebody changed something meanwhile");
    if (requests.some(({ status }) => status === 403)) excuses.push("a scope is missing");
    if (outcomeStruck) excuses.push("a job or a change of state did not go well");
    excuses.push(...excusesOfTheRun(run, { knowledge: this.knowledge, trouble, faults }));
    const written = [...provider.lines];
    if (!killed && provider.ended !== undefined)
      throw this.violation([`the provider's process ended by itself: ${provider.ended}`, ...written]);
    this.records.mayBeTorn ||= killed;
    const secondPreview = await this.previewAgain(operation, stack, run);
    const ended = `${killed ? ` (killed${trouble.kill?.power ? " by a power failure" : ""})` : ""}`;
    this.diary.push(
      `${operation}${stack === this.stacks.first ? "" : " of the second stack"}${ended}: ${run.ok ? "ok" : "FAILED"} ${sayRun(run)}`,
    );
    if (!run.ok) this.diary.push(`  excuses: ${excuses.join("; ") || "none"}`);
    this.judge({
      operation,
      run,
      knowledge: this.knowledge,
      stack,
      stateBefore,
      begunWith: UPS.includes(operation) ? engine.begunWith : stateBefore,
      state: engine.state,
      stateBeside: this.stacks.stateBeside(stack),
      before,
      after,
      requests,
      shown: written,
      faults,
      killed,
      meddled,
      audit: await this.records.auditLog(),
      notices: await this.records.notices(),
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
    if (broken.length === 0) return;
    const asked = observation.requests.map(
      ({ at, method, path, status }) => `${at} ${method} ${path} ${status}`,
    );
    throw this.violation([...broken, "What was asked:", ...asked]);
  }

  private async moveElsewhere(before: Truth): Promise<void> {
    this.diary.push("  on another machine:");
    this.knowledge.movedElsewhere(before);
    await this.lane.project.clean();
    this.records.begin();
  }

  private async previewAgain(
    operation: Round["operation"],
    stack: Stack,
    run: Run,
  ): Promise<Observation["secondPreview"]> {
    if (!run.ok || !UPS.includes(operation)) return undefined;
    const { organisation } = this.lane;
    await organisation.forgetRequests();
    const provider = await this.lane.provider();
    const registered = registrations(this.knowledge, stack, this.lane.webhooks);
    const second = await stack.engine.preview(provider, registered);
    const requests = (await organisation.requests()).filter(({ token }) => !this.tokens.has(token));
    return { run: second, requests: requests.length };
  }
}

const shown = ({ state, creating }: Stack["engine"]) => ({ resources: state, creating });

const sayRun = ({ steps }: Run): string =>
  steps
    .map(
      ({ step, urn, error }) =>
        `${step} ${urn.split("::").at(-1)}${error === undefined ? "" : ` (${error})`}`,
    )
    .join(", ");
