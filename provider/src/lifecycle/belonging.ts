/** Whether a resource may stay as it is: its object must be in the organisation of the provider that the program gives it. */
import type { GenesysClient } from "../genesys/client.js";
import { getJob } from "../genesys/job.js";
import type { Context } from "../resourceHandler.js";
import { hostOf, loginPrint, sayOrigin } from "../settingPlaces.js";
import { unlessMissing } from "../step.js";
import { LOOKUP_TIMEOUT } from "../waits.js";
import { sameOrganization } from "./elsewhere.js";
import type { State } from "./inputs.js";
import { beginOn, type Kind, type KindStep, objectIdIn } from "./kind.js";
import { sayName } from "./messages.js";
import { begunIn } from "./stateRecord.js";
import { observeAndDecide } from "./table.js";
import {
  BELONGING,
  organizationIn,
  type SameLogin,
  type SameOrganization,
  sameLogin,
} from "./whereabouts.js";

/** Credentials through which something was made that is here, too, by what asks for it: they lead to one organisation. */
const proved = new WeakMap<GenesysClient, Set<string>>();

/**
 * Insists that what a state tells of is in the organisation that the settings lead to (table I). No call where they are those
 * through which it was made or changed last; else one in a run, as long as nothing is missing.
 *
 * @throws Error where it is in another organisation, or is not found through these credentials: the engine would take it for
 *   unchanged, and a later refresh for gone.
 */
export async function insistOnOrganization(
  kind: Kind,
  context: Context,
  id: string,
  state: State,
): Promise<void> {
  const { settings } = context;
  const [there, here] = [state.__through, loginPrint(settings)];
  // Without credentials nothing can be asked, and nothing be changed.
  if (here === undefined) return;
  const login = sameLogin(there, here);
  if (login === "the same" || (there !== undefined && proved.get(context.client)?.has(there))) return;
  const step = beginOn(kind, context, LOOKUP_TIMEOUT);
  let organization: SameOrganization = "unknown";
  const belongs = await observeAndDecide(BELONGING, {
    login,
    settings: settings.provider === undefined ? "the stack's" : "a provider's",
    organization: async () => {
      organization = await sameOrganization(state, step);
      return organization;
    },
    look: async () => ((await lookUpById(id, state, step)) ? "found" : "not found"),
  });
  if (belongs === "no") throw notHere(id, state, { login, organization }, step);
  if (there === undefined) return;
  proved.set(context.client, (proved.get(context.client) ?? new Set()).add(there));
}

/** One call: for the object, or for the job that is still at it. */
async function lookUpById(
  id: string,
  state: State,
  { kind, api, context, budget }: KindStep,
): Promise<boolean> {
  const { objectId, jobId } = begunIn(kind, state, id);
  const asking = objectId === undefined ? getJob(context.client, String(jobId), budget) : api.show(objectId);
  return (await unlessMissing<unknown>(asking)) !== undefined;
}

function notHere(
  id: string,
  state: State,
  { login, organization }: { login: SameLogin; organization: SameOrganization },
  { kind, context: { settings } }: KindStep,
): Error {
  const here = sayOrigin(settings);
  const { __host: there = hostOf(settings) } = state;
  const made =
    there === hostOf(settings)
      ? "through other credentials, which are likely to be those of another organisation"
      : `at ${there}`;
  const where =
    organization === "unknown"
      ? `is not found through ${here}: it was made or changed ${made}`
      : `is in the organisation ${organizationIn(kind, state)}, to which ${here} does not lead`;
  const isGone =
    organization === "unknown" && login === "a token is another" && there === hostOf(settings)
      ? ' Where somebody has deleted it, "pulumi refresh" takes it out of the state, or "pulumi state delete".'
      : "";
  return new Error(
    `${sayName(kind, state)} (id ${objectIdIn(kind, state) ?? id}) ${where}. Nothing can move it: give the resource the provider that it had, or the provider the credentials that it had. To have it made anew here, replace it by force ("pulumi up --replace ${state.__urn ?? "URN"}"): the old one is deleted through the provider that it had, as long as that still leads to its organisation.${isGone}`,
  );
}
