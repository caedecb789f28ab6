/** Pulumi's secret values, as a provider gets them and as a person sees them. */
import type { Properties } from "./providerProcess.js";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

const isSecret = (value: unknown): value is { value: unknown } =>
  typeof value === "object" && value !== null && (value as Properties)[SIGNATURE] === SECRET;

/** The value with `replace` done to everything that is marked as secret, at any depth. */
function mapSecrets(value: unknown, replace: (secret: unknown) => unknown): unknown {
  if (isSecret(value)) return replace(value.value);
  if (Array.isArray(value)) return value.map((each) => mapSecrets(each, replace));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapSecrets(each, replace)]));
}

/** As a provider gets it that does not accept secrets: in plain. */
export const revealed = (properties: Properties): Properties =>
  mapSecrets(properties, (secret) => secret) as Properties;

/** As a person sees it. */
export const hidden = (properties: Properties): Properties =>
  mapSecrets(properties, () => "[secret]") as Properties;
