/**
 * What a user writes. Nothing here is loaded from elsewhere: a program that only declares sources pays for
 * these types and constants and for no validator, and old compilers can read the declarations.
 */
import type { Input } from "@pulumi/pulumi";

/** Limits of a source, from the specification of the EventBridge API unless noted otherwise. */
export const LIMITS = {
  /** Filters of one source. */
  filters: 5,
  /** Conditions of one filter; at least one. */
  conditions: 10,
  /** Characters of a name; our assumption, the specification gives none. */
  nameLength: 256,
} as const;

/** How a condition compares. */
export const OPERATORS = ["equals", "contains", "greater_than"] as const;
/** How a condition compares: `greater_than` takes a number. */
export type Operator = (typeof OPERATORS)[number];

/** The states that can be asked for. */
export const DESIRED_STATUSES = ["active", "inactive", "draft"] as const;
/** The state that a source is to be in. */
export type DesiredStatus = (typeof DESIRED_STATUSES)[number];

/** What to do when a source of that name exists already. */
export const CONFLICT_RULES = ["fail", "adopt"] as const;
/** What to do when a source of that name exists already. */
export type ConflictRule = (typeof CONFLICT_RULES)[number];

/** The only source type there is. */
export const SOURCE_TYPE = "eventbridge";

/** What is used where a program says nothing. */
export const DEFAULTS = {
  description: "Managed by Pulumi",
  sourceType: SOURCE_TYPE,
  status: "active",
  action: "route",
  onConflict: "fail",
  timeouts: { create: "10m", update: "10m", delete: "10m" },
} as const;

/** One comparison of a filter. */
export interface ConditionArgs {
  /** The field of the event that is compared, such as `priority`. Not empty. */
  field: Input<string>;
  /** `equals`, `contains` or `greater_than`. */
  operator: Input<Operator>;
  /**
   * What it is compared with: a string, number or boolean; a number for `greater_than`. A number is at most 2^53 - 1,
   * `Number.MAX_SAFE_INTEGER`, either way: beyond it JavaScript cannot tell one from the next. Write that as a string.
   */
  value: Input<string | number | boolean>;
}

/** Which events pass: those that meet all its conditions. */
export interface FilterArgs {
  /** Distinct within the source, not empty. */
  name: Input<string>;
  /** 1 to 10; their order is kept. */
  conditions: Input<Input<ConditionArgs>[]>;
  /** What happens to an event that passes. Default `"route"`; other values are handed to the API as they are. */
  action?: Input<string>;
}

/** Where events go. */
export interface TargetArgs {
  /** The id of an active target that accepts the topic's events. Distinct within the source. */
  targetId: Input<string>;
  /**
   * 1 is served first. Default: the position in the list, beginning with 1. Give every target one or none, unless it is
   * the position; together they must be the integers from 1 to the number of targets.
   */
  priority?: Input<number>;
}

/** How long a step may take, polling and retries included. Written `90s`, `10m`, `1h30m`, `1d`; 24 hours at most. */
export interface TimeoutsArgs {
  /** Default `"10m"`. A source still in the making then is kept in state, and the next `up` goes on with it. */
  create?: Input<string>;
  /** Default `"10m"`. */
  update?: Input<string>;
  /** Default `"10m"`. */
  delete?: Input<string>;
}

/** The arguments of an `EventBridgeSource`. */
export interface EventBridgeSourceArgs {
  /** The topic whose events are sent; it must exist and be active. Changing it replaces the source. */
  eventTopicId: Input<string>;
  /** One target at least, each existing, active and compatible with the topic. */
  targets: Input<Input<TargetArgs>[]>;
  /** At most 5; left out or removed, every event passes. Their order is kept. */
  filters?: Input<Input<FilterArgs>[]>;
  /**
   * 1 to 256 characters, unique in the organisation. Default: the resource's name, a hyphen and 7 hex digits
   * derived from its URN, so that a rerun after a crash asks for the same name and a replacement for another.
   */
  name?: Input<string>;
  /** Default `"Managed by Pulumi"`, also when it is removed from the program. */
  description?: Input<string>;
  /** `"eventbridge"`, the default and only value. Changing it replaces the source. */
  sourceType?: Input<string>;
  /** The state it is to be in: `"active"` (default), `"inactive"` or `"draft"`. */
  status?: Input<DesiredStatus>;
  /**
   * Where notices of the source go: an http or https address, always treated as a secret.
   * Default: `genesyscloud:webhookUrl` of the stack's configuration, or `EXTERNAL_WEBHOOK_URL`.
   */
  webhookUrl?: Input<string>;
  /**
   * When a source of that name exists already: `"fail"` (default) names its id; `"adopt"` has the program
   * manage it, and brings it to what is asked for.
   */
  onConflict?: Input<ConflictRule>;
  /** How long each step may take. */
  timeouts?: Input<TimeoutsArgs>;
}
