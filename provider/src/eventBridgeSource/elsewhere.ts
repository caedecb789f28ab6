import type { Context } from "../resourceHandler.js";
import { hostOf } from "../settings.js";
import { sayName } from "./conflict.js";
import type { SourceState } from "./model.js";

/** What a state keeps of where its source is. */
export function whereabouts({ settings }: Context): Pick<SourceState, "__host"> {
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
  state: Pick<SourceState, "name" | "__host">,
  { settings }: Context,
): void {
  const [there, here] = [state.__host, hostOf(settings)];
  if (there === undefined || there === here) return;
  throw new Error(
    `${sayName(state)} (${what}) is not found at ${here}: it was made or changed at ${there}, and stays in the stack's state. Set genesyscloud:region, or genesyscloud:gateway, to what it was; or, if it is gone for good, take it out of the state with "pulumi state delete".`,
  );
}
