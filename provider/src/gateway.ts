/** The gateway that stands before Genesys Cloud, as the configuration and the ecosystem's variables tell of it. */
import ipaddr from "ipaddr.js";
import type { Gateway } from "./genesys/options.js";

/** What a gateway's address may be, for messages. */
export const GATEWAY_FORM = 'an address such as "https://gateway.example.com:8443/genesys"';

/** The gateway at an address; `undefined` where it is none. */
export function parseGateway(text: string): Gateway | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, pathname, username, password, search, hash } = new URL(text);
  if (!/^https?:$/.test(protocol) || hostname === "" || `${username}${password}${search}${hash}` !== "")
    return undefined;
  const path = withoutLastSlashes(pathname);
  return {
    protocol: protocol === "http:" ? "http" : "https",
    host: hostname,
    ...(port === "" ? {} : { port: Number(port) }),
    loginPath: path,
    apiPath: path,
  };
}

/** The part of a variable's name that tells these apart. */
export type GatewayVariable = "PROTOCOL" | "HOST" | "PORT" | "PATH_NAME" | "PATH_VALUE";

/**
 * The gateway of the variables that the platform's SDKs and its Terraform provider read.
 *
 * @param variable what one of them says; `undefined` where it is not set.
 * @returns `undefined` without a host; `"wrong"` where they make no address together.
 */
export function gatewayOf(
  variable: (name: GatewayVariable) => string | undefined,
): Gateway | "wrong" | undefined {
  const host = variable("HOST");
  if (host === undefined) return undefined;
  const port = variable("PORT");
  const gateway = parseGateway(
    `${variable("PROTOCOL") ?? "https"}://${host}${port === undefined ? "" : `:${port}`}`,
  );
  if (gateway === undefined || gateway.apiPath !== "") return "wrong";
  // The Terraform provider names one path at a time: PATH_NAME says which, PATH_VALUE what.
  const path = (name: string) => (variable("PATH_NAME") === name ? (variable("PATH_VALUE") ?? "") : "");
  return { ...gateway, loginPath: path("login"), apiPath: path("api") };
}

/** A gateway's address, without its paths. */
export const gatewayAddress = ({ protocol, host, port }: Gateway): string =>
  `${protocol}://${host}${port === undefined ? "" : `:${port}`}`;

/** Whether what is sent to a gateway can be read on its way: not encrypted, and not to this very machine. */
export const isInClear = ({ protocol, host }: Gateway): boolean =>
  protocol === "http" && !isThisMachine(host);

/** @param host as a URL has it: an address of the sixth version in brackets. */
function isThisMachine(host: string): boolean {
  if (host === "localhost" || host.endsWith(".localhost")) return true;
  const address = host.replace(/^\[(.*)\]$/, "$1");
  // What listens on every interface is reached under the unspecified address, too.
  return ipaddr.isValid(address) && ["loopback", "unspecified"].includes(ipaddr.process(address).range());
}

function withoutLastSlashes(path: string): string {
  let end = path.length;
  while (path.charAt(end - 1) === "/") end--;
  return path.slice(0, end);
}
