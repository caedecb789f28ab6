/** The engine, as far as a provider can tell it from the real one. */
import { Operation, type Registration, type ResourceState, type Run } from "./command.js";
import { type Plan, plan } from "./plan.js";
import {
  type Properties,
  ProviderError,
  ProviderGoneError,
  type ProviderProcess,
} from "./providerProcess.js";
import { revealed } from "./secrets.js";

/**
 * The engine's logic for resources without dependencies: what it asks of a provider, in which order, and
 * what it keeps. It follows `pulumi`'s step generator: a check, a diff, then create, update or replace, at once for
 * all resources; deletes at the end; nothing new after a failure.
 */
export class Engine {
  state: ResourceState[] = [];
  /** What the steps of the last command began with: what a refresh before them has read, where there was one. */
  begunWith: readonly ResourceState[] = [];
  /** The URNs of creates that a killed engine had begun and not ended; the state names them from then on. */
  creating = new Set<string>();
  /** The URNs of creates that the last command has begun and that the provider did not answer. */
  private unanswered: string[] = [];

  /** The provider must be one that was just started, as the engine starts one for every command. */
  async up(
    provider: ProviderProcess,
    program: readonly Registration[],
    { replace = [], refresh = false }: { replace?: readonly string[]; refresh?: boolean } = {},
  ): Promise<Run> {
    const run = new Operation();
    this.unanswered = [];
    if (refresh) await this.readAll(provider, run);
    this.begunWith = this.state.map((each) => ({ ...each }));
    const under: Promise<void>[] = [];
    for (const registration of program) {
      if (run.failed) break;
      const { urn } = registration;
      const planned = await run.try("check", urn, () =>
        plan(provider, registration, this.registered(registration), replace.includes(urn)),
      );
      if (planned !== undefined) under.push(this.carryOut(provider, planned, run));
    }
    await Promise.all(under);
    if (run.failed) return run.result;
    await Promise.all(this.leaving(program).map((each) => this.remove(provider, each, run)));
    return run.result;
  }

  async preview(provider: ProviderProcess, program: readonly Registration[]): Promise<Run> {
    const run = new Operation();
    for (const registration of program) {
      if (run.failed) break;
      const planned = await run.try("check", registration.urn, () =>
        plan(provider, registration, this.registered(registration), false),
      );
      if (planned !== undefined) run.steps.push({ step: planned.step, urn: planned.urn });
    }
    for (const { urn } of this.leaving(program)) run.steps.push({ step: "delete", urn });
    return run.result;
  }

  async refresh(provider: ProviderProcess): Promise<Run> {
    const run = new Operation();
    await this.readAll(provider, run);
    return run.result;
  }

  private async readAll(provider: ProviderProcess, run: Operation): Promise<void> {
    await Promise.all(
      this.state
        .filter((each) => !each.delete && !each.pendingReplacement)
        .map(async (old) => {
          await run.try("read", old.urn, async () => {
            const read = await provider.read(old.urn, old.id, revealed(old.outputs), revealed(old.inputs));
            if (read === undefined) return this.forget(old);
            const { id, properties, inputs = old.inputs } = read;
            const { initErrors: _, ...rest } = old;
            this.put(old, { ...rest, id, inputs, outputs: properties });
            await provider.diff(old.urn, id, revealed(properties), revealed(old.inputs));
          });
        }),
    );
  }

  async destroy(provider: ProviderProcess): Promise<Run> {
    const run = new Operation();
    await Promise.all(this.state.map((each) => this.remove(provider, each, run)));
    return run.result;
  }

  /**
   * `pulumi import --file`, with inputs and outputs that the provider's own read of that id has given: the file is
   * written without the engine, which then only checks it.
   */
  async import(provider: ProviderProcess, urn: string, id: string, stub: Properties): Promise<Run> {
    const run = new Operation();
    await run.try("import", urn, async () => {
      if (this.find(urn) !== undefined) throw new ProviderError(`${urn} is in the state already`);
      const read = await provider.read(urn, id, stub);
      if (read === undefined) throw new ProviderError(`nothing has the id ${id}`);
      const inputs = read.inputs ?? {};
      await provider.check(urn, revealed(inputs), revealed(inputs));
      this.state.push({ urn, id: read.id, inputs, outputs: read.properties });
    });
    return run.result;
  }

  /** It has died with the provider during the last command: what it had begun to create stands in the state as begun. */
  die(): void {
    for (const urn of this.unanswered) this.creating.add(urn);
  }

  /** The resource of the first of these URNs that there is, and that is not merely waiting to be deleted. */
  find(...urns: readonly string[]): ResourceState | undefined {
    const live = this.state.filter((each) => !each.delete);
    return urns.map((urn) => live.find((each) => each.urn === urn)).find((each) => each !== undefined);
  }

  private registered({ urn, aliases = [] }: Registration): ResourceState | undefined {
    return this.find(urn, ...aliases);
  }

  /** What a program does not have, under whatever name, and what has been replaced. */
  private leaving(program: readonly Registration[]): ResourceState[] {
    const kept = new Set(program.map((each) => this.registered(each)));
    return this.state.filter((each) => !kept.has(each));
  }

  private async carryOut(provider: ProviderProcess, planned: Plan, run: Operation): Promise<void> {
    const { step, urn, old, inputs, deleteFirst } = planned;
    if (step === "same" || step === "update") {
      if (old === undefined) throw new Error("an update of nothing");
      if (step === "same") return this.put(old, { ...old, urn, inputs });
      await run.try("update", urn, async () => {
        try {
          const outputs = await provider.update(urn, old.id, revealed(old.outputs), revealed(inputs));
          this.put(old, { urn, id: old.id, inputs, outputs });
        } catch (error) {
          const partial = error instanceof ProviderError ? error.partial : undefined;
          if (partial !== undefined)
            this.put(old, { ...old, urn, outputs: partial.properties, initErrors: partial.reasons });
          throw error;
        }
      });
      return;
    }
    if (old !== undefined && deleteFirst && !old.pendingReplacement) {
      const gone = await run.try("delete", urn, async () => {
        await provider.delete(urn, old.id, revealed(old.outputs));
        old.pendingReplacement = true;
        return true;
      });
      if (!gone) return;
    }
    await run.try(step, urn, async () => {
      try {
        const { id, properties } = await provider.create(urn, revealed(inputs));
        if (id === "") throw new ProviderError("the provider returned an empty id");
        this.hasBeenMade(old, { urn, id, inputs, outputs: properties });
      } catch (error) {
        if (error instanceof ProviderGoneError) this.unanswered.push(urn);
        const partial = error instanceof ProviderError ? error.partial : undefined;
        if (partial !== undefined)
          this.hasBeenMade(old, {
            urn,
            id: partial.id,
            inputs,
            outputs: partial.properties,
            initErrors: partial.reasons,
          });
        throw error;
      }
    });
  }

  /** What was deleted before leaves the state; what is still there waits to be deleted. */
  private hasBeenMade(old: ResourceState | undefined, made: ResourceState): void {
    if (old?.pendingReplacement) this.forget(old);
    else if (old !== undefined) old.delete = true;
    this.state.push(made);
  }

  private async remove(provider: ProviderProcess, old: ResourceState, run: Operation): Promise<void> {
    if (old.pendingReplacement) return this.forget(old);
    await run.try("delete", old.urn, async () => {
      await provider.delete(old.urn, old.id, revealed(old.outputs));
      this.forget(old);
    });
  }

  private put(old: ResourceState, present: ResourceState): void {
    this.state = this.state.map((each) => (each === old ? present : each));
  }

  private forget(old: ResourceState): void {
    this.state = this.state.filter((each) => each !== old);
  }
}
