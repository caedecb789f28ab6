/** Which organisation an object is in, as far as a host tells. */
import type { Context } from "../resourceHandler.js";
import { hostOf } from "../settings.js";
import type { CommonOutputs, KindStep } from "./kind.js";
import { sayName } from "./messages.js";

/** What a state keeps of where its object is. */
export function whereabouts({ settings }: Context): Pick<CommonOutputs, "__host"> {
  const host = hostOf(settings);
  return host === undefined ? {} : { __host: host };
}

/**
 * What is not found is gone only if it was looked for where it is: with the region of another organisation nothing of
 * the stack would be there, and all of it would be forgotten.
 *
 * @param what was not found, such as `id 4711` or `job 0815`.
 * @throws Error naming both places, where it was made elsewhere.
 */
export function insistHere(
  what: string,
  state: { name: string } & Pick<CommonOutputs, "__host">,
  { kind, context }: Pick<KindStep, "kind" | "context">,
): void {
  const [there, here] = [state.__host, hostOf(context.settings)];
  if (there === undefined || there === here) return;
  throw new Error(
    `${sayName(kind, state)} (${what}) is not found at ${here}: it was made or changed at ${there}, and stays in the stack's state. Set genesyscloud:region, or genesyscloud:gateway, to what it was; or, if it is gone for good, take it out of the state with "pulumi state delete".`,
  );
}
