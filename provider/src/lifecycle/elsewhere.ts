/** Whether what is not found is gone: it is only where it was looked for at the right place, and can be found at all. */
import type { GenesysClient } from "../genesys/client.js";
import { GenesysError } from "../genesys/errors.js";
import { sayProvider } from "../settingOrigin.js";
import { hostOf, loginPrint } from "../settingPlaces.js";
import type { Settings } from "../settings.js";
import type { Properties } from "./inputs.js";
import type { KindStep } from "./kind.js";
import type { KindApi } from "./kindApi.js";
import { sayName } from "./messages.js";
import { organizationIfTold } from "./organization.js";
import { observeAndDecide } from "./table.js";
import {
  ABSENCE,
  organizationIn,
  type SameOrganization,
  sameLogin,
  type Whereabouts,
} from "./whereabouts.js";

/**
 * What is not found is gone only if it was looked for where it is. With the region or the credentials of another organisation
 * nothing of the stack would be there, nor in one that does not offer the kind any more: all of it would be forgotten. Two
 * calls at the most in a run.
 *
 * @param what was not found, such as `id 4711` or `job 0815`.
 * @throws Error naming both places, where it was made elsewhere; or why no such object can be found.
 */
export async function insistHere(
  what: string,
  state: { name: string } & Properties & Whereabouts,
  step: KindStep,
): Promise<void> {
  const { kind, context } = step;
  const { settings } = context;
  const [there, here] = [state.__host, hostOf(settings)];
  const absence = await observeAndDecide(ABSENCE, {
    host: there === undefined ? "not noted" : there === here ? "the same" : "another",
    login: sameLogin(state.__through, loginPrint(settings)),
    organization: () => sameOrganization(state, step),
  });
  if (absence === "gone") return insistOffered(step);
  const made = there === here ? "through other credentials" : `at ${there}`;
  const doubt = absence === "perhaps elsewhere" ? ", which may be those of another organisation" : "";
  throw new Error(
    `${sayName(kind, state)} (${what}) is not found at ${here}: it was made or changed ${made}${doubt}, and stays in the stack's state. ${sayWayBack(settings, there === here)}; or, if it is gone for good, take it out of the state with "pulumi state delete".`,
  );
}

/** What to set to be where it is. */
function sayWayBack({ provider }: Settings, isHostSame: boolean): string {
  const [place, login] =
    provider === undefined
      ? ["genesyscloud:region, or genesyscloud:gateway,", "the credentials"]
      : ["region, or gateway,", "the credentials"].map((each) => `${each} of the ${sayProvider(provider)}`);
  return `Set ${isHostSame ? login : place} to what ${isHostSame ? "they were" : "it was"}`;
}

/** Whether the organisation of the settings is that which a state names: one call in a run, where it names one. */
export async function sameOrganization(
  state: Properties & Whereabouts,
  { kind, context: { client }, budget }: KindStep,
): Promise<SameOrganization> {
  const there = organizationIn(kind, state);
  const here = there === undefined ? undefined : await organizationIfTold(client, budget);
  if (there === undefined || here === undefined) return "unknown";
  return there === here ? "the same" : "another";
}

/** Whether a kind's list is there, by what asks for it: once a run. */
const lists = new WeakMap<GenesysClient, Map<string, Promise<void>>>();

/** A list is there, however empty it is. @throws GenesysError where it is not, or does not answer. */
async function insistOffered({ kind, api, listing, context: { client } }: KindStep): Promise<void> {
  if (listing.isThere) return;
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
