/**
 * Where settings are written: in a stack's configuration and the environment, or in the arguments of a
 * `GenesysCloudProvider`. An explicit provider has what its arguments say, and nothing of the other two: the credentials of
 * one organisation must never be used for another. Where this machine keeps its audit log is no organisation's business,
 * so that variable counts for it, too.
 */
import { keysOf, NAMESPACE, sayTheirs } from "./settingKeys.js";
import { ENVIRONMENT, type SettingKey } from "./settingSchema.js";

export type Texts = Readonly<Record<string, string | undefined>>;

/** The input of an explicit provider that bears its name, and by which it is known to be one. In every state of one. */
export const PROVIDER_NAME_KEY = `${NAMESPACE}:__name`;

/** How an argument of an explicit provider stands among its inputs. */
export const inputOf = (key: SettingKey): string => `${NAMESPACE}:${key}`;

export interface Origin {
  /** The explicit provider's name; absent: a stack's configuration and the environment. */
  provider?: string;
  config: Texts;
  /** What of the environment counts. */
  environment: Texts;
  /** The keys in the namespace, without it, that are in the configuration. */
  keys: readonly string[];
  /** How messages name a key. */
  nameOf(key: SettingKey): string;
}

/** @param config the configuration that the engine hands over. */
export function originOf(config: Texts, environment: Texts): Origin {
  const provider = config[PROVIDER_NAME_KEY];
  if (provider === undefined)
    return { config, environment, keys: keysOf(config), nameOf: (key) => `${NAMESPACE}:${key}` };
  const counting = ENVIRONMENT.auditLog ?? [];
  return {
    provider,
    config,
    environment: Object.fromEntries(counting.map((name) => [name, environment[name]])),
    // What is no argument of it, its class has refused.
    keys: [],
    nameOf: (key) => `${sayProvider(provider)}: ${key}`,
  };
}

/** How messages name an explicit provider. */
export const sayProvider = (name: string): string => `GenesysCloudProvider "${name}"`;

const ONLY_ARGUMENTS =
  "it reads nothing of the stack's configuration and no credentials from the environment";

/** What is said where there is nothing to log in with. */
export const sayNoCredentials = ({ provider, keys }: Pick<Origin, "provider" | "keys">): string =>
  provider === undefined
    ? `no credentials for Genesys Cloud: set ${NAMESPACE}:oauthClientId and ${NAMESPACE}:oauthClientSecret (or GENESYSCLOUD_OAUTHCLIENT_ID and GENESYSCLOUD_OAUTHCLIENT_SECRET), or ${NAMESPACE}:accessToken${sayTheirs(keys, ["oauthclientId", "oauthclientSecret"])}`
    : `${sayProvider(provider)}: no credentials for Genesys Cloud: give it oauthClientId and oauthClientSecret, or accessToken; ${ONLY_ARGUMENTS}`;

/** What is said where there is no place to go to. */
export const sayNoPlace = ({ provider, keys }: Pick<Origin, "provider" | "keys">): string =>
  provider === undefined
    ? `no region of Genesys Cloud: set ${NAMESPACE}:region (or GENESYSCLOUD_REGION) to an AWS region or a host name such as "mypurecloud.de"${sayTheirs(keys, ["awsRegion", "gateways"])}`
    : `${sayProvider(provider)}: no region of Genesys Cloud: give it region, an AWS region or a host name such as "mypurecloud.de", or gateway; ${ONLY_ARGUMENTS}`;

/** What is said of a client of which the one half is missing. */
export function sayHalfMissing(
  { provider, keys, nameOf }: Pick<Origin, "provider" | "keys" | "nameOf">,
  missing: "oauthClientId" | "oauthClientSecret",
): string {
  const isSecret = missing === "oauthClientSecret";
  const is = `${nameOf(missing)}: is missing, though there is a client ${isSecret ? "id" : "secret"}`;
  if (provider !== undefined) return `${is}: give both, or accessToken; ${ONLY_ARGUMENTS}`;
  const set = `pulumi config set ${isSecret ? "--secret " : ""}${NAMESPACE}:${missing}`;
  const [variable] = ENVIRONMENT[missing] ?? [];
  const theirs = isSecret ? "oauthclientSecret" : "oauthclientId";
  return `${is}: set it with "${set}" or ${variable}${sayTheirs(keys, [theirs])}`;
}
