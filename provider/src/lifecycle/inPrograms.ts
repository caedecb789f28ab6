/** How programs write objects of a kind: what an import has to know to write one. */
import type { GenesysClient } from "../genesys/client.js";
import type { StepBudget } from "../genesys/retry.js";

/** What objects are called in the organisation, by their ids. */
export type NamesById = ReadonlyMap<string, string>;

export interface InPrograms {
  /** The class of its resources, such as `EventBridgeSource`. */
  readonly className: string;
  /** The least that a program has to say of one: nothing that is said by default, and no secret. */
  args(fields: Record<string, unknown>): Record<string, unknown>;
  /**
   * Arguments, wherever they stand, whose value several objects can have in common, so that a program says it once; and what
   * that value stands for, such as `target` for `targetId`.
   */
  readonly shared: Readonly<Record<string, string>>;
  /**
   * The functions of this package that look what those values stand for up by its name, by the word, such as
   * `getEventBridgeTargetOutput` for `target`: in another organisation the same name has another id.
   */
  readonly lookUps?: Readonly<Record<string, string>>;
  /** What those values stand for is called so in the organisation; nothing where that cannot be read. */
  namesOf?(client: GenesysClient, budget: StepBudget): Promise<Readonly<Record<string, NamesById>>>;
  /** Arguments whose values are words of the platform, which a message can show. */
  readonly platformWords: readonly string[];
}
