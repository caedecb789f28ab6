/**
 * What a user writes. Nothing here is loaded from elsewhere: a program that only declares integrations pays for these
 * types and constants and for no validator, and old compilers can read the declarations.
 */
import type { Input } from "@pulumi/pulumi";

/** Limits of an integration. */
export const LIMITS = {
  /** Characters of a suffix, from the vendor's documentation. */
  suffixLength: 64,
  /** Characters of a name; our assumption, nothing is published. */
  nameLength: 256,
} as const;

/** What is used where a program says nothing. */
export const DEFAULTS = {
  notes: "",
  enabled: true,
  timeouts: { create: "10m", update: "10m", delete: "10m" },
} as const;

/** The arguments of an `EventBridgeIntegration`. */
export interface EventBridgeIntegrationArgs {
  /** The AWS account that gets the events: 12 digits, as a string. Changing it replaces the integration. */
  awsAccountId: Input<string>;
  /** The AWS region of the event source, such as `eu-central-1`. Changing it replaces the integration. */
  awsAccountRegion: Input<string>;
  /** The ids of the topics whose events are sent, such as `v2.users.{id}.presence`: at least one, each once, in any order. */
  eventFilter: Input<Input<string>[]>;
  /**
   * The end of the partner event source's name: 1 to 64 of `A-Z a-z 0-9 . - _`, unique in the organisation. Changing it
   * replaces the integration. Default: derived from the resource's URN.
   */
  eventSourceSuffix?: Input<string>;
  /** 1 to 256 characters. Default: the resource's name, a hyphen and 7 hex digits. */
  name?: Input<string>;
  /** Default: empty, also when it is removed from the program. */
  notes?: Input<string>;
  /** Whether events are sent. Default `true`. */
  enabled?: Input<boolean>;
  /**
   * Where notices go: an http or https address, always treated as a secret. It is never sent to the platform.
   * Default: `genesyscloud:webhookUrl` of the stack's configuration, or `EXTERNAL_WEBHOOK_URL`.
   */
  webhookUrl?: Input<string>;
  /**
   * When an integration of that suffix exists already: `"fail"` (default) names its id; `"adopt"` has the program manage it
   * and brings it to what is asked for.
   */
  onConflict?: Input<"fail" | "adopt">;
  /** How long each step may take: `90s`, `10m`, `1h30m`, `1d`; 24 hours at most. Default `"10m"` each. */
  timeouts?: Input<{ create?: Input<string>; update?: Input<string>; delete?: Input<string> }>;
}
