/** Every key of the configuration: what is allowed there, and which environment variables stand in for it. */
import { DURATION_FORM, parseDuration } from "./duration.js";
import { GATEWAY_FORM, parseGateway } from "./gateway.js";
import { REGION_HOSTS, regionHost } from "./genesys/regions.js";
import { LONGEST } from "./limits.js";
import { didYouMean } from "./nearest.js";
import { unseenIn } from "./pasted.js";
import { isWebAddress, notAWebAddress } from "./webAddress.js";

/** Where audit records go. */
export interface AuditTargets {
  /** A path, relative to the project's folder; absent: no file is written. */
  file?: string;
  /** Whether the records also go out as OpenTelemetry logs, as the `OTEL_EXPORTER_OTLP_*` variables say. */
  otlp: boolean;
}

/** The audit log's file where nothing else is said, in the project's folder; its name is the specification's. */
export const AUDIT_FILE = "audit_logs.jsonl";

/** Forms of a notice's body: its own fields, or these as the data of a CloudEvent. */
const WEBHOOK_FORMATS = ["plain", "cloudevents"] as const;

/** What a text is read as, or why it cannot be: a sentence that goes on behind the key's name. */
export type Read<Value> = { value: Value } | { problem: string };
type Reader<Value> = (text: string) => Read<Value>;

const oneOf =
  <const Words extends readonly string[]>(words: Words): Reader<Words[number]> =>
  (text) =>
    words.includes(text)
      ? { value: text }
      : {
          problem: `"${text}" is not allowed${didYouMean(text, words)}: it must be one of ${words.join(", ")}`,
        };

const flag: Reader<boolean> = (text) => {
  const read = oneOf(["true", "false"])(text);
  return "problem" in read ? read : { value: read.value === "true" };
};

/** Text that is nothing but itself: an id, a secret, a token. */
const plain: Reader<string> = (text) => ({ value: text });

/** What a text stands for. @param problem says why it is none where it stands for nothing. */
const asA =
  <Value>(parse: (text: string) => Value | undefined, problem: (text: string) => string): Reader<Value> =>
  (text) => {
    const value = parse(text);
    return value === undefined ? { problem: problem(text) } : { value };
  };

const REGIONS = Object.keys(REGION_HOSTS);

/** Keys and what is allowed. Values come without blanks and line ends around them, and are never empty. */
const SCHEMA = {
  region: asA(
    regionHost,
    (text) =>
      `"${text}" is neither an AWS region that Genesys Cloud runs in${didYouMean(text, REGIONS)} nor a host name such as "mypurecloud.de"; regions: ${REGIONS.join(", ")}`,
  ),
  oauthClientId: plain,
  oauthClientSecret: plain,
  accessToken: plain,
  gateway: asA(parseGateway, () => `must be ${GATEWAY_FORM}`),
  webhookUrl: asA((text) => (isWebAddress(text) ? text : undefined), notAWebAddress),
  webhookSecret: asA(
    parseSigningSecrets,
    () =>
      'must be "whsec_" and the base64 of 24 to 64 bytes; several separated by spaces while rotating (its value is secret and not shown)',
  ),
  webhookRequired: flag,
  webhookAllowPrivate: flag,
  webhookFormat: oneOf(WEBHOOK_FORMATS),
  auditLog: asA(
    parseAuditTargets,
    (text) =>
      `"${text}" is not allowed: it must be the path of a file, "off", "otlp", or a path and "otlp" separated by a comma`,
  ),
  validateReferences: oneOf(["error", "warn", "off"]),
  maxRetries: asA(
    (text) => (/^\d{1,2}$/.test(text) ? Number(text) : undefined),
    (text) => `"${text}" is not allowed: it must be an integer from 0 to 99`,
  ),
  requestTimeout: asA(parseDuration, (text) => `"${text}" is not allowed: it must be ${DURATION_FORM}`),
} as const;

/** A key of the namespace. */
export type SettingKey = keyof typeof SCHEMA;

/** What a key's text is read as. */
export type Setting<Key extends SettingKey> = Extract<
  ReturnType<(typeof SCHEMA)[Key]>,
  { value: unknown }
>["value"];

/** Every key of the namespace. */
export const CONFIG_KEYS = Object.keys(SCHEMA) as SettingKey[];

/** Environment variables that stand in for a key; the first that is set wins. */
export const ENVIRONMENT: Partial<Record<SettingKey, readonly string[]>> = {
  region: ["GENESYSCLOUD_REGION", "GENESYS_ENVIRONMENT"],
  oauthClientId: ["GENESYSCLOUD_OAUTHCLIENT_ID", "GENESYS_CLIENT_ID"],
  oauthClientSecret: ["GENESYSCLOUD_OAUTHCLIENT_SECRET", "GENESYS_CLIENT_SECRET"],
  accessToken: ["GENESYSCLOUD_ACCESS_TOKEN"],
  webhookUrl: ["EXTERNAL_WEBHOOK_URL"],
  webhookSecret: ["GENESYSCLOUD_WEBHOOK_SECRET"],
  auditLog: ["GENESYSCLOUD_AUDIT_LOG"],
};

/** What cannot stand inside of a value where it is less than every blank, control and sign that is not seen. */
const UNSEEN_IN: Partial<Record<SettingKey, RegExp>> = {
  // Blanks of any kind, and line ends, stand between one secret and the next.
  webhookSecret: /(?!\s)[\p{Cc}\p{Default_Ignorable_Code_Point}]/u,
  // Folders have blanks in their names, and joiners in those of some languages and pictures.
  auditLog: /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?!\u200c|\u200d|\ufe0f)[\p{Cf}\p{Default_Ignorable_Code_Point}]/u,
};

/** What is wrong with a key's text whatever it means; it does not repeat it. */
function unfit(key: SettingKey, text: string): string | undefined {
  const tooLong = longerThan(LONGEST.credential, text);
  if (tooLong !== undefined) return tooLong;
  const unseen = unseenIn(text, UNSEEN_IN[key]);
  return unseen && `has ${unseen} inside, where none can be: set it anew (its value is not shown)`;
}

/** What a key's text is read as, or why it cannot be used. Nothing secret is repeated. */
export function readSetting<Key extends SettingKey>(key: Key, text: string): Read<Setting<Key>> {
  const problem = unfit(key, text);
  return problem === undefined ? (SCHEMA[key](text) as Read<Setting<Key>>) : { problem };
}

/** What is said of a text that is too long; it does not repeat it. */
export const longerThan = (most: number, text: string): string | undefined =>
  text.length > most ? `is longer than ${most} characters (its value is secret and not shown)` : undefined;

function parseSigningSecrets(text: string): string[] | undefined {
  const secrets = text.split(/\s+/);
  return secrets.every(isSigningSecret) ? secrets : undefined;
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
