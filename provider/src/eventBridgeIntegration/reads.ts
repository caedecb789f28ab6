/** Reading integrations: one by its id, and those that bear a suffix or a token. */
import { told } from "../genesys/answer.js";
import { anId, malformed } from "../genesys/body.js";
import type { GenesysClient, Request } from "../genesys/client.js";
import { GenesysError, isNotFound, type RequestName } from "../genesys/errors.js";
import { everyPage, type Place } from "../genesys/pages.js";
import type { StepBudget } from "../genesys/retry.js";
import { Deleted } from "../lifecycle/deleted.js";
import { type Observed, pageShowing, type Shown, type ShownPage } from "../lifecycle/kindApi.js";
import { organizationId } from "../lifecycle/organization.js";
import { LONGEST } from "../limits.js";
import { unlessMissing } from "../step.js";
import { TYPE_ID } from "./model.js";
import {
  configShownIn,
  integrationIn,
  isWholeConfig,
  observedFrom,
  typeTold,
  type WireConfig,
  type WireIntegration,
  wholeConfigIn,
} from "./wire.js";

export const LIST = "/api/v2/integrations";
/** The path of one integration; its parameter is `integrationId`. */
export const ONE = `${LIST}/{integrationId}`;
export const CONFIG = `${ONE}/config/current`;

const deleted = new Deleted();

/** An integration as a list shows it, before anything of it is relied on. */
export interface Listed {
  id?: unknown;
  name?: unknown;
  integrationType?: { id?: unknown } | null;
  intendedState?: unknown;
  config?: { current?: object | null } | null;
}

const LISTING = { method: "GET", path: LIST } as const;

const suffixIn = (config: object | null | undefined): unknown =>
  (config as { properties?: { eventSourceSuffix?: unknown } | null } | null)?.properties?.eventSourceSuffix;

/** An integration in the program's words, put together from what answers have shown of it. */
export const observe = async (
  client: GenesysClient,
  budget: StepBudget,
  integration: WireIntegration,
  config: WireConfig,
): Promise<Observed> =>
  observedFrom(integration, config, {
    organizationId: await organizationId(client, budget),
    tell: (words) => told(words, LONGEST.quote, budget.hide),
  });

const pagesOf = (client: GenesysClient, budget: StepBudget, from?: Place) =>
  everyPage<Listed>(client, LIST, { integrationType: TYPE_ID, expand: "config.current" }, budget, from);

/** A server may ignore the filter. What others have there is nobody's business here, in whatever shape it is. */
const isListed = ({ integrationType, intendedState }: Listed): boolean =>
  integrationType?.id === TYPE_ID && intendedState !== "DELETED";

/** Those of the type, as the list shows them. */
export async function* everyListed(client: GenesysClient, budget: StepBudget): AsyncGenerator<Listed> {
  for await (const { entities = [] } of pagesOf(client, budget))
    for (const entity of entities)
      if (isListed(entity) && !deleted.has(client, String(entity.id))) yield entity;
}

/** The calls that change nothing in the organisation. */
export function integrationReads(client: GenesysClient, budget: StepBudget) {
  const send = async (request: Request, within = budget) =>
    (await client.send(request, within).catch(asMissing)).body;
  const configOf = (integrationId: string) =>
    ({ method: "GET", path: CONFIG, pathParams: { integrationId } }) as const;
  const one = async (integrationId: string, within = budget) => {
    const query = { expand: "config.current" };
    const request = { method: "GET", path: ONE, pathParams: { integrationId }, query } as const;
    return theOneAskedFor(integrationId, integrationIn(await send(request, within), request), request);
  };
  /** A configuration is gone with its integration alone: a gateway may not know the address. */
  const configShownAt = async (integrationId: string, within = budget) => {
    const request = configOf(integrationId);
    try {
      return await send(request, within);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      await one(integrationId, within);
      const message =
        "the integration is there, and its configuration is not; does a proxy or gateway answer in the platform's place?";
      throw error.with({ code: "answer.malformed", message, advice: "" });
    }
  };

  /** One more call where the answer leaves the configuration out. */
  const shown = (entity: Listed): Shown => {
    const id = anId.safeParse(entity.id).data;
    const config = configShownIn(entity);
    const name = (config as { name?: unknown } | undefined)?.name ?? entity.name;
    return {
      ...(id === undefined ? {} : { id }),
      name: typeof name === "string" ? name : "",
      lacks: config === undefined ? ["config"] : [],
      observe: async (within = budget) => {
        const integration = integrationIn(entity, LISTING);
        const whole = config ?? (await configShownAt(String(id), within));
        return observe(client, within, integration, wholeConfigIn(whole, configOf(String(id))));
      },
    };
  };

  return {
    noteDeleted: (integrationId: string) => deleted.note(client, integrationId),

    async show(integrationId: string): Promise<Shown> {
      return shown({ ...(await one(integrationId)), id: integrationId });
    },

    async get(integrationId: string): Promise<Observed> {
      return (await this.show(integrationId)).observe();
    },

    async *pages(name?: string, from?: Place): AsyncGenerator<ShownPage> {
      for await (const page of pagesOf(client, budget, from)) {
        const { entities = [] } = page;
        const ids = entities.flatMap(({ id }) => anId.safeParse(id).data ?? []);
        yield pageShowing(entities.filter(isListed).map(shown), ids, name, page);
      }
    },

    /** One call a page, and one for each configuration that a list does not show. */
    async *bearers(suffix: string): AsyncGenerator<Observed> {
      for await (const entity of everyListed(client, budget)) {
        const request = configOf(String(entity.id));
        const current = configShownIn(entity) ?? (await unlessMissing(send(request)));
        if (current !== undefined && !isWholeConfig(current))
          throw malformed(request, "the answer is no configuration");
        if (suffixIn(current) === suffix)
          yield await observe(
            client,
            budget,
            integrationIn(entity, LISTING),
            wholeConfigIn(current, request),
          );
      }
    },

    async *posted(token: string): AsyncGenerator<Observed> {
      for await (const entity of everyListed(client, budget)) {
        if (entity.name !== token) continue;
        const integration = integrationIn(entity, LISTING);
        yield await observe(client, budget, integration, integration.config?.current ?? {});
      }
    },
  };
}

/** 410 says the same as 404, and says it for good. */
export function asMissing(error: unknown): never {
  if (error instanceof GenesysError && error.status === 410) throw error.with({ status: 404 });
  throw error;
}

/**
 * @throws GenesysError of 404 where it is deleted, or of another type: that is not what was asked for.
 * @throws GenesysError `answer.malformed` where the answer does not say that it is the one: that is no proof that it is gone.
 */
function theOneAskedFor(id: string, integration: WireIntegration, request: RequestName): WireIntegration {
  const gone = (why: string) =>
    new GenesysError({ method: "GET", path: ONE, status: 404, code: "not.found", message: why });
  const isOther = integration.id !== undefined && integration.id.toLowerCase() !== id.toLowerCase();
  if (isOther) throw malformed(request, "the answer is about another integration");
  const type = typeTold(integration);
  if (type === "another") throw gone(`the integration ${id} is of another type than ${TYPE_ID}`);
  if (integration.intendedState === "DELETED") throw gone(`the integration ${id} is deleted`);
  if (type === "not told" || integration.intendedState === undefined)
    throw malformed(request, "the answer does not say of which type the integration is, or in which state");
  return integration;
}
