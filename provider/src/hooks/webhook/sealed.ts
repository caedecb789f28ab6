import { hkdfSync } from "node:crypto";
import type { GeneralJWE } from "jose";
import type { Settings } from "../../settings.js";

/** An address that only who knows one of the stack's secrets can read: a JSON Web Encryption. */
export type SealedAddress = GeneralJWE;

/** Tells apart what the secrets are used for. */
const PURPOSE = "pulumi-genesyscloud-eventbridge outbox";

/**
 * Encrypts an address for each of the stack's secrets, so that it can be read as long as one of them is still in
 * use: the signing secrets of the webhook and what the provider logs in with are rotated.
 */
export async function seal(address: string, settings: Settings): Promise<SealedAddress> {
  const { GeneralEncrypt } = await import("jose");
  const encryption = new GeneralEncrypt(Buffer.from(address)).setProtectedHeader({ enc: "A256GCM" });
  for (const key of keysOf(settings)) encryption.addRecipient(key).setUnprotectedHeader({ alg: "A256GCMKW" });
  return encryption.encrypt();
}

/** What was opened before, by the tag that no two encryptions share: one address may lie in a hundred notices. */
const opened = new WeakMap<Settings, Map<string, Promise<string | undefined>>>();

/** The address, or `undefined` when none of the stack's secrets opens it. */
export function unseal(sealed: SealedAddress, settings: Settings): Promise<string | undefined> {
  const known = opened.get(settings) ?? new Map<string, Promise<string | undefined>>();
  opened.set(settings, known);
  const address = known.get(sealed.tag ?? "") ?? decrypt(sealed, settings);
  known.set(sealed.tag ?? "", address);
  return address;
}

async function decrypt(sealed: SealedAddress, settings: Settings): Promise<string | undefined> {
  const { generalDecrypt } = await import("jose");
  for (const key of keysOf(settings)) {
    const decrypted = await generalDecrypt(sealed, key).catch(() => undefined);
    if (decrypted !== undefined) return Buffer.from(decrypted.plaintext).toString();
  }
  return undefined;
}

/** A key of each secret that a stack has. */
function keysOf({ webhookSecrets, credentials }: Settings): Uint8Array[] {
  const login =
    credentials === undefined
      ? []
      : ["clientSecret" in credentials ? credentials.clientSecret : credentials.accessToken];
  return [...webhookSecrets, ...login].map(
    (secret) => new Uint8Array(hkdfSync("sha256", secret, "", PURPOSE, 32)),
  );
}
