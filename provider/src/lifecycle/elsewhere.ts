/** Whether what is not found is gone: it is only where it was looked for at the right place, and can be found at all. */
import type { GenesysClient } from "../genesys/client.js";
import { GenesysError } from "../genesys/errors.js";
import type { Context } from "../resourceHandler.js";
import { hostOf } from "../settings.js";
import type { CommonOutputs } from "./inputs.js";
import type { KindStep } from "./kind.js";
import type { KindApi } from "./kindApi.js";
import { sayName } from "./messages.js";

/** What a state keeps of where its object is. */
export function whereabouts({ settings }: Context): Pick<CommonOutputs, "__host"> {
  const host = hostOf(settings);
  return host === undefined ? {} : { __host: host };
}

/**
 * What is not found is gone only if it was looked for where it is. With the region of another organisation nothing of the
 * stack would be there, nor in one that does not offer the kind any more: all of it would be forgotten. One call at the most
 * in a run.
 *
 * @param what was not found, such as `id 4711` or `job 0815`.
 * @throws Error naming both places, where it was made elsewhere; or why no such object can be found.
 */
export async function insistHere(
  what: string,
  state: { name: string } & Pick<CommonOutputs, "__host">,
  step: KindStep,
): Promise<void> {
  const { kind, context } = step;
  const [there, here] = [state.__host, hostOf(context.settings)];
  if (there === undefined || there === here) return insistOffered(step);
  throw new Error(
    `${sayName(kind, state)} (${what}) is not found at ${here}: it was made or changed at ${there}, and stays in the stack's state. Set genesyscloud:region, or genesyscloud:gateway, to what it was; or, if it is gone for good, take it out of the state with "pulumi state delete".`,
  );
}

/** Whether a kind's list is there, by what asks for it: once a run. */
const lists = new WeakMap<GenesysClient, Map<string, Promise<void>>>();

/** A list is there, however empty it is. @throws GenesysError where it is not, or does not answer. */
async function insistOffered({ kind, api, context: { client } }: KindStep): Promise<void> {
  const known = lists.get(client) ?? new Map<string, Promise<void>>();
  lists.set(client, known);
  const seeing = known.get(kind.type) ?? seeList(api);
  known.set(kind.type, seeing);
  await seeing.catch((error: unknown) => {
    known.delete(kind.type);
    throw error;
  });
}

async function seeList(api: KindApi): Promise<void> {
  try {
    for await (const _ of api.pages()) return;
  } catch (error) {
    // Who may not see the list is told of single objects.
    if (!(error instanceof GenesysError) || error.status !== 403) throw error;
  }
}
