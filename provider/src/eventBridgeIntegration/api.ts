/** The calls on integrations, each one request unless it says otherwise; their errors are `GenesysError`s. */
import { malformed } from "../genesys/body.js";
import type { GenesysClient, Request } from "../genesys/client.js";
import { GenesysError } from "../genesys/errors.js";
import type { StepBudget } from "../genesys/retry.js";
import { inProgramWords, type Wording } from "../lifecycle/complaint.js";
import type { Inputs, Properties } from "../lifecycle/inputs.js";
import type { ChangeAnswer, KindApi, PostAnswer } from "../lifecycle/kindApi.js";
import { organizationId } from "../lifecycle/organization.js";
import { inQuotes } from "../printable.js";
import { unlessMissing } from "../step.js";
import { TYPE_ID } from "./model.js";
import { asMissing, CONFIG, everyListed, integrationReads, LIST, ONE, observe } from "./reads.js";
import { configBody, configIn, integrationIn, isWholeConfig, typeTold, type WireConfig } from "./wire.js";

/** The API calls the fields as the program does; some of them it has among its properties. */
const WORDING: Wording = {
  noun: "integration",
  telling: /\b(awsAccountId|awsAccountRegion|eventSourceSuffix|eventFilter)\b/g,
  propertyOf: (field) => field.replace(/^properties\./, ""),
};

/** The calls that the lifecycle makes. */
export const integrationApi = (client: GenesysClient, budget: StepBudget): KindApi => ({
  ...integrationReads(client, budget),
  create: (_, token) => create(client, budget, token),
  update: (integrationId, from, to) => update(client, budget, { integrationId, from, to }),
  remove: async (integrationId) => {
    const request = { method: "DELETE", path: ONE, pathParams: { integrationId } } as const;
    const answer = await unlessMissing(client.send(request, budget).catch(asMissing));
    return answer === undefined ? "missing" : {};
  },
});

async function create(
  client: GenesysClient,
  budget: StepBudget,
  token: string | undefined,
): Promise<PostAnswer> {
  // What could fail is asked before anything is made: an id that is not answered is lost.
  await organizationId(client, budget);
  const body = { name: token, integrationType: { id: TYPE_ID } };
  const request = { method: "POST", path: LIST, body } as const;
  const answer = await client.send(request, budget).catch(async (error: unknown) => {
    throw await whyNotMade(error, client, budget);
  });
  const made = integrationIn(answer.body, request);
  if (typeTold(made) === "another")
    throw malformed(request, "the answer is about an integration of another type");
  if (made.id === undefined) throw malformed(request, "the answer bears no id of an integration");
  // A new integration has an empty configuration of version 1.
  const config = made.config?.current ?? { name: token, version: 1 };
  return { id: made.id, seen: await observe(client, budget, made, config) };
}

interface Change {
  integrationId: string;
  from: Properties & { version?: number };
  to: Inputs;
}

/** A PUT of the configuration where that differs, and a PATCH where `enabled` does, or where all is as asked for and in ERROR. */
async function update(
  client: GenesysClient,
  budget: StepBudget,
  { integrationId, from, to }: Change,
): Promise<ChangeAnswer> {
  const pathParams = { integrationId };
  const send = async (request: Request) => {
    const answer = client.send(request, budget);
    return (await answer.catch((error) => Promise.reject(inProgramWords(error, request.method, WORDING))))
      .body;
  };
  const carried = from.__carried as Properties | undefined;
  const put = {
    method: "PUT",
    path: CONFIG,
    pathParams,
    body: configBody(to, from.version, carried),
  } as const;
  const isSame = isConfigSame(from, to);
  const config = isSame
    ? (configBody(from, from.version, carried) as WireConfig)
    : configIn(await send(put), put);
  const intended = { intendedState: to.enabled ? "ENABLED" : "DISABLED" };
  const patch = { method: "PATCH", path: ONE, pathParams, body: intended } as const;
  // Only that tells the platform to try again.
  const isRetry = to.enabled === true && from.reportedState === "ERROR";
  const isKept = from.enabled === to.enabled && !isRetry;
  const state = isKept ? undefined : integrationIn(await send(patch), patch);
  // What an answer leaves out would pass for empty.
  const isWhole =
    config.name !== undefined &&
    isWholeConfig(config) &&
    (state === undefined || state.intendedState !== undefined);
  // One that is enabled may pass through ACTIVATING again after a PUT, or get well by it: the answer does not tell. Where
  // nothing was sent nothing has changed.
  const isStateKnown = isKept ? !to.enabled || isSame : state?.reportedState?.code !== undefined;
  // A PATCH makes no new version.
  const version = isSame ? from.version : config.version;
  if (!isWhole || !isStateKnown) return { version };
  const { intendedState, reportedState: code } = from as { intendedState?: string; reportedState?: string };
  const known = { id: integrationId, intendedState, reportedState: { code }, ...state };
  return { observed: await observe(client, budget, { ...known, id: integrationId }, config), version };
}

/** Whether a PUT would change nothing. What is only ours, and what a PATCH changes, is left out. */
const isConfigSame = (from: Properties, to: Inputs): boolean => {
  const [before, after] = [from, to].map((fields) => JSON.stringify(configBody(fields, undefined)));
  return before === after;
};

/** What to do about a POST that was refused, where more is known of it than the platform says. */
async function whyNotMade(error: unknown, client: GenesysClient, budget: StepBudget): Promise<unknown> {
  if (
    !(error instanceof GenesysError) ||
    error.status !== 400 ||
    !/maximum number of integrations/i.test(error.said)
  )
    return error;
  const there: string[] = [];
  try {
    for await (const { id, name } of everyListed(client, budget))
      there.push(`${inQuotes(String(name))} (${id})`);
  } catch {
    // That there are too many is what the user must learn of.
    return error;
  }
  return error.with({
    advice: `There are: ${there.join(", ")}. Import one of them, or delete one first.`,
  });
}
