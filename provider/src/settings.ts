import { z } from "zod";
import { DURATION_FORM, parseDuration } from "./duration.js";
import type { ClientOptions, Credentials, Gateway } from "./genesys/options.js";
import { REGION_HOSTS, regionHost } from "./genesys/regions.js";
import { LONGEST } from "./limits.js";
import { didYouMean } from "./nearest.js";
import { hidingSecrets, secretsOf } from "./secrets.js";
import { isWebAddress, NOT_A_WEB_ADDRESS } from "./webAddress.js";

/** The namespace of every configuration key. */
const NAMESPACE = "genesyscloud";

/** Everything a user can set, read once and checked. */
export interface Settings extends Omit<ClientOptions, "credentials"> {
  /** Absent when nothing is configured: previews then do without look-ups. */
  credentials?: Credentials;
  /** Default address for the notices of a source. Secret. */
  webhookUrl?: string;
  /** What notices are signed with, several while rotating; empty: unsigned. Secret. */
  webhookSecrets: readonly string[];
  /** Whether a notice that cannot be delivered leaves the step unfinished, instead of a warning. */
  webhookRequired: boolean;
  /** Whether notices may go to addresses that are loopback, link-local or private. */
  webhookAllowPrivate: boolean;
  /** The form of a notice's body. */
  webhookFormat: (typeof WEBHOOK_FORMATS)[number];
  auditLog: AuditTargets;
  /** What a topic or target that is missing, inactive or incompatible means in `check`. */
  validateReferences: "error" | "warn" | "off";
}

/** Forms of a notice's body: its own fields, or these as the data of a CloudEvent. */
const WEBHOOK_FORMATS = ["plain", "cloudevents"] as const;

/** Where audit records go. */
export interface AuditTargets {
  /** A path, relative to the project's folder; absent: no file is written. */
  file?: string;
  /** Whether the records also go out as OpenTelemetry logs, as the `OTEL_EXPORTER_OTLP_*` variables say. */
  otlp: boolean;
}

/** The audit log's file where nothing else is said, in the project's folder; its name is the specification's. */
export const AUDIT_FILE = "audit_logs.jsonl";

const DEFAULT_AUDIT: AuditTargets = { file: AUDIT_FILE, otlp: false };

/** The configuration is not usable; the message names every wrong key and what is allowed. */
export class SettingsError extends Error {
  constructor(readonly problems: string[]) {
    super(problems.join("\n"));
    this.name = "SettingsError";
  }
}

const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.enum(words, {
    error: ({ input }) =>
      `"${String(input)}" is not allowed${didYouMean(String(input), words)}: it must be one of ${words.join(", ")}`,
  });
const flag = oneOf(["true", "false"]).transform((text) => text === "true");

const TOO_LONG = `is longer than ${LONGEST.credential} characters (its value is secret and not shown)`;

/** Keys, their environment variables (first found wins), and what is allowed. Stack configuration wins. */
const SCHEMA = {
  region: z.string().transform((text, context) => {
    const host = regionHost(text);
    if (host !== undefined) return host;
    const regions = Object.keys(REGION_HOSTS);
    context.addIssue(
      `"${text}" is neither an AWS region that Genesys Cloud runs in${didYouMean(text, regions)} nor a host name such as "mypurecloud.de"; regions: ${regions.join(", ")}`,
    );
    return z.NEVER;
  }),
  oauthClientId: z.string().min(1, "is empty"),
  oauthClientSecret: z.string().min(1, "is empty").max(LONGEST.credential, TOO_LONG),
  accessToken: z.string().min(1, "is empty").max(LONGEST.credential, TOO_LONG),
  gateway: z.string().transform((text, context) => {
    const gateway = parseGateway(text);
    if (gateway !== undefined) return gateway;
    context.addIssue('must be an address such as "https://gateway.example.com:8443/genesys"');
    return z.NEVER;
  }),
  webhookUrl: z.string().refine(isWebAddress, { error: NOT_A_WEB_ADDRESS }),
  webhookSecret: z
    .string()
    .max(LONGEST.credential, TOO_LONG)
    .transform((text) => text.trim().split(/\s+/))
    .refine((secrets) => secrets.every(isSigningSecret), {
      error:
        'must be "whsec_" and the base64 of 24 to 64 bytes; several separated by spaces while rotating (its value is secret and not shown)',
    }),
  webhookRequired: flag,
  webhookAllowPrivate: flag,
  webhookFormat: oneOf(WEBHOOK_FORMATS),
  auditLog: z.string().transform((text, context) => {
    const targets = parseAuditTargets(text);
    if (targets !== undefined) return targets;
    context.addIssue(
      `"${text}" is not allowed: it must be the path of a file, "off", "otlp", or a path and "otlp" separated by a comma`,
    );
    return z.NEVER;
  }),
  validateReferences: oneOf(["error", "warn", "off"]),
  maxRetries: z
    .string()
    .regex(/^\d{1,2}$/, {
      error: ({ input }) => `"${String(input)}" is not allowed: it must be an integer from 0 to 99`,
    })
    .transform(Number),
  requestTimeout: z.string().transform((text, context) => {
    const milliseconds = parseDuration(text);
    if (milliseconds !== undefined) return milliseconds;
    context.addIssue(`"${text}" is not allowed: it must be ${DURATION_FORM}`);
    return z.NEVER;
  }),
} as const;

const ENVIRONMENT: Partial<Record<keyof typeof SCHEMA, readonly string[]>> = {
  region: ["GENESYSCLOUD_REGION", "GENESYS_ENVIRONMENT"],
  oauthClientId: ["GENESYSCLOUD_OAUTHCLIENT_ID", "GENESYS_CLIENT_ID"],
  oauthClientSecret: ["GENESYSCLOUD_OAUTHCLIENT_SECRET", "GENESYS_CLIENT_SECRET"],
  accessToken: ["GENESYSCLOUD_ACCESS_TOKEN"],
  webhookUrl: ["EXTERNAL_WEBHOOK_URL"],
  webhookSecret: ["GENESYSCLOUD_WEBHOOK_SECRET"],
  auditLog: ["GENESYSCLOUD_AUDIT_LOG"],
};

/** Every key of the namespace. */
export const CONFIG_KEYS = Object.keys(SCHEMA);

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings from a stack's configuration (keys such as `genesyscloud:region`) and the environment.
 *
 * @throws SettingsError naming every key that is unknown or wrong. No message repeats a secret.
 */
export function readSettings(
  config: Readonly<Record<string, string | undefined>>,
  environment: Environment,
): Settings {
  const problems = unknownKeys(config);
  const value = <Key extends keyof typeof SCHEMA>(key: Key): z.output<(typeof SCHEMA)[Key]> | undefined =>
    parse(SCHEMA[key], written(key, config, environment), problems) as
      | z.output<(typeof SCHEMA)[Key]>
      | undefined;

  const clientId = value("oauthClientId");
  const clientSecret = value("oauthClientSecret");
  const accessToken = value("accessToken");
  const settings: Settings = {
    region: value("region"),
    gateway: value("gateway") ?? gatewayFromEnvironment(environment, problems),
    credentials: credentials({ clientId, clientSecret, accessToken }, problems),
    webhookUrl: value("webhookUrl"),
    webhookSecrets: value("webhookSecret") ?? [],
    webhookRequired: value("webhookRequired") ?? false,
    webhookAllowPrivate: value("webhookAllowPrivate") ?? false,
    webhookFormat: value("webhookFormat") ?? "plain",
    auditLog: value("auditLog") ?? DEFAULT_AUDIT,
    validateReferences: value("validateReferences") ?? "error",
    maxRetries: value("maxRetries") ?? 5,
    requestTimeoutMs: value("requestTimeout") ?? 10_000,
  };
  if (problems.length > 0) throw new SettingsError(problems);
  return settings;
}

/**
 * Where audit records go, whatever else is configured.
 *
 * @throws SettingsError when it is not what it can be.
 */
export function readAuditTargets(
  config: Readonly<Record<string, string | undefined>>,
  environment: Environment,
): AuditTargets {
  const problems: string[] = [];
  const targets = parse(SCHEMA.auditLog, written("auditLog", config, environment), problems);
  if (problems.length > 0) throw new SettingsError(problems);
  return (targets as AuditTargets | undefined) ?? DEFAULT_AUDIT;
}

/**
 * Where an organisation is, as far as settings tell: the host of the gateway, or else of the region. Two organisations of
 * one region are not told apart.
 */
export const hostOf = ({ gateway, region }: Settings): string | undefined => gateway?.host ?? region;

/**
 * The settings of a client that can reach the platform.
 *
 * @throws SettingsError when there is no place to go to or nothing to log in with.
 */
export function clientOptions(settings: Settings): ClientOptions {
  const { credentials, region, gateway } = settings;
  if (credentials === undefined)
    throw new SettingsError([
      `no credentials for Genesys Cloud: set ${NAMESPACE}:oauthClientId and ${NAMESPACE}:oauthClientSecret (or GENESYSCLOUD_OAUTHCLIENT_ID and GENESYSCLOUD_OAUTHCLIENT_SECRET), or ${NAMESPACE}:accessToken`,
    ]);
  if (region === undefined && gateway === undefined)
    throw new SettingsError([
      `no region of Genesys Cloud: set ${NAMESPACE}:region (or GENESYSCLOUD_REGION) to an AWS region or a host name such as "mypurecloud.de"`,
    ]);
  return { ...settings, credentials, hide: hidingSecrets(() => secretsOf(settings)) };
}

/** What was written, and under which name, so that a message points at the place to mend. */
interface Written {
  name: string;
  text: string | undefined;
}

function written(key: keyof typeof SCHEMA, config: Environment, environment: Environment): Written {
  const name = `${NAMESPACE}:${key}`;
  if (config[name] !== undefined) return { name, text: config[name] };
  // An empty environment variable is how shells and CI systems say "not set".
  const variable = ENVIRONMENT[key]?.find((each) => environment[each]);
  return variable === undefined ? { name, text: undefined } : { name: variable, text: environment[variable] };
}

function parse(schema: z.ZodType, { name, text }: Written, problems: string[]): unknown {
  if (text === undefined) return undefined;
  const result = schema.safeParse(text);
  if (result.success) return result.data;
  problems.push(...result.error.issues.map((issue) => `${name}: ${issue.message}`));
  return undefined;
}

function unknownKeys(config: Environment): string[] {
  return Object.keys(config)
    .filter((key) => key.startsWith(`${NAMESPACE}:`))
    .map((key) => key.slice(NAMESPACE.length + 1))
    .filter((key) => !CONFIG_KEYS.includes(key))
    .map(
      (key) =>
        `${NAMESPACE}:${key}: is not a configuration key${didYouMean(key, CONFIG_KEYS)}: allowed are ${CONFIG_KEYS.join(", ")}`,
    );
}

function credentials(
  given: { clientId?: string; clientSecret?: string; accessToken?: string },
  problems: string[],
): Credentials | undefined {
  if (given.accessToken !== undefined) return { accessToken: given.accessToken };
  const { clientId, clientSecret } = given;
  if (clientId !== undefined && clientSecret !== undefined) return { clientId, clientSecret };
  if (clientId !== undefined)
    problems.push(
      `${NAMESPACE}:oauthClientSecret: is missing, though there is a client id: set it with "pulumi config set --secret ${NAMESPACE}:oauthClientSecret" or GENESYSCLOUD_OAUTHCLIENT_SECRET`,
    );
  if (clientSecret !== undefined)
    problems.push(
      `${NAMESPACE}:oauthClientId: is missing, though there is a client secret: set it with "pulumi config set ${NAMESPACE}:oauthClientId" or GENESYSCLOUD_OAUTHCLIENT_ID`,
    );
  return undefined;
}

/** As Standard Webhooks has it: 24 to 64 bytes, in base64 behind a prefix. */
function isSigningSecret(secret: string): boolean {
  const [, base64] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? [];
  if (base64 === undefined) return false;
  const bytes = Buffer.from(base64, "base64");
  return bytes.length >= 24 && bytes.length <= 64 && bytes.toString("base64") === base64;
}

/** `off`, `otlp`, a path, or a path and `otlp`. OpenTelemetry alone still leaves the file where it is. */
function parseAuditTargets(text: string): AuditTargets | undefined {
  const words = text
    .split(",")
    .map((word) => word.trim())
    .map((word) => (/^(off|otlp)$/i.test(word) ? word.toLowerCase() : word));
  const places = words.filter((word) => word !== "otlp");
  // What a shell makes of ~ nobody makes of it here.
  if (places.some((place) => place === "" || place.startsWith("~"))) return undefined;
  if (places.length > 1 || words.length > places.length + 1) return undefined;
  const [place = AUDIT_FILE] = places;
  if (place === "off" && words.length > 1) return undefined;
  return { ...(place === "off" ? {} : { file: place }), otlp: words.includes("otlp") };
}

function parseGateway(text: string): Gateway | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, pathname, username, password, search, hash } = new URL(text);
  if (!/^https?:$/.test(protocol) || hostname === "" || `${username}${password}${search}${hash}` !== "")
    return undefined;
  const path = pathname.replace(/\/+$/, "");
  return {
    protocol: protocol === "http:" ? "http" : "https",
    host: hostname,
    ...(port === "" ? {} : { port: Number(port) }),
    loginPath: path,
    apiPath: path,
  };
}

/** The variables that the platform's SDKs and its Terraform provider read. */
function gatewayFromEnvironment(environment: Environment, problems: string[]): Gateway | undefined {
  const of = (name: string) => environment[`GENESYSCLOUD_GATEWAY_${name}`] || undefined;
  const host = of("HOST");
  if (host === undefined) return undefined;
  const gateway = parseGateway(
    `${of("PROTOCOL") ?? "https"}://${host}${of("PORT") === undefined ? "" : `:${of("PORT")}`}`,
  );
  if (gateway === undefined || gateway.apiPath !== "") {
    problems.push(
      "GENESYSCLOUD_GATEWAY_HOST: together with _PROTOCOL and _PORT it makes no http or https address",
    );
    return undefined;
  }
  // The Terraform provider names one path at a time: PATH_NAME says which, PATH_VALUE what.
  const path = (name: string) => (of("PATH_NAME") === name ? (of("PATH_VALUE") ?? "") : "");
  return { ...gateway, loginPath: path("login"), apiPath: path("api") };
}
