/** What must not be shown: the secrets of the settings, and those of a resource. */
import type { Credentials } from "./genesys/options.js";
import { type Hidden, type Hide, hiding } from "./masking.js";
import { isUnknown } from "./unknown.js";

/** The secret texts among the values of some properties. */
export function secretsIn(keys: readonly string[], ...properties: object[]): string[] {
  const values = properties.flatMap((each) => keys.map((key) => (each as Record<string, unknown>)[key]));
  return values.filter(
    (value): value is string => typeof value === "string" && value !== "" && !isUnknown(value),
  );
}

/** The settings that bear secrets. */
interface SecretSettings {
  credentials?: Credentials;
  webhookUrl?: string;
  webhookSecrets: readonly string[];
}

/** The secret texts among the settings. */
export function secretsOf({ credentials, webhookUrl, webhookSecrets }: SecretSettings): string[] {
  const login =
    credentials === undefined
      ? undefined
      : "clientSecret" in credentials
        ? credentials.clientSecret
        : credentials.accessToken;
  return [login, webhookUrl, ...webhookSecrets].filter((each) => each !== undefined);
}

/** Stands in the place of a secret. */
const SECRET = "[secret]";
/** A shorter piece of an address is a word such as "services" rather than a key. */
const SHORTEST_PIECE = 12;
/** A shorter path, or host, is one such as "/api". */
const SHORTEST_PLACE = 8;

/** Secrets, and of addresses also what of them tells by itself. */
export const asHidden = (secrets: readonly string[]): Hidden[] =>
  [...new Set(secrets.flatMap(partsOf))].map((text) => ({ text, mark: SECRET }));

/** Takes secrets out of texts. @param find tells them, when that is needed first. @param longest what is longer is cut. */
export const hidingSecrets = (find: () => readonly string[], longest?: number): Hide =>
  hiding(() => asHidden(find()), longest);

/** The text with every secret taken out, in whatever form it stands there. Never throws. */
export const withoutSecrets = (text: string, secrets: readonly string[]): string =>
  hidingSecrets(() => secrets)(text);

/** The secret, and what of it is one by itself: the key in the path or the query of an address, and who logs in there. */
function partsOf(secret: string): string[] {
  if (!URL.canParse(secret)) return [secret];
  const { href, host, pathname, search, searchParams, username, password } = new URL(secret);
  const path = pathname + search;
  const pieces = [...pathname.split("/"), ...searchParams.values(), username, password].filter(
    (piece) => piece.length >= SHORTEST_PIECE,
  );
  const places = [host, path].filter((place) => place.length >= SHORTEST_PLACE);
  return [secret, href, href.replace(/^\w+:\/\//, ""), ...places, ...pieces];
}

/** Takes the secrets of the settings out of texts. Where these are not usable nothing is done with any of them. */
export function hidingSecretsOf(context: { readonly settings: SecretSettings }, longest?: number): Hide {
  const hide = hidingSecrets(() => secretsOf(context.settings), longest);
  return (text) => (secretsOfContext(context).length === 0 ? text : hide(text));
}

/** The secret texts among the settings of a context; none where these are not usable. */
export function secretsOfContext(context: { readonly settings: SecretSettings }): string[] {
  try {
    return secretsOf(context.settings);
  } catch {
    return [];
  }
}
