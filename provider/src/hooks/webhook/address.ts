/** Which addresses notices may go to: public ones, unless private ones are allowed. */
import type { LookupAddress } from "node:dns";
import dns from "node:dns/promises";
import ipaddr from "ipaddr.js";

/** A notice may not go to where its address leads. */
export class AddressRefusedError extends Error {}

/**
 * Resolves the host of an address, once: who connects must use exactly these, since the next look-up may say
 * something else.
 *
 * @throws AddressRefusedError when one of them is not a public one and `allowPrivate` is not set. The message
 *   says what kind it is, and not which: the address is a secret.
 */
export async function resolvePublic(url: URL, allowPrivate: boolean): Promise<LookupAddress[]> {
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const addresses = await lookUp(host);
  const refused = addresses.map(({ address }) => rangeOf(address)).find((range) => range !== "unicast");
  if (refused === undefined || allowPrivate) return addresses;
  throw new AddressRefusedError(
    `its address leads to a ${RANGES[refused] ?? "reserved"} one, which is refused unless genesyscloud:webhookAllowPrivate is true`,
  );
}

/** The look-ups under way, by host. */
const underWay = new Map<string, Promise<LookupAddress[]>>();

/**
 * One look-up at a time: a name server that does not answer keeps one of the few threads that there are for it, and
 * many would keep the platform's own look-ups waiting behind them. Who asks for the same host waits for the same answer.
 */
function lookUp(host: string): Promise<LookupAddress[]> {
  const joined = underWay.get(host);
  if (joined !== undefined) return joined;
  const before = Promise.allSettled(underWay.values());
  const found = before
    .then(() => dns.lookup(host, { all: true, verbatim: true }))
    .finally(() => underWay.delete(host));
  underWay.set(host, found);
  return found;
}

/** What IANA has given out as addresses of the public internet, of the sixth version. */
const PUBLIC_V6 = ipaddr.IPv6.parseCIDR("2000::/3");
/** The prefix of translators from IPv6 to IPv4: what is reached is the address behind it (RFC 6052). */
const TRANSLATED = ipaddr.IPv6.parseCIDR("64:ff9b::/96");

/** The host agent of Azure's virtual machines: a public address that is reached from inside only. */
const AZURE_HOST = "168.63.129.16";

/** What kind of address it is: `unicast` for those of the public internet. */
export function rangeOf(address: string): string {
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6))
    return parsed.toString() === AZURE_HOST ? "linkLocal" : parsed.range();
  if (parsed.match(TRANSLATED)) return rangeOf(new ipaddr.IPv4(parsed.toByteArray().slice(-4)).toString());
  const range = parsed.range();
  return range === "unicast" && !parsed.match(PUBLIC_V6) ? "reserved" : range;
}

/** What messages call the kinds of ipaddr.js. */
const RANGES: Readonly<Record<string, string>> = {
  loopback: "loopback",
  linkLocal: "link-local",
  private: "private",
  uniqueLocal: "unique-local",
  multicast: "multicast",
  broadcast: "broadcast",
  unspecified: "unspecified",
  carrierGradeNat: "carrier-grade NAT",
};
