/** What an operation asks of the engine: which command it runs, and what the program registers meanwhile. */
import type { Knowledge } from "./knowledge.js";
import { registration, stubOf } from "./program.js";
import type { Round } from "./schedule.js";
import { liveIn, type Stack } from "./stacks.js";
import type { Run } from "./support/command.js";
import type { Lane } from "./support/lane.js";
import type { Truth } from "./support/organisation.js";
import type { ProviderProcess } from "./support/providerProcess.js";

type Webhooks = Lane["webhooks"];

/** What is given with an operation. */
export interface Given {
  webhooks: Webhooks;
  pick: number;
  /** What an import is about, where it is not to be picked. */
  into?: { resource: number; id: string };
  /** The organisation as it was before. */
  before: Truth;
}

/** What a stack's program registers. @param forced the resource that the command replaces by force, if any. */
export function registrations(knowledge: Knowledge, stack: Stack, webhooks: Webhooks, forced?: number) {
  const { stacks } = knowledge;
  return [...knowledge.programOf(stack)]
    .toSorted(([a], [b]) => a - b)
    .map(([resource, spec]) => {
      // Two cannot have the same key: who taints what the program names sets the option, as the provider says.
      const isNamed = spec.key !== "auto" && stacks.find(resource)?.taint === true;
      const registered = registration(stacks.urns(resource), spec, webhooks);
      return isNamed || resource === forced ? { ...registered, deleteBeforeReplace: true } : registered;
    });
}

/** Runs the command of an operation. */
export async function command(
  operation: Round["operation"],
  provider: ProviderProcess,
  knowledge: Knowledge,
  stack: Stack,
  { webhooks, pick, into, before }: Given,
): Promise<Run> {
  const { engine } = stack;
  const { stacks } = knowledge;
  const registered = (forced?: number) => registrations(knowledge, stack, webhooks, forced);
  switch (operation) {
    case "up":
      return engine.up(provider, registered());
    case "up --refresh":
      return engine.up(provider, registered(), { refresh: true });
    case "preview":
      return engine.preview(provider, registered());
    case "refresh":
      return engine.refresh(provider);
    case "destroy":
      return engine.destroy(provider);
    case "replace": {
      const live = liveIn(engine.state);
      const forced = live[pick % Math.max(live.length, 1)];
      const replace = forced === undefined ? [] : [stacks.urn(forced)];
      return engine.up(provider, registered(forced), { replace });
    }
    case "import": {
      const target = into ?? knowledge.importable(stack, before, pick);
      if (target === undefined) return { ok: true, steps: [] };
      return engine.import(provider, stacks.urn(target.resource), target.id, stubOf(target.resource));
    }
  }
}
