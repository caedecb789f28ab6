import { isDeepStrictEqual } from "node:util";
import { type Properties, ProviderError, type ProviderProcess } from "./providerProcess.js";
import { revealed } from "./secrets.js";

/** A resource as the stack's state has it. */
export interface ResourceState {
  urn: string;
  id: string;
  inputs: Properties;
  outputs: Properties;
  /** Why its last step was not finished; the next `up` updates it whatever `diff` says. */
  initErrors?: string[];
  /** It has been replaced and is still to be deleted. */
  delete?: boolean;
  /** It was deleted to be replaced, and what replaces it has not been made. */
  pendingReplacement?: boolean;
}

/** A resource as a program registers it. */
export interface Registration {
  urn: string;
  inputs: Properties;
  /** The option of that name. */
  deleteBeforeReplace?: boolean;
}

/** A step that was tried, or would be in a preview. */
export interface StepTaken {
  step: "same" | "create" | "update" | "replace" | "delete" | "read" | "check" | "diff" | "import";
  urn: string;
  /** What a person is shown when it failed. */
  error?: string;
}

/** What a command of the engine left. */
export interface Run {
  ok: boolean;
  steps: StepTaken[];
}

/**
 * The engine's logic for one kind of resource without dependencies: what it asks of a provider, in which order, and
 * what it keeps. It follows `pulumi`'s step generator: a check, a diff, then create, update or replace, at once for
 * all resources; deletes at the end; nothing new after a failure.
 */
export class Engine {
  state: ResourceState[] = [];

  /** The provider must be one that was just started, as the engine starts one for every command. */
  async up(
    provider: ProviderProcess,
    program: readonly Registration[],
    options: { replace?: readonly string[] } = {},
  ): Promise<Run> {
    const run = new Operation();
    const under: Promise<void>[] = [];
    for (const registration of program) {
      if (run.failed) break;
      const plan = await run.try("check", registration.urn, () => this.plan(provider, registration, options));
      if (plan !== undefined) under.push(this.carryOut(provider, plan, run));
    }
    await Promise.all(under);
    if (run.failed) return run.result;
    const kept = new Set(program.map(({ urn }) => urn));
    const leaving = this.state.filter((each) => each.delete || !kept.has(each.urn));
    await Promise.all(leaving.map((each) => this.remove(provider, each, run)));
    return run.result;
  }

  async preview(provider: ProviderProcess, program: readonly Registration[]): Promise<Run> {
    const run = new Operation();
    for (const registration of program) {
      if (run.failed) break;
      const plan = await run.try("check", registration.urn, () => this.plan(provider, registration, {}));
      if (plan !== undefined) run.steps.push({ step: plan.step, urn: plan.urn });
    }
    const kept = new Set(program.map(({ urn }) => urn));
    for (const { urn } of this.state.filter((each) => each.delete || !kept.has(each.urn)))
      run.steps.push({ step: "delete", urn });
    return run.result;
  }

  async refresh(provider: ProviderProcess): Promise<Run> {
    const run = new Operation();
    await Promise.all(
      this.state
        .filter((each) => !each.delete && !each.pendingReplacement)
        .map(async (old) => {
          await run.try("read", old.urn, async () => {
            const read = await provider.read(old.urn, old.id, revealed(old.outputs), revealed(old.inputs));
            if (read === undefined) return this.forget(old);
            const { id, properties, inputs = old.inputs } = read;
            this.put(old, { urn: old.urn, id, inputs, outputs: properties });
            await provider.diff(old.urn, id, revealed(properties), revealed(old.inputs));
          });
        }),
    );
    return run.result;
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

  /** The resource of that URN that is not merely waiting to be deleted. */
  find(urn: string): ResourceState | undefined {
    return this.state.find((each) => each.urn === urn && !each.delete);
  }

  /** What the engine decides to do with a registration. */
  private async plan(
    provider: ProviderProcess,
    { urn, inputs: written, deleteBeforeReplace }: Registration,
    { replace = [] }: { replace?: readonly string[] },
  ): Promise<Plan> {
    const old = this.find(urn);
    const news = revealed(written);
    const check = async (olds: Properties) => {
      const { inputs, failures } = await provider.check(urn, olds, news);
      const [first] = failures;
      if (first !== undefined) throw new ProviderError(`resource '${urn}' has a problem: ${first.reason}`);
      return inputs;
    };
    if (old === undefined) return { step: "create", urn, inputs: await check({}) };
    if (replace.includes(urn))
      return {
        step: "replace",
        urn,
        old,
        inputs: await check({}),
        deleteFirst: deleteBeforeReplace ?? false,
      };
    const inputs = await check(revealed(old.inputs));
    const diff = await provider.diff(urn, old.id, revealed(old.outputs), revealed(inputs));
    const changed =
      diff.changes === "some" ||
      (diff.changes === "unknown" && !isDeepStrictEqual(revealed(old.inputs), revealed(inputs))) ||
      old.initErrors !== undefined;
    if (old.pendingReplacement || (changed && diff.replaces.length > 0))
      return {
        step: "replace",
        urn,
        old,
        inputs: await check({}),
        deleteFirst: deleteBeforeReplace ?? diff.deleteBeforeReplace,
      };
    return changed ? { step: "update", urn, old, inputs } : { step: "same", urn, old, inputs };
  }

  private async carryOut(provider: ProviderProcess, plan: Plan, run: Operation): Promise<void> {
    const { urn, old, inputs } = plan;
    if (plan.step === "same" || plan.step === "update") {
      if (old === undefined) throw new Error("an update of nothing");
      if (plan.step === "same") return this.put(old, { ...old, inputs });
      await run.try("update", urn, async () => {
        try {
          const outputs = await provider.update(urn, old.id, revealed(old.outputs), revealed(inputs));
          this.put(old, { urn, id: old.id, inputs, outputs });
        } catch (error) {
          const partial = error instanceof ProviderError ? error.partial : undefined;
          if (partial !== undefined)
            this.put(old, { ...old, outputs: partial.properties, initErrors: partial.reasons });
          throw error;
        }
      });
      return;
    }
    if (old !== undefined && plan.deleteFirst && !old.pendingReplacement) {
      const gone = await run.try("delete", urn, async () => {
        await provider.delete(urn, old.id, revealed(old.outputs));
        old.pendingReplacement = true;
        return true;
      });
      if (!gone) return;
    }
    await run.try(plan.step, urn, async () => {
      try {
        const { id, properties } = await provider.create(urn, revealed(inputs));
        if (id === "") throw new ProviderError("the provider returned an empty id");
        this.hasBeenMade(old, { urn, id, inputs, outputs: properties });
      } catch (error) {
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

interface Plan {
  step: "same" | "create" | "update" | "replace";
  urn: string;
  old?: ResourceState;
  inputs: Properties;
  deleteFirst?: boolean;
}

/** A command under way. */
class Operation {
  readonly steps: StepTaken[] = [];
  failed = false;

  get result(): Run {
    return { ok: !this.failed, steps: this.steps };
  }

  /** @returns `undefined` when it failed, which is kept for the person watching. */
  async try<T>(step: StepTaken["step"], urn: string, take: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await take();
      if (step !== "check") this.steps.push({ step, urn });
      return result;
    } catch (error) {
      this.failed = true;
      this.steps.push({ step, urn, error: error instanceof Error ? error.message : String(error) });
      return undefined;
    }
  }
}
