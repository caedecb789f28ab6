/** What look-ups are asked and what they answer. Nothing here is loaded from elsewhere. */
import type { Input, Resource } from "@pulumi/pulumi";
import type { GenesysCloudProvider } from "../genesysCloudProvider/resource.js";

/** Which organisation is asked. Default: that of the stack's own settings. */
export interface LookUpOptions {
  /** The provider of the organisation. */
  provider?: GenesysCloudProvider | undefined;
  /** A component, or another resource, whose provider is taken where none is given. */
  parent?: Resource | undefined;
}

/** Which topic is meant: exactly one of the two. */
export interface GetEventBridgeTopicArgs {
  /** The exact name, which no other topic of the organisation has. Not secret: errors show it. */
  name?: string;
  /** The id. Not secret. */
  id?: string;
}

/** A topic of the organisation. */
export interface GetEventBridgeTopicResult {
  /** What `eventTopicId` of a source takes. */
  id: string;
  /** Empty where it has none. */
  name: string;
  /** Such as `active`; only an active topic sends events. */
  status: string;
  /** The type of its events, such as `v2.detail.events.conversation.{id}.acw`, where the platform tells it. */
  eventType?: string;
}

/** Which target is meant: exactly one of the two. */
export interface GetEventBridgeTargetArgs {
  /** The exact name, which no other target of the organisation has. Not secret: errors show it. */
  name?: string;
  /** The id. Not secret. */
  id?: string;
}

/** A target of the organisation. */
export interface GetEventBridgeTargetResult {
  /** What `targetId` of a source's target takes. */
  id: string;
  /** Empty where it has none. */
  name: string;
  /** Such as `active`; only an active target takes events. */
  status: string;
  /** The types of events that it takes. Absent: every type. */
  eventTypes?: string[];
}

/** Which topics of the platform are meant. */
export interface GetAvailableTopicsArgs {
  /** What carries their events: `EventBridge` (the default), `Websocket`, `ProcessAutomation`. */
  transport?: string;
  /**
   * A pattern of the shell for their ids: `*`, `?`, `[ab]`, `{a,b}`. `{id}` stands for itself. Default: every topic.
   * A topic that the platform adds later, and that matches, is a change of your program then.
   */
  matching?: string;
}

/** A topic of the platform. */
export interface AvailableTopic {
  /** Such as `v2.users.{id}.presence`. */
  id: string;
  /** `Public`, or `Preview` for one that may still change, where the platform tells it. */
  visibility?: string;
  /** What carries its events, where the platform tells it; `All` stands for everything. */
  transports?: string[];
}

/** The topics that were meant, in the order of their ids. At least one. */
export interface GetAvailableTopicsResult {
  /** What `eventFilter` of an integration takes. */
  ids: string[];
  topics: AvailableTopic[];
}

/** The same arguments, each of which can be the output of a resource. */
export type Inputs<Args> = { [Key in keyof Args]: Input<Exclude<Args[Key], undefined>> | undefined };
