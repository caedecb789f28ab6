/**
 * Who may ask. The server needs no credentials for its control plane, so a web page that is open on the same machine must
 * not reach it: neither across origins, nor under a name of its own that it has pointed at this machine (DNS rebinding).
 */
import { isIP } from "node:net";
import { PlatformError } from "./platformError.js";

/** The part of a request that tells who asks. */
interface Caller {
  headers: { host?: string; origin?: string };
}

/**
 * Why a request is not answered; null where it is.
 * @param listening the address or name that the server was told to listen on
 */
export type Refusal = (caller: Caller) => PlatformError | null;

/** Refuses what was not sent to this machine's own names, or comes from a web page. */
export function refuseOutsiders(listening: string): Refusal {
  return ({ headers: { host, origin } }) => {
    if (host === undefined || !isOurs(hostname(host), listening))
      return forbidden(
        "host.not.allowed",
        "Only requests to localhost, or to the address that this server was told to listen on, are answered.",
      );
    // No page comes from here, so none has a reason to ask.
    return origin === undefined || origin === `http://${host}`
      ? null
      : forbidden("origin.not.allowed", "Requests from web pages of other origins are not answered.");
  };
}

/** As a URL has it: in lower case, an address in its usual form; null where it is no host. */
function hostname(host: string): string | null {
  const url = `http://${host}`;
  return /[/?#@\\\s]/.test(host) || !URL.canParse(url) ? null : new URL(url).hostname;
}

function isOurs(name: string | null, listening: string): boolean {
  if (name === null) return false;
  const literal = name.replace(/^\[(.*)\]$/, "$1");
  if (name === "localhost" || literal === "::1" || /^127(\.\d+){3}$/.test(literal)) return true;
  // An address cannot be pointed elsewhere, as a name can: on every interface, each of them is this server's.
  if (isEverywhere(listening)) return isIP(literal) !== 0;
  return name === hostname(isIP(listening) === 6 ? `[${listening}]` : listening);
}

const isEverywhere = (address: string): boolean => address === "0.0.0.0" || /^[0:]+$/.test(address);

const forbidden = (code: string, message: string): PlatformError => new PlatformError(403, { code, message });
