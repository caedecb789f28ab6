import type { GenesysClient } from "../genesys/client.js";
import { GenesysError } from "../genesys/errors.js";
import { everyEntity } from "../genesys/pages.js";
import type { StepBudget } from "../genesys/retry.js";
import type { ReferenceNames } from "./programText.js";

/** For a program that has no use for names. */
export const NO_NAMES: ReferenceNames = { topics: new Map(), targets: new Map() };

/** What topics and targets are called; nothing where it cannot be read, since their ids say as much to a machine. */
export async function readReferenceNames(client: GenesysClient, budget: StepBudget): Promise<ReferenceNames> {
  const [topics, targets] = await Promise.all(
    (["topic", "target"] as const).map(async (kind) => {
      const names = new Map<string, string>();
      try {
        const list = everyEntity<Record<string, unknown>>(client, `/api/v2/eventbridge/${kind}s`, {}, budget);
        for await (const { [`${kind}_id`]: id, name } of list)
          if (typeof name === "string" && name !== "") names.set(String(id), name);
      } catch (error) {
        if (!(error instanceof GenesysError)) throw error;
      }
      return names;
    }),
  );
  return { topics: topics ?? new Map(), targets: targets ?? new Map() };
}
