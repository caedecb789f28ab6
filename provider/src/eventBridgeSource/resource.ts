/** `EventBridgeSource`, as programs use it. */
import type * as pulumi from "@pulumi/pulumi";
import { type Declared, ManagedResource } from "../managedResource.js";
import { inStates } from "../stub.js";
import type { EventBridgeSourceArgs, FilterArgs, TargetArgs } from "./args.js";

const DECLARED: Declared = {
  className: "EventBridgeSource",
  needs: "eventTopicId and targets",
  outputs: [
    "eventTopicId",
    "targets",
    "filters",
    "name",
    "description",
    "sourceType",
    "status",
    "webhookUrl",
    "sourceId",
    "version",
    "jobId",
    "latencySeconds",
    "retryCount",
    "auditHead",
    "dateCreated",
    "dateModified",
    "selfUri",
  ],
};

const { type: TYPE } = inStates(DECLARED.className);

/**
 * A Genesys Cloud EventBridge source: it sends the events of a topic, filtered, to one or more targets.
 *
 * Needs an OAuth client (client credentials) with the scopes `eventbridge:source:write`,
 * `eventbridge:source:read`, `eventbridge:topic:read`, `eventbridge:target:read` and `asyncapi:job:read`, and
 * the role `EventBridge Administrator` or `EventBridge Source Manager`.
 *
 * ```ts
 * const source = new EventBridgeSource("vip-conversations", {
 *   eventTopicId: "topic-conversation-start",
 *   targets: [{ targetId: "target-crm" }],
 *   filters: [{ name: "vip", conditions: [{ field: "priority", operator: "equals", value: "high" }] }],
 * });
 * ```
 */
export class EventBridgeSource extends ManagedResource {
  /** @internal */
  public static readonly __pulumiType: string = TYPE;

  /** The topic whose events are sent. */
  declare public readonly eventTopicId: pulumi.Output<string>;
  /** Where events go, in order of priority, every priority filled in. */
  declare public readonly targets: pulumi.Output<pulumi.Unwrap<TargetArgs>[]>;
  /** Which events pass, every action filled in. */
  declare public readonly filters: pulumi.Output<pulumi.Unwrap<FilterArgs>[]>;
  /** The name in the organisation. */
  declare public readonly name: pulumi.Output<string>;
  declare public readonly description: pulumi.Output<string>;
  declare public readonly sourceType: pulumi.Output<string>;
  /** The status that the API reported last: `active`, `inactive` or `draft`. */
  declare public readonly status: pulumi.Output<string>;
  /** Secret. Absent where it is left to the configuration: the state does not bear that address. */
  declare public readonly webhookUrl: pulumi.Output<string | undefined>;
  /** The source's id in Genesys Cloud. */
  declare public readonly sourceId: pulumi.Output<string>;
  /** The version of the source; every change raises it. */
  declare public readonly version: pulumi.Output<number>;
  /** The job that made the source; absent when the API made it at once. */
  declare public readonly jobId: pulumi.Output<string | undefined>;
  /** Seconds that the last create or update took. */
  declare public readonly latencySeconds: pulumi.Output<number>;
  /** Requests that the last create or update had to repeat. */
  declare public readonly retryCount: pulumi.Output<number>;
  /**
   * The end of the audit log after the last create or update: the number of its record, a colon and its hash. With it
   * `genesyscloud-eventbridge audit verify --head` tells whether the log was written anew since. Absent without a log.
   */
  declare public readonly auditHead: pulumi.Output<string | undefined>;
  /** ISO 8601. */
  declare public readonly dateCreated: pulumi.Output<string>;
  /** ISO 8601. */
  declare public readonly dateModified: pulumi.Output<string>;
  /** The source's path in the API. */
  declare public readonly selfUri: pulumi.Output<string>;

  /**
   * An existing source, read only: it is neither changed nor deleted with the stack.
   *
   * @param id the source's id in Genesys Cloud. An id that does not exist fails the run.
   */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): EventBridgeSource {
    return new EventBridgeSource(name, undefined, { ...opts, id });
  }

  /** Whether this is an `EventBridgeSource`, also one that another copy of this package made. */
  public static override isInstance(resource: unknown): resource is EventBridgeSource {
    return (resource as { __pulumiType?: string } | undefined)?.__pulumiType === TYPE;
  }

  /**
   * @param name the resource's name in the program, unique in the stack.
   * @param args what the source is to be; checked in full when a preview or an update runs.
   * @param opts with `import`, the id of an existing source, that source is imported as it is. Arguments that would
   *   change it fail the step and name the differences. Once it is in the stack, the option makes no difference.
   */
  constructor(name: string, args: EventBridgeSourceArgs, opts?: pulumi.CustomResourceOptions);
  /** @internal Only for `get`. */
  constructor(name: string, args: EventBridgeSourceArgs | undefined, opts?: pulumi.CustomResourceOptions);
  constructor(name: string, args: EventBridgeSourceArgs | undefined, opts?: pulumi.CustomResourceOptions) {
    super(DECLARED, name, args, opts);
  }
}
