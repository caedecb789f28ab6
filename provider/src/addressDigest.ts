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
  return `${PREFIX}${short}:${hash(address, short)}`;
}

const hash = (address: string, salt: string): string =>
  createHmac("sha256", salt).update(canonical(address)).digest("hex");

/** As the URL standard writes it: an API may add the slash behind a host, or take its capitals. */
const canonical = (address: string): string => (URL.canParse(address) ? new URL(address).href : address);

/** Whether it is a hash; addresses are those of http or https. */
export const isDigest = (address: unknown): address is string =>
  typeof address === "string" && address.startsWith(PREFIX);

/**
 * Whether two addresses are the same, however they are written. Each can be a hash; two hashes of one address are the same
 * where their salts are.
 */
export function isSameAddress(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined && b === undefined) return true;
  if (isDigest(a) && isDigest(b)) return a === b;
  if (!isDigest(a) && !isDigest(b))
    return a !== undefined && b !== undefined && canonical(a) === canonical(b);
  const [digest, address] = (isDigest(a) ? [a, b] : [b, a]) as [string, string | undefined];
  if (address === undefined || digest === NO_ADDRESS) return address === undefined && digest === NO_ADDRESS;
  const [, salt = "", expected] = digest.split(":");
  return hash(address, salt) === expected;
}
