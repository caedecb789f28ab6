/** An integration as the platform writes it, and as the program does. */
import { z } from "zod";
import { aList, aNumber, anId, aText, inShape, malformed } from "../genesys/body.js";
import type { RequestName } from "../genesys/errors.js";
import type { Properties } from "../lifecycle/inputs.js";
import type { Observed } from "../lifecycle/kindApi.js";
import { TYPE_ID } from "./model.js";

/** What the platform has been seen to write in the place of empty notes. */
const EMPTY_NOTES = "node_dynamodb_empty_string";

const anObject = z.record(z.string(), z.unknown()).nullish();

const CONFIG = z.object({
  name: aText,
  version: aNumber,
  notes: aText,
  properties: z
    .looseObject({
      awsAccountId: aText.optional(),
      awsAccountRegion: aText.optional(),
      eventSourceSuffix: aText.optional(),
      eventFilter: aList(z.string()),
    })
    .nullish(),
  advanced: anObject,
  credentials: anObject,
});

const INTEGRATION = z.object({
  id: anId,
  name: aText,
  integrationType: z.object({ id: aText }).nullish(),
  notes: aText,
  intendedState: aText,
  reportedState: z
    .object({
      code: aText,
      detail: z.object({ message: aText, messageWithParams: aText }).nullish(),
      lastUpdated: z.unknown().optional(),
    })
    .nullish(),
  config: z.object({ current: CONFIG.nullish() }).nullish(),
});

/** The configuration of an integration. */
export type WireConfig = Partial<z.output<typeof CONFIG>>;
/** An integration, with its configuration where the answer shows it. */
export type WireIntegration = Partial<z.output<typeof INTEGRATION>>;

/** @throws GenesysError `answer.malformed`, naming what of it cannot be understood. */
export const integrationIn = (body: unknown, request: RequestName): WireIntegration =>
  inShape(INTEGRATION, body, request);

/** @throws GenesysError `answer.malformed`, naming what of it cannot be understood. */
export const configIn = (body: unknown, request: RequestName): WireConfig => inShape(CONFIG, body, request);

/**
 * A configuration as its own address shows it: in whole.
 *
 * @throws GenesysError `answer.malformed` where it bears no version or no properties: it is none, and would pass for an empty one.
 */
export function wholeConfigIn(body: unknown, request: RequestName): WireConfig {
  const config = configIn(body, request);
  if (isWholeConfig(config)) return config;
  throw malformed(request, "the answer bears no version, or no properties, of a configuration");
}

/** Whether it is a configuration, and not just a part. Properties are never missing: of a new one they are an empty object. */
export const isWholeConfig = (config: object | null | undefined): config is object => {
  const { version, properties } = (config ?? {}) as { version?: unknown; properties?: unknown };
  return ![version, properties].some((each) => each === undefined || each === null);
};

/** The configuration that an integration is shown with; `undefined` where it is not shown in whole. */
export const configShownIn = (entity: {
  config?: { current?: object | null } | null;
}): object | undefined => {
  const current = entity.config?.current;
  return isWholeConfig(current) ? current : undefined;
};

/** What an answer says of the type of an integration. */
export const typeTold = ({ integrationType }: WireIntegration): "ours" | "another" | "not told" =>
  integrationType?.id === undefined ? "not told" : integrationType.id === TYPE_ID ? "ours" : "another";

/** Topics in one order, each once: a list of them is a set. */
export const inOneOrder = (topics: readonly string[]): string[] => [...new Set(topics)].toSorted();

/**
 * An integration in the program's words.
 *
 * @param more.organizationId names the partner event source, together with the suffix.
 * @param more.tell makes the platform's words fit to be told.
 */
export function observedFrom(
  integration: WireIntegration,
  config: WireConfig,
  { organizationId, tell }: { organizationId: string; tell: (words: string) => string },
): Observed {
  const { id, intendedState = "", reportedState } = integration;
  const { version, properties } = config;
  const fields = fieldsFrom(integration, config);
  const suffix = fields.eventSourceSuffix;
  const { detail } = reportedState ?? {};
  const said = detail?.messageWithParams ?? detail?.message ?? "";
  const standsSince = Date.parse(String(reportedState?.lastUpdated));
  return {
    ...withoutNothing({ id, version }),
    fields: { ...fields, enabled: intendedState === "ENABLED" },
    // The platform knows nothing of it.
    unshown: ["webhookUrl"],
    ...(said === "" ? {} : { said: tell(said) }),
    ...(Number.isNaN(standsSince) ? {} : { standsSince }),
    ...(Object.keys(properties ?? {}).length === 0 ? { isBare: true } : {}),
    outputs: {
      ...withoutNothing({ integrationId: id, version }),
      intendedState,
      reportedState: reportedState?.code ?? "",
      // Where there is none, a state must not keep the one that was.
      partnerEventSourceName: suffix === "" ? undefined : partnerNameOf(organizationId, suffix),
      __carried: carriedBy(config),
    },
  };
}

/** The name of the partner event source in AWS. */
export const partnerNameOf = (organizationId: string, suffix: string): string =>
  `aws.partner/genesys.com/cloud/${organizationId}/${suffix}`;

/** The organisation's id in such a name. */
export const organizationIdIn = (partnerName: unknown): string | undefined =>
  /^aws\.partner\/genesys\.com\/cloud\/([^/]+)\//.exec(String(partnerName))?.[1];

function fieldsFrom(integration: WireIntegration, config: WireConfig) {
  const {
    awsAccountId = "",
    awsAccountRegion = "",
    eventSourceSuffix = "",
    eventFilter = [],
  } = config.properties ?? ({} as NonNullable<WireConfig["properties"]>);
  const notes = config.notes ?? integration.notes ?? "";
  return {
    name: config.name ?? integration.name ?? "",
    notes: notes === EMPTY_NOTES ? "" : notes,
    awsAccountId,
    awsAccountRegion,
    eventSourceSuffix,
    eventFilter: inOneOrder(eventFilter),
  };
}

/** Without the keys that have no value. */
const withoutNothing = <Keys extends object>(all: Keys): Keys =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Keys;

/** What somebody else has set and every PUT has to bear, since it replaces the whole configuration. */
function carriedBy({ advanced, credentials }: WireConfig): Properties | undefined {
  const isEmpty = [advanced, credentials].every((each) => Object.keys(each ?? {}).length === 0);
  return isEmpty ? undefined : { advanced: advanced ?? {}, credentials: credentials ?? {} };
}

/** The body of a PUT of the configuration. @param carried what `__carried` keeps of it. */
export const configBody = (fields: Properties, version: number | undefined, carried: Properties = {}) => ({
  name: fields.name,
  version,
  notes: fields.notes,
  properties: {
    awsAccountId: fields.awsAccountId,
    awsAccountRegion: fields.awsAccountRegion,
    eventSourceSuffix: fields.eventSourceSuffix,
    eventFilter: fields.eventFilter,
  },
  advanced: carried.advanced ?? {},
  credentials: carried.credentials ?? {},
});
