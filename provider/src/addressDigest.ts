/**
 * Salted hashes of webhook addresses: they tell in a state which address was asked for without bearing it. One of them can
 * stand where an address stands, as far as addresses are only compared.
 */
import { createHash, createHmac } from "node:crypto";

const PREFIX = "sha256:";

/** What no address was asked for is told by. */
export const NO_ADDRESS = `${PREFIX}none`;

/**
 * The hash of an address, the same for the same address and salt.
 *
 * @param salt keeps hashes of other stacks from being compared with this one's; not secret.
 */
export function digestOfAddress(address: string | undefined, salt: string): string {
  if (address === undefined) return NO_ADDRESS;
  const short = createHash("sha256").update(salt).digest("hex").slice(0, 16);
  return `${PREFIX}${short}:${createHmac("sha256", short).update(address).digest("hex")}`;
}

/** Whether it is a hash; addresses are those of http or https. */
export const isDigest = (address: unknown): address is string =>
  typeof address === "string" && address.startsWith(PREFIX);

/** Whether two addresses are the same. Each can be a hash; two hashes of one address are the same where their salts are. */
export function isSameAddress(a: string | undefined, b: string | undefined): boolean {
  if (isDigest(a) === isDigest(b)) return a === b;
  const [digest, address] = (isDigest(a) ? [a, b] : [b, a]) as [string, string | undefined];
  if (address === undefined || digest === NO_ADDRESS) return address === undefined && digest === NO_ADDRESS;
  const [, short = "", hash] = digest.split(":");
  return createHmac("sha256", short).update(address).digest("hex") === hash;
}
