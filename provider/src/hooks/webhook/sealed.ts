/** Encrypts where a notice goes, together with what it says, so that neither can be read or put beside another. */
import { createHash, hkdfSync } from "node:crypto";
import type { GeneralJWE } from "jose";
import type { Settings } from "../../settings.js";
import type { Notice } from "./notice.js";

/** An address that only who knows one of the stack's secrets can read, for one notice: a JSON Web Encryption. */
export type SealedAddress = GeneralJWE;

/** Tells apart what the secrets are used for. */
const PURPOSE = "pulumi-genesyscloud-eventbridge outbox";

/**
 * Encrypts the address of a notice for each of the stack's secrets, so that it can be read as long as one of them is
 * still in use: the signing secrets of the webhook and what the provider logs in with are rotated.
 */
export async function seal(address: string, notice: Notice, settings: Settings): Promise<SealedAddress> {
  const { GeneralEncrypt } = await import("jose");
  const content: Content = { address, digest: digestOf(notice) };
  const encryption = new GeneralEncrypt(Buffer.from(JSON.stringify(content))).setProtectedHeader({
    enc: "A256GCM",
  });
  for (const key of keysOf(settings)) encryption.addRecipient(key).setUnprotectedHeader({ alg: "A256GCMKW" });
  return encryption.encrypt();
}

/** What is encrypted. Only who knows a secret of the stack can have made it: the digest vouches for the notice. */
interface Content {
  address: string;
  digest: string;
}

/**
 * What came out of a sealed address. `unreadable`: none of the stack's secrets opens it; `altered`: it was sealed for
 * another notice, or for this one as it was; `unbound`: an earlier release wrote it, which sealed the address alone.
 */
export type Unsealed = { address: string } | { unbound: string } | "unreadable" | "altered";

/** The address, if it belongs to this notice. */
export async function unseal(sealed: SealedAddress, notice: Notice, settings: Settings): Promise<Unsealed> {
  const text = await decrypt(sealed, settings);
  if (text === undefined) return "unreadable";
  // Release 0.1.0 encrypted the bare address, which never begins with a brace.
  if (!text.startsWith("{")) return { unbound: text };
  const { address, digest } = JSON.parse(text) as Content;
  return digest === digestOf(notice) ? { address } : "altered";
}

/** Of everything that is sent, shown or decides where it goes. */
function digestOf({ id, source, name, operation, timestamp, contentType, body }: Notice): string {
  const parts = [id, source, name, operation, timestamp, contentType, body];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** Nothing else is tried: what lies in a file could ask for a way that takes for ever. */
const OURS = { keyManagementAlgorithms: ["A256GCMKW"], contentEncryptionAlgorithms: ["A256GCM"] };

async function decrypt(sealed: SealedAddress, settings: Settings): Promise<string | undefined> {
  const { generalDecrypt } = await import("jose");
  for (const key of keysOf(settings)) {
    const decrypted = await generalDecrypt(sealed, key, OURS).catch(() => undefined);
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
