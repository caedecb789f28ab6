/** What an organisation must have set up for a kind, beyond rights: looked at by `doctor`. */
import type { GenesysClient } from "../genesys/client.js";
import type { StepBudget } from "../genesys/retry.js";

export interface SetUp {
  /** What is looked at, such as `integration type amazon-eventbridge-source`. */
  readonly check: string;
  /** One call. @throws GenesysError where it cannot be looked at. */
  look(client: GenesysClient, budget: StepBudget): Promise<Found>;
}

/** How it stands, in words that say what to do where something is wrong. */
export type Found = { ok: string } | { doubt: string } | { wrong: string };
