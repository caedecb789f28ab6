/** All settings: read from the stack's configuration and the environment, checked, with defaults. */
import { type GatewayVariable, gatewayAddress, gatewayOf, isInClear } from "./gateway.js";
import type { ClientOptions, Credentials, Gateway } from "./genesys/options.js";
import { LONGEST } from "./limits.js";
import { didYouMean } from "./nearest.js";
import { type Tidied, tidied, unseenIn } from "./pasted.js";
import { hidingSecrets, secretsOf } from "./secrets.js";
import { NAMESPACE, type Owner, ownerOf, sayStrangers } from "./settingKeys.js";
import {
  type Origin,
  originOf,
  sayHalfMissing,
  sayNoCredentials,
  sayNoPlace,
  type Texts,
} from "./settingOrigin.js";
import {
  AUDIT_FILE,
  type AuditTargets,
  CONFIG_KEYS,
  ENVIRONMENT,
  longerThan,
  readSetting,
  type Setting,
  type SettingKey,
} from "./settingSchema.js";
import { REQUEST_TIMEOUT_MS } from "./waits.js";

export { AUDIT_FILE };

/** Everything a user can set, read once and checked. */
export interface Settings extends Omit<ClientOptions, "credentials"> {
  /** Absent when nothing is configured: previews then do without look-ups. */
  credentials?: Credentials;
  /** The name of the explicit provider whose arguments these are; absent: a stack's configuration and the environment. */
  provider?: string;
  /** Default address for the notices of a source. Secret. */
  webhookUrl?: string;
  /** What notices are signed with, several while rotating; empty: unsigned. Secret. */
  webhookSecrets: readonly string[];
  /** Whether a notice that cannot be delivered leaves the step unfinished, instead of a warning. */
  webhookRequired: boolean;
  /** Whether notices may go to addresses that are loopback, link-local or private. */
  webhookAllowPrivate: boolean;
  /** The form of a notice's body. */
  webhookFormat: Setting<"webhookFormat">;
  auditLog: AuditTargets;
  /** What a topic or target that is missing, inactive or incompatible means in `check`. */
  validateReferences: Setting<"validateReferences">;
  /** What works and is worth a warning, a line each; it repeats no secret. */
  warnings: readonly string[];
  /** What was taken off around values, a line each, such as `genesyscloud:region ends in a line break`. */
  tidied: readonly string[];
  /** The configuration's keys in the namespace, whoever reads them, without it. */
  keys: readonly string[];
}

const DEFAULT_AUDIT: AuditTargets = { file: AUDIT_FILE, otlp: false };

/** The configuration is not usable; the message names every wrong key and what is allowed. */
export class SettingsError extends Error {
  constructor(readonly problems: string[]) {
    super(problems.join("\n"));
    this.name = "SettingsError";
  }
}

/**
 * Reads the settings from a stack's configuration (keys such as `genesyscloud:region`) and the environment, or from the
 * inputs of an explicit provider alone. Blanks and line ends around a value are taken off. What is empty then counts as
 * not set, here as there.
 *
 * @param project the name of the project: one that is called like the namespace keeps its own keys there.
 * @throws SettingsError naming every key that is mistyped or wrong. No message repeats a secret.
 */
export function readSettings(config: Texts, environment: Texts, project?: string): Settings {
  const origin = originOf(config, environment);
  const { keys, provider } = origin;
  const reader = createReader(origin);
  const { value, problems } = reader;
  const strangers = sortKeys(keys, reader, project);

  const settings: Settings = {
    region: value("region"),
    gateway: value("gateway") ?? gatewayFromEnvironment(reader),
    credentials: credentials(reader, origin),
    ...(provider === undefined ? {} : { provider }),
    webhookUrl: value("webhookUrl"),
    webhookSecrets: value("webhookSecret") ?? [],
    webhookRequired: value("webhookRequired") ?? false,
    webhookAllowPrivate: value("webhookAllowPrivate") ?? false,
    webhookFormat: value("webhookFormat") ?? "plain",
    auditLog: value("auditLog") ?? DEFAULT_AUDIT,
    validateReferences: value("validateReferences") ?? "error",
    maxRetries: value("maxRetries") ?? 5,
    requestTimeoutMs: value("requestTimeout") ?? REQUEST_TIMEOUT_MS,
    warnings: strangers.length === 0 ? [] : [sayStrangers(strangers, CONFIG_KEYS)],
    tidied: reader.taken,
    keys,
  };
  if (problems.length > 0) throw new SettingsError(problems);
  return { ...settings, warnings: [...settings.warnings, ...sayClear(settings)] };
}

/**
 * Where audit records go, whatever else is configured.
 *
 * @throws SettingsError when it is not what it can be.
 */
export function readAuditTargets(config: Texts, environment: Texts): AuditTargets {
  const { value, problems } = createReader(originOf(config, environment));
  const targets = value("auditLog");
  if (problems.length > 0) throw new SettingsError(problems);
  return targets ?? DEFAULT_AUDIT;
}

/**
 * The settings of a client that can reach the platform.
 *
 * @throws SettingsError when there is no place to go to or nothing to log in with.
 */
export function clientOptions(settings: Settings): ClientOptions {
  const { credentials, region, gateway } = settings;
  if (credentials === undefined) throw new SettingsError([sayNoCredentials(settings)]);
  if (region === undefined && gateway === undefined) throw new SettingsError([sayNoPlace(settings)]);
  return { ...settings, credentials, hide: hidingSecrets(() => secretsOf(settings)) };
}

/** Reads what was written, and gathers what is wrong with it. */
interface Reader {
  problems: string[];
  /** What was taken off around values. */
  taken: string[];
  /** Whether something is written for a key. */
  isSet(key: SettingKey): boolean;
  value<Key extends SettingKey>(key: Key): Setting<Key> | undefined;
  /** What an environment variable says that goes with no key of its own. */
  variable(name: string): string | undefined;
}

function createReader({ config, environment, nameOf }: Origin): Reader {
  const [problems, taken]: [string[], string[]] = [[], []];
  /** The first place where something is written, by the name that points at what is to be mended. */
  const written = (key: SettingKey): (Tidied & { name: string }) | undefined =>
    [
      { name: nameOf(key), text: config[`${NAMESPACE}:${key}`] },
      ...(ENVIRONMENT[key] ?? []).map((name) => ({ name, text: environment[name] })),
    ]
      .map(({ name, text }) => ({ name, ...tidied(text ?? "") }))
      // Empty is how shells and CI systems say "not set".
      .find(({ text }) => text !== "");
  const note = (name: string, found: Tidied) => {
    if (found.taken !== undefined) taken.push(`${name} ${found.taken}`);
  };
  return {
    problems,
    taken,
    isSet: (key) => written(key) !== undefined,
    value: (key) => {
      const found = written(key);
      if (found === undefined) return undefined;
      note(found.name, found);
      const read = readSetting(key, found.text);
      if ("value" in read) return read.value;
      problems.push(`${found.name}: ${read.problem}`);
      return undefined;
    },
    variable: (name) => {
      const found = tidied(environment[name] ?? "");
      if (found.text === "") return undefined;
      note(name, found);
      const tooLong = longerThan(LONGEST.address, found.text);
      const unseen = unseenIn(found.text);
      if (tooLong !== undefined) problems.push(`${name}: ${tooLong}`);
      else if (unseen !== undefined)
        problems.push(`${name}: has ${unseen} inside, where none can be: set it anew`);
      return found.text;
    },
  };
}

/** Complains of the keys that are likely to be mistyped. @returns those that nobody is known to read. */
function sortKeys(keys: readonly string[], { problems, isSet }: Reader, project?: string): string[] {
  const namespace = { ours: CONFIG_KEYS, isSet: (key: string) => isSet(key as SettingKey), project };
  const of = (owner: Owner) => keys.filter((key) => ownerOf(key, namespace) === owner);
  problems.push(
    ...of("slip").map(
      (key) =>
        `${NAMESPACE}:${key}: is not a configuration key${didYouMean(key, CONFIG_KEYS)}: allowed are ${CONFIG_KEYS.join(", ")}; a key of your own goes into another namespace`,
    ),
  );
  return of("stranger");
}

function credentials({ value, isSet, problems }: Reader, origin: Origin): Credentials | undefined {
  const [accessToken, clientId, clientSecret] = [
    value("accessToken"),
    value("oauthClientId"),
    value("oauthClientSecret"),
  ];
  if (accessToken !== undefined) return { accessToken };
  if (isSet("oauthClientId") && !isSet("oauthClientSecret"))
    problems.push(sayHalfMissing(origin, "oauthClientSecret"));
  if (isSet("oauthClientSecret") && !isSet("oauthClientId"))
    problems.push(sayHalfMissing(origin, "oauthClientId"));
  return clientId === undefined || clientSecret === undefined ? undefined : { clientId, clientSecret };
}

function gatewayFromEnvironment({ variable, problems }: Reader): Gateway | undefined {
  const before = problems.length;
  const gateway = gatewayOf((name: GatewayVariable) => variable(`GENESYSCLOUD_GATEWAY_${name}`));
  if (gateway !== "wrong") return gateway;
  if (problems.length === before)
    problems.push(
      "GENESYSCLOUD_GATEWAY_HOST: together with _PROTOCOL and _PORT it makes no http or https address",
    );
  return undefined;
}

/** A gateway that is not encrypted may be meant so, in a laboratory; nobody shall use one unawares. */
function sayClear({ gateway, credentials }: Settings): string[] {
  if (gateway === undefined || credentials === undefined || !isInClear(gateway)) return [];
  const login = "clientSecret" in credentials ? "the client secret" : "the access token";
  return [
    `the gateway ${gatewayAddress(gateway)} is on another machine and not encrypted: ${login} and everything else goes there in clear; use an https address`,
  ];
}
