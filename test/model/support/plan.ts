/** What the engine decides to do with a resource that a program registers. */
import { isDeepStrictEqual } from "node:util";
import type { Registration, ResourceState } from "./command.js";
import { type Properties, ProviderError, type ProviderProcess } from "./providerProcess.js";
import { revealed } from "./secrets.js";

export interface Plan {
  step: "same" | "create" | "update" | "replace";
  urn: string;
  /** It may bear the URN of an alias. */
  old?: ResourceState;
  inputs: Properties;
  deleteFirst?: boolean;
}

/**
 * Asks the provider as `pulumi`'s step generator does: a check, a diff, and a second check without olds for what is
 * replaced. What is replaced by force is neither checked with olds nor compared.
 *
 * @param isForced the option `--replace`.
 */
export async function plan(
  provider: ProviderProcess,
  { urn, inputs: written, deleteBeforeReplace }: Registration,
  old: ResourceState | undefined,
  isForced: boolean,
): Promise<Plan> {
  const news = revealed(written);
  const check = async (olds: Properties) => {
    const { inputs, failures } = await provider.check(urn, olds, news);
    const [first] = failures;
    if (first !== undefined) throw new ProviderError(`resource '${urn}' has a problem: ${first.reason}`);
    return inputs;
  };
  if (old === undefined) return { step: "create", urn, inputs: await check({}) };
  if (old.taint || isForced)
    return { step: "replace", urn, old, inputs: await check({}), deleteFirst: deleteBeforeReplace ?? false };
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
  return { step: changed ? "update" : "same", urn, old, inputs };
}
