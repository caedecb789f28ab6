/** The calls on integrations, each one request unless it says otherwise; their errors are `GenesysError`s. */
import { z } from "zod";
import { told } from "../genesys/answer.js";
import { anId, inShape } from "../genesys/body.js";
import type { GenesysClient, Request } from "../genesys/client.js";
import { GenesysError } from "../genesys/errors.js";
import { everyEntity } from "../genesys/pages.js";
import type { StepBudget } from "../genesys/retry.js";
import type { Inputs, KindApi, Observed, Properties } from "../lifecycle/kind.js";
import { LONGEST } from "../limits.js";
import { inQuotes } from "../printable.js";
import { unlessMissing } from "../step.js";
import { TYPE_ID } from "./model.js";
import {
  configBody,
  configIn,
  integrationIn,
  isOfType,
  observedFrom,
  type WireConfig,
  type WireIntegration,
} from "./wire.js";

const LIST = "/api/v2/integrations";
/** The path of one integration; its parameter is `integrationId`. */
const ONE = `${LIST}/{integrationId}`;
const CONFIG = `${ONE}/config/current`;
const ORGANIZATION = "/api/v2/organizations/me";

/** Integrations that this process has deleted, or wanted to and found gone: a list that lags may still show them. */
const deleted = new WeakMap<GenesysClient, Set<string>>();
/** The organisation's id, by what asks for it: once a run. */
const organizations = new WeakMap<GenesysClient, Promise<string>>();

/** The calls that the lifecycle makes. */
export function integrationApi(client: GenesysClient, budget: StepBudget): KindApi {
  const send = async (request: Request) => (await client.send(request, budget)).body;
  const observe = async (integration: WireIntegration, config: WireConfig) =>
    observedFrom(integration, config, {
      organizationId: await organizationId(client, budget),
      tell: (words) => told(words, LONGEST.quote, budget.hide),
    });
  /** With its configuration, which some answers leave out. */
  const whole = async (integration: WireIntegration): Promise<Observed> => {
    const pathParams = { integrationId: integration.id ?? "" };
    const request = { method: "GET", path: CONFIG, pathParams } as const;
    const config = integration.config?.current ?? configIn(await send(request), request);
    return observe(integration, config);
  };
  /** As the list shows them: what others have there is nobody's business here, in whatever shape it is. */
  async function* ofType(): AsyncGenerator<Listed> {
    const query = { integrationType: TYPE_ID, expand: "config.current" };
    for await (const entity of everyEntity<Listed>(client, LIST, query, budget)) {
      // A server may ignore the filter.
      const isOurs = entity.integrationType?.id === TYPE_ID && entity.intendedState !== "DELETED";
      if (isOurs && !deleted.get(client)?.has(String(entity.id))) yield entity;
    }
  }

  return {
    async get(integrationId) {
      const request = {
        method: "GET",
        path: ONE,
        pathParams: { integrationId },
        query: { expand: "config.current" },
      } as const;
      const integration = integrationIn(await send(request).catch(asMissing), request);
      if (integration.intendedState === "DELETED" || !isOfType(integration)) throw noneThere(integration);
      return whole(integration).catch(asMissing);
    },

    /** One call a page, and one for each configuration that a list does not show. */
    async *bearers(suffix) {
      for await (const entity of ofType()) {
        const pathParams = { integrationId: String(entity.id) };
        const request = { method: "GET", path: CONFIG, pathParams } as const;
        const shown = entity.config?.current ?? (await unlessMissing(send(request).catch(asMissing)));
        if (suffixIn(shown) !== suffix) continue;
        yield await observe(integrationIn(entity, LISTING), configIn(shown, request));
      }
    },

    async *posted(token) {
      for await (const entity of ofType()) {
        if (entity.name !== token) continue;
        const integration = integrationIn(entity, LISTING);
        yield await observe(integration, integration.config?.current ?? {});
      }
    },

    async create(_, token) {
      // What could fail is asked before anything is made: an id that is not answered is lost.
      await organizationId(client, budget);
      const body = { name: token, integrationType: { id: TYPE_ID } };
      const request = { method: "POST", path: LIST, body } as const;
      const made = integrationIn(
        await send(request).catch(async (error: unknown) => {
          throw await whyNotMade(error, ofType);
        }),
        request,
      );
      if (made.id === undefined) throw malformed("the answer bears no id of an integration");
      // A new integration has an empty configuration of version 1.
      return { id: made.id, seen: await observe(made, made.config?.current ?? { name: token, version: 1 }) };
    },

    /** A PUT of the configuration where that differs, and a PATCH where `enabled` does. */
    async update(integrationId, from, to) {
      const pathParams = { integrationId };
      const put = {
        method: "PUT",
        path: CONFIG,
        pathParams,
        body: configBody(to, from.version, from.__carried as Properties | undefined),
      } as const;
      const config = isConfigSame(from, to) ? configAsKnown(from) : configIn(await send(put), put);
      const patch = {
        method: "PATCH",
        path: ONE,
        pathParams,
        body: { intendedState: to.enabled ? "ENABLED" : "DISABLED" },
      } as const;
      const state = from.enabled === to.enabled ? undefined : integrationIn(await send(patch), patch);
      // What an answer leaves out would pass for empty.
      const isWhole =
        ![config.name, config.version, config.properties].includes(undefined) &&
        (state === undefined || state.intendedState !== undefined);
      // Whether a change has helped one that is not well, the answer to the PUT does not tell.
      const isWell = state !== undefined || !to.enabled || from.reportedState === "ACTIVE";
      if (!isWhole || !isWell) return {};
      const { intendedState, reportedState } = from as { intendedState?: string; reportedState?: string };
      return {
        observed: await observe(
          {
            id: integrationId,
            intendedState: state?.intendedState ?? intendedState,
            reportedState: state?.reportedState ?? { code: reportedState },
          },
          config,
        ),
      };
    },

    async remove(integrationId) {
      const request = { method: "DELETE", path: ONE, pathParams: { integrationId } } as const;
      const answer = await unlessMissing(send(request).catch(asMissing));
      return answer === undefined ? "missing" : {};
    },

    noteDeleted(integrationId) {
      deleted.set(client, (deleted.get(client) ?? new Set()).add(integrationId));
    },
  };
}

/** The configuration as it was known before. */
const configAsKnown = (from: Properties & { version?: number }): WireConfig =>
  configBody(from, from.version, from.__carried as Properties | undefined) as WireConfig;

/** An integration as a list shows it, before anything of it is relied on. */
interface Listed {
  id?: unknown;
  name?: unknown;
  integrationType?: { id?: unknown } | null;
  intendedState?: unknown;
  config?: { current?: object | null } | null;
}

const LISTING = { method: "GET", path: LIST } as const;

const suffixIn = (config: object | null | undefined): unknown =>
  (config as { properties?: { eventSourceSuffix?: unknown } | null } | null)?.properties?.eventSourceSuffix;

/** Whether a PUT would change nothing. What is only ours, and what a PATCH changes, is left out. */
const isConfigSame = (from: Properties, to: Inputs): boolean => {
  const [before, after] = [from, to].map((fields) => JSON.stringify(configBody(fields, undefined)));
  return before === after;
};

async function organizationId(client: GenesysClient, budget: StepBudget): Promise<string> {
  const known = organizations.get(client) ?? askForOrganization(client, budget);
  organizations.set(client, known);
  return known.catch((error: unknown) => {
    organizations.delete(client);
    throw error;
  });
}

async function askForOrganization(client: GenesysClient, budget: StepBudget): Promise<string> {
  const request = { method: "GET", path: ORGANIZATION } as const;
  const { body } = await client.send(request, budget);
  const { id } = inShape(z.object({ id: anId }), body, request);
  if (id === undefined) throw malformed("the answer bears no id of the organisation", ORGANIZATION);
  return id;
}

const malformed = (message: string, path = LIST): GenesysError =>
  new GenesysError({ method: "GET", path, status: 200, code: "answer.malformed", message });

/** 410 says the same as 404, and says it for good. */
function asMissing(error: unknown): never {
  if (error instanceof GenesysError && error.status === 410) throw error.with({ status: 404 });
  throw error;
}

/** What is deleted, or of another type, is not the integration that was asked for. */
const noneThere = ({ id, integrationType }: WireIntegration): GenesysError =>
  new GenesysError({
    method: "GET",
    path: ONE,
    status: 404,
    code: "not.found",
    message:
      integrationType?.id === undefined || integrationType.id === TYPE_ID
        ? `the integration ${id} is deleted`
        : `the integration ${id} is of another type than ${TYPE_ID}`,
  });

/** What to do about a POST that was refused, where more is known of it than the platform says. */
async function whyNotMade(error: unknown, ofType: () => AsyncIterable<Listed>): Promise<unknown> {
  if (!(error instanceof GenesysError)) return error;
  if (error.status === 404)
    return error.with({
      advice:
        "This organisation offers no integrations: use EventBridgeSource, if it has the EventBridge API.",
    });
  if (error.status !== 400 || !/maximum number of integrations/i.test(error.said)) return error;
  const there: string[] = [];
  try {
    for await (const { id, name } of ofType()) there.push(`${inQuotes(String(name))} (${id})`);
  } catch {
    // That there are too many is what the user must learn of.
    return error;
  }
  return error.with({
    advice: `There are: ${there.join(", ")}. Import one of them, or delete one first.`,
  });
}
