import * as pulumi from "@pulumi/pulumi";
import {
  EVENT_BRIDGE_SOURCE_STUB,
  IMPORT_KEY,
  ORGANIZATION_KEY,
  STUB_KEY,
  EVENT_BRIDGE_SOURCE_TYPE as TYPE,
} from "../stub.js";
import type { EventBridgeSourceArgs, FilterArgs, TargetArgs } from "./args.js";

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
export class EventBridgeSource extends pulumi.CustomResource {
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
   * @param opts with `import`, the id of an existing source, that source is taken over as it is. Arguments that would
   *   change it fail the step and name the differences. Once it is in the stack, the option makes no difference.
   */
  constructor(name: string, args: EventBridgeSourceArgs, opts?: pulumi.CustomResourceOptions);
  /** @internal Only for `get`. */
  constructor(name: string, args: EventBridgeSourceArgs | undefined, opts?: pulumi.CustomResourceOptions);
  constructor(
    name: string,
    args: EventBridgeSourceArgs | undefined,
    { import: importId, ...opts }: pulumi.CustomResourceOptions = {},
  ) {
    if (args === undefined && opts.id === undefined)
      throw new Error(`EventBridgeSource "${name}" needs arguments: eventTopicId and targets at least`);
    const props: Record<string, unknown> = {};
    for (const output of OUTPUTS) props[output] = undefined;
    Object.assign(props, args, { [STUB_KEY]: EVENT_BRIDGE_SOURCE_STUB });
    if (args !== undefined) {
      if (args.webhookUrl !== undefined) props.webhookUrl = pulumi.secret(args.webhookUrl);
      // Names the resource to the provider, which is not told: for the automatic name and for its log lines.
      props.__urn = pulumi.createUrn(name, TYPE, opts.parent);
      props[ORGANIZATION_KEY] = organization();
      // The engine would import without the code that can read a source: the provider does it instead, in its create.
      if (importId) props[IMPORT_KEY] = importId;
    }
    // What is left to the configuration is there under another name.
    const ignoreChanges = opts.ignoreChanges?.includes("webhookUrl")
      ? { ignoreChanges: ["__defaultWebhook"] }
      : {};
    super(
      TYPE,
      name,
      props,
      pulumi.mergeOptions(opts, { additionalSecretOutputs: ["webhookUrl"], ...ignoreChanges }),
    );
  }
}

/** The organisation of Pulumi's that the stack is in; `undefined` where the engine does not tell. */
function organization(): string | undefined {
  try {
    return pulumi.getOrganization();
  } catch {
    return undefined;
  }
}

/** Everything that can be read from a source; the engine fills in only what is declared. */
const OUTPUTS = [
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
];
