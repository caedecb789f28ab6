/** The engine's wire form of a secret value: the keys and marks are Pulumi's. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** The form in which a file for `pulumi import` bears secret values, to be encrypted by the CLI. */
export function plaintextSecrets(
  properties: Record<string, unknown>,
  keys: readonly string[],
): Record<string, unknown> {
  const marked = { ...properties };
  for (const key of keys)
    if (marked[key] !== undefined)
      marked[key] = { [SIGNATURE]: SECRET, plaintext: JSON.stringify(marked[key]) };
  return marked;
}

/**
 * Marks values as secret in what is handed to the engine, so that they are encrypted in the state and hidden
 * in displays, also where the engine has not seen them before: a default from the configuration, or an
 * address that somebody set in the organisation.
 */
export function markSecrets(
  properties: Record<string, unknown>,
  keys: readonly string[],
): Record<string, unknown> {
  const marked = { ...properties };
  for (const key of keys)
    if (marked[key] !== undefined) marked[key] = { [SIGNATURE]: SECRET, value: marked[key] };
  return marked;
}
