import { isUnknown } from "./pulumi/unknown.js";
import type { Settings } from "./settings.js";

/** The secret texts among the values of some properties. */
export function secretsIn(keys: readonly string[], ...properties: object[]): string[] {
  const values = properties.flatMap((each) => keys.map((key) => (each as Record<string, unknown>)[key]));
  return values.filter(
    (value): value is string => typeof value === "string" && value !== "" && !isUnknown(value),
  );
}

/** The secret texts among the settings. */
export function secretsOf({ credentials, webhookUrl, webhookSecrets }: Settings): string[] {
  const login =
    credentials === undefined
      ? undefined
      : "clientSecret" in credentials
        ? credentials.clientSecret
        : credentials.accessToken;
  return [login, webhookUrl, ...webhookSecrets].filter((each) => each !== undefined);
}

/**
 * The text with every secret taken out: the platform repeats in its messages what it was sent, as it is or encoded for a
 * URL, for JSON or in base64; of an address also its telling parts.
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const forms = [...new Set(secrets.flatMap(partsOf).flatMap(encodingsOf))]
    .filter((form) => form.length >= SHORTEST)
    .sort((a, b) => b.length - a.length);
  if (forms.length === 0) return text;
  return text.replaceAll(new RegExp(forms.map(escaped).join("|"), "gi"), "[secret]");
}

/** A shorter text gives nothing away, and would tear holes into ordinary words. */
const SHORTEST = 8;
/** A shorter piece of an address is a word such as "services" rather than a key. */
const SHORTEST_PIECE = 12;

/** The secret, and what of it is one by itself: the key in the path or the query of an address, and who logs in there. */
function partsOf(secret: string): string[] {
  if (!URL.canParse(secret)) return [secret];
  const { href, host, pathname, search, searchParams, username, password } = new URL(secret);
  const path = pathname + search;
  const pieces = [...pathname.split("/"), ...searchParams.values(), username, password].filter(
    (piece) => piece.length >= SHORTEST_PIECE,
  );
  return [secret, href, href.replace(/^\w+:\/\//, ""), host, path, ...pieces];
}

/** The ways in which a text can stand in a message. */
const encodingsOf = (text: string): string[] => [
  text,
  encodeURI(text.toWellFormed()),
  encodeURIComponent(text.toWellFormed()),
  JSON.stringify(text).slice(1, -1),
  text.replaceAll("/", "\\/"),
  Buffer.from(text).toString("base64").replace(/=+$/, ""),
];

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
