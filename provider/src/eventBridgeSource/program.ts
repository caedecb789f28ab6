/** How programs write a source. */
import type { GenesysClient } from "../genesys/client.js";
import { GenesysError } from "../genesys/errors.js";
import type { StepBudget } from "../genesys/retry.js";
import type { InPrograms, NamesById } from "../lifecycle/inPrograms.js";
import { DEFAULTS } from "./args.js";
import { everyListed, type Word } from "./catalogue.js";
import type { Filter, SourceFields } from "./model.js";

export const inPrograms: InPrograms = {
  className: "EventBridgeSource",
  args: (fields) => argsOf(fields as SourceFields),
  shared: { eventTopicId: "topic", targetId: "target" },
  lookUps: { topic: "getEventBridgeTopicOutput", target: "getEventBridgeTargetOutput" },
  namesOf: async (client, budget) => {
    const [topic, target] = await Promise.all([
      namesIn("topic", client, budget),
      namesIn("target", client, budget),
    ]);
    return { topic, target };
  },
  platformWords: ["status", "sourceType"],
};

function argsOf(fields: SourceFields): Record<string, unknown> {
  const { name, description, eventTopicId, targets, filters, sourceType, status } = fields;
  const inSequence = targets.every(({ priority }, index) => priority === index + 1);
  return {
    name,
    ...(description === DEFAULTS.description ? {} : { description }),
    eventTopicId,
    targets: inSequence ? targets.map(({ targetId }) => ({ targetId })) : targets,
    ...(filters.length === 0 ? {} : { filters: filters.map(withoutDefaultAction) }),
    ...(sourceType === DEFAULTS.sourceType ? {} : { sourceType }),
    ...(status === DEFAULTS.status ? {} : { status }),
  };
}

function withoutDefaultAction({ action, ...filter }: Filter) {
  return action === DEFAULTS.action ? filter : { ...filter, action };
}

/** The names of a list; none where it cannot be read, since ids say as much to a machine. */
async function namesIn(word: Word, client: GenesysClient, budget: StepBudget): Promise<NamesById> {
  try {
    const listed = await everyListed(word, client, budget);
    return new Map(listed.filter(({ name }) => name !== "").map(({ id, name }) => [id, name]));
  } catch (error) {
    if (!(error instanceof GenesysError)) throw error;
    return new Map();
  }
}
