/**
 * Whose the keys of a configuration's namespace are: the namespace is not ours alone. The bridged Terraform provider has
 * its keys there, and a project that is called like it keeps its own there.
 */
import { nearest } from "./nearest.js";

/** The namespace of every configuration key. */
export const NAMESPACE = "genesyscloud";

/**
 * The arguments of the Terraform provider `mypurecloud/genesyscloud` as Pulumi's bridge names them.
 * Source: `provider_schema.go` of github.com/MyPureCloud/terraform-provider-genesyscloud. `accessToken` is not among
 * them: it is ours as well, and means the same.
 */
const TERRAFORM_KEYS = [
  "awsRegion",
  "customRetryTimeout",
  "gateways",
  "logStackTraces",
  "logStackTracesFilePath",
  "maxConcurrentPages",
  "oauthclientId",
  "oauthclientSecret",
  "proxy",
  "sdkClientPoolDebug",
  "sdkDebug",
  "sdkDebugFilePath",
  "sdkDebugFormat",
  "tokenAcquireTimeout",
  "tokenInitTimeout",
  "tokenPoolSize",
];

/** What is known when it is asked whose a key is. */
export interface Namespace {
  /** The keys of this package. */
  ours: readonly string[];
  /** Whether something is set for one of them. */
  isSet: (ours: string) => boolean;
  /** The project's name, where it is known. */
  project?: string;
}

/**
 * Whose a key of the namespace is, or what it is.
 *
 * - `slip`: nobody's, and so near one of ours that it is likely to be a mistyped one.
 * - `stranger`: nobody's that we know.
 */
export type Owner = "ours" | "terraform" | "project" | "slip" | "stranger";

/** Tells whose a key is. @param key without the namespace. */
export function ownerOf(key: string, { ours, isSet, project }: Namespace): Owner {
  if (ours.includes(key)) return "ours";
  if (TERRAFORM_KEYS.includes(key)) return "terraform";
  const meant = nearest(key, [...ours, ...TERRAFORM_KEYS]);
  const isSlip = meant !== undefined && ours.includes(meant);
  if (project !== NAMESPACE) return isSlip ? "slip" : "stranger";
  // The project may well have a key that is like one of ours: it is a slip where ours is missed.
  return isSlip && !isSet(meant) ? "slip" : "project";
}

/** The keys that stand in a configuration, without the namespace. */
export const keysOf = (config: Readonly<Record<string, unknown>>): string[] =>
  Object.keys(config)
    .filter((key) => key.startsWith(`${NAMESPACE}:`))
    .map((key) => key.slice(NAMESPACE.length + 1));

/** How many strangers are named at once. */
const MOST_NAMED = 5;

/** One line about keys that nobody is known to read. */
export function sayStrangers(strangers: readonly string[], ours: readonly string[]): string {
  const named = strangers.slice(0, MOST_NAMED).map((key) => `${NAMESPACE}:${key}`);
  const more = strangers.length - named.length;
  return `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}: not known to this package and left alone; its own keys are ${ours.join(", ")}`;
}

/** What stands in the configuration for the Terraform provider alone, for who misses it here; or nothing. */
export function sayTheirs(keys: readonly string[], theirs: readonly string[]): string {
  const found = theirs.filter((key) => keys.includes(key)).map((key) => `${NAMESPACE}:${key}`);
  return found.length === 0
    ? ""
    : ` (${found.join(" and ")} ${found.length === 1 ? "is a key" : "are keys"} of the bridged Terraform provider, and not read here)`;
}
