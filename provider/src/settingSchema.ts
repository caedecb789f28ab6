/** Every key of the configuration: what is allowed there, and which environment variables stand in for it. */
import { z } from "zod";
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

const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.enum(words, {
    error: ({ input }) =>
      `"${String(input)}" is not allowed${didYouMean(String(input), words)}: it must be one of ${words.join(", ")}`,
  });
const flag = oneOf(["true", "false"]).transform((text) => text === "true");

/** Text that is nothing but itself: an id, a secret, a token. */
const plain = z.string();

/** Keys and what is allowed. Values come without blanks and line ends around them, and are never empty. */
export const SCHEMA = {
  region: z.string().transform((text, context) => {
    const host = regionHost(text);
    if (host !== undefined) return host;
    const regions = Object.keys(REGION_HOSTS);
    context.addIssue(
      `"${text}" is neither an AWS region that Genesys Cloud runs in${didYouMean(text, regions)} nor a host name such as "mypurecloud.de"; regions: ${regions.join(", ")}`,
    );
    return z.NEVER;
  }),
  oauthClientId: plain,
  oauthClientSecret: plain,
  accessToken: plain,
  gateway: z.string().transform((text, context) => {
    const gateway = parseGateway(text);
    if (gateway !== undefined) return gateway;
    context.addIssue(`must be ${GATEWAY_FORM}`);
    return z.NEVER;
  }),
  webhookUrl: z.string().refine(isWebAddress, { error: ({ input }) => notAWebAddress(input) }),
  webhookSecret: z
    .string()
    .transform((text) => text.split(/\s+/))
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

/** A key of the namespace. */
export type SettingKey = keyof typeof SCHEMA;

/** What a key's text is read as. */
export type Setting<Key extends SettingKey> = z.output<(typeof SCHEMA)[Key]>;

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
export function unfit(key: SettingKey, text: string): string | undefined {
  const tooLong = longerThan(LONGEST.credential, text);
  if (tooLong !== undefined) return tooLong;
  const unseen = unseenIn(text, UNSEEN_IN[key]);
  return unseen && `has ${unseen} inside, where none can be: set it anew (its value is not shown)`;
}

/** What is said of a text that is too long; it does not repeat it. */
export const longerThan = (most: number, text: string): string | undefined =>
  text.length > most ? `is longer than ${most} characters (its value is secret and not shown)` : undefined;

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
