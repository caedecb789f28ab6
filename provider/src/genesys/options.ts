/** What a client has to be told: where the platform is, and how patient to be. */
import type { AccessRule } from "./access.js";

/** Where requests go instead of the region's own hosts; login and API both. */
export interface Gateway {
  protocol: "http" | "https";
  host: string;
  port?: number;
  /** Path before `/oauth/token`. */
  loginPath: string;
  /** Path before `/api/v2/…`. */
  apiPath: string;
}

/** How to log in. */
export type Credentials = { clientId: string; clientSecret: string } | { accessToken: string };

/** What a client needs to know. */
export interface ClientOptions {
  credentials: Credentials;
  /** Host name such as `mypurecloud.de`; needed unless there is a gateway. */
  region?: string;
  gateway?: Gateway;
  /** What the client must be given for which calls, so that a refusal can say what is missing. */
  access?: readonly AccessRule[];
  /** How often one request is repeated at the most. */
  maxRetries: number;
  /** How long one request may take, in milliseconds. */
  requestTimeoutMs: number;
  /** Takes the credentials out of what a login is answered; default: it is told as it is. Never throws. */
  hide?: (text: string) => string;
}
