import { isUnknown } from "./pulumi/unknown.js";

/** The secret texts among the values of some properties. */
export function secretsIn(keys: readonly string[], ...properties: object[]): string[] {
  const values = properties.flatMap((each) => keys.map((key) => (each as Record<string, unknown>)[key]));
  return values.filter(
    (value): value is string => typeof value === "string" && value !== "" && !isUnknown(value),
  );
}

/** The text with every secret value taken out: the platform repeats in its messages what it was sent. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, "[secret]"), text);
}
