/** What a user writes to name an organisation of its own. Only types: nothing is loaded for them. */
import type { Input } from "@pulumi/pulumi";

/**
 * The arguments of a `GenesysCloudProvider`: every key of the configuration, under the same name and with the same meaning,
 * limits and default. They may be outputs of other resources. `undefined` and an empty text count as left out.
 */
export interface GenesysCloudProviderArgs {
  /** An AWS region such as `eu-central-1`, or a host name such as `mypurecloud.de`. Required without a `gateway`. */
  region?: Input<string>;
  /** The id of an OAuth client (client credentials). Required, with its secret, without an `accessToken`. */
  oauthClientId?: Input<string>;
  /** The client's secret, 8,192 characters at most. Secret. */
  oauthClientSecret?: Input<string>;
  /** A token in the place of a client, 8,192 characters at most; it is not renewed when it ends. Secret. */
  accessToken?: Input<string>;
  /** An http or https address such as `https://gateway.example.com:8443`: login and API both go there. */
  gateway?: Input<string>;
  /** Where the notices of resources go that give no address: http or https, 2,048 characters at most. Secret. Default: none. */
  webhookUrl?: Input<string>;
  /** `whsec_…`, which notices are signed with; several separated by spaces while rotating. Secret. Default: unsigned. */
  webhookSecret?: Input<string>;
  /** Whether a notice that cannot be delivered fails the step, the resource safe in the state. Default `false`: a warning. */
  webhookRequired?: Input<boolean>;
  /** Whether notices may go to addresses that are loopback, link-local or private. Default `false`. */
  webhookAllowPrivate?: Input<boolean>;
  /** The form of a notice's body. Default `"plain"`. */
  webhookFormat?: Input<"plain" | "cloudevents">;
  /**
   * Where audit records go: a path, `"off"`, `"otlp"`, or a path and `otlp` separated by a comma; a path is relative to the
   * project's folder. Default: `GENESYSCLOUD_AUDIT_LOG`, or `audit_logs.jsonl`, which several providers can share.
   */
  auditLog?: Input<string>;
  /** What a topic or target that is missing, inactive or incompatible means in a preview. Default `"error"`. */
  validateReferences?: Input<"error" | "warn" | "off">;
  /** How often a request is repeated: an integer from 0 to 99. Default 5. */
  maxRetries?: Input<number>;
  /** How long a request may take: `90s`, `10m`, `1h30m`. Default `"10s"`. */
  requestTimeout?: Input<string>;
}
