/** `EventBridgeIntegration`, as programs use it. */
import type * as pulumi from "@pulumi/pulumi";
import { type Declared, ManagedResource } from "../managedResource.js";
import { inStates } from "../stub.js";
import type { EventBridgeIntegrationArgs } from "./args.js";

const DECLARED: Declared = {
  className: "EventBridgeIntegration",
  needs: "awsAccountId, awsAccountRegion and eventFilter",
  outputs: [
    ...["awsAccountId", "awsAccountRegion", "eventSourceSuffix", "eventFilter", "name", "notes", "enabled"],
    ...["webhookUrl", "integrationId", "version", "intendedState", "reportedState", "partnerEventSourceName"],
    ...["latencySeconds", "retryCount", "auditHead"],
  ],
};

const { type: TYPE } = inStates(DECLARED.className);

/**
 * A Genesys Cloud integration of the type "Amazon EventBridge Source": it sends the events of topics to an AWS account, as
 * a partner event source. It speaks the platform's public API, which every organisation has.
 *
 * Needs an OAuth client (client credentials) whose role has the permissions `integrations:integration:add`, `edit`, `view`
 * and `delete`.
 *
 * ```ts
 * const voice = new EventBridgeIntegration("voice", {
 *   awsAccountId: "012345678901",
 *   awsAccountRegion: "eu-central-1",
 *   eventFilter: ["v2.users.{id}.presence"],
 * });
 * ```
 */
export class EventBridgeIntegration extends ManagedResource {
  /** @internal */
  public static readonly __pulumiType: string = TYPE;

  declare public readonly awsAccountId: pulumi.Output<string>;
  declare public readonly awsAccountRegion: pulumi.Output<string>;
  /** The end of the partner event source's name. */
  declare public readonly eventSourceSuffix: pulumi.Output<string>;
  /** The ids of the topics whose events are sent, sorted. */
  declare public readonly eventFilter: pulumi.Output<string[]>;
  /** The name in the organisation. */
  declare public readonly name: pulumi.Output<string>;
  declare public readonly notes: pulumi.Output<string>;
  declare public readonly enabled: pulumi.Output<boolean>;
  /** Secret. Absent where it is left to the configuration. It is never sent to the platform. */
  declare public readonly webhookUrl: pulumi.Output<string | undefined>;
  /** The integration's id in Genesys Cloud. */
  declare public readonly integrationId: pulumi.Output<string>;
  /** The version of its configuration; every change raises it. */
  declare public readonly version: pulumi.Output<number>;
  /** `ENABLED` or `DISABLED`. */
  declare public readonly intendedState: pulumi.Output<string>;
  /** How it stands by the platform's word: `ACTIVE`, `INACTIVE`, `ACTIVATING`, `DEACTIVATING`, `ERROR`, or another. */
  declare public readonly reportedState: pulumi.Output<string>;
  /** `aws.partner/genesys.com/cloud/{organisation's id}/{suffix}`: `name` and `eventSourceName` of the event bus in AWS. */
  declare public readonly partnerEventSourceName: pulumi.Output<string>;
  /** Seconds that the last create or update took. */
  declare public readonly latencySeconds: pulumi.Output<number>;
  /** Requests that the last create or update had to repeat. */
  declare public readonly retryCount: pulumi.Output<number>;
  /** The end of the audit log after the last create or update; absent without a log. */
  declare public readonly auditHead: pulumi.Output<string | undefined>;

  /**
   * An existing integration, read only: it is neither changed nor deleted with the stack.
   *
   * @param id the integration's id in Genesys Cloud. An id that does not exist fails the run.
   */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): EventBridgeIntegration {
    return new EventBridgeIntegration(name, undefined, { ...opts, id });
  }

  /** Whether this is an `EventBridgeIntegration`, also one that another copy of this package made. */
  public static override isInstance(resource: unknown): resource is EventBridgeIntegration {
    return (resource as { __pulumiType?: string } | undefined)?.__pulumiType === TYPE;
  }

  /**
   * @param name the resource's name in the program, unique in the stack.
   * @param args what the integration is to be; checked in full when a preview or an update runs.
   * @param opts with `import`, the id of an existing integration, that one is imported as it is. Arguments that would
   *   change it fail the step and name the differences.
   */
  constructor(name: string, args: EventBridgeIntegrationArgs, opts?: pulumi.CustomResourceOptions);
  /** @internal Only for `get`. */
  constructor(
    name: string,
    args: EventBridgeIntegrationArgs | undefined,
    opts?: pulumi.CustomResourceOptions,
  );
  constructor(
    name: string,
    args: EventBridgeIntegrationArgs | undefined,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(DECLARED, name, args, opts);
  }
}
