/**
 * Genesys Cloud EventBridge sources, and integrations of that type, as Pulumi resources.
 *
 * @packageDocumentation
 */
export type { EventBridgeIntegrationArgs } from "./eventBridgeIntegration/args.js";
export { EventBridgeIntegration } from "./eventBridgeIntegration/resource.js";
export type {
  ConditionArgs,
  ConflictRule,
  DesiredStatus,
  EventBridgeSourceArgs,
  FilterArgs,
  Operator,
  TargetArgs,
  TimeoutsArgs,
} from "./eventBridgeSource/args.js";
export { EventBridgeSource } from "./eventBridgeSource/resource.js";
export type { GenesysCloudProviderArgs } from "./genesysCloudProvider/args.js";
export { GenesysCloudProvider } from "./genesysCloudProvider/resource.js";
export type {
  AvailableTopic,
  GetAvailableTopicsArgs,
  GetAvailableTopicsResult,
  GetEventBridgeTargetArgs,
  GetEventBridgeTargetResult,
  GetEventBridgeTopicArgs,
  GetEventBridgeTopicResult,
  LookUpOptions,
} from "./lookUps/args.js";
export {
  getAvailableTopics,
  getAvailableTopicsOutput,
  getEventBridgeTarget,
  getEventBridgeTargetOutput,
  getEventBridgeTopic,
  getEventBridgeTopicOutput,
} from "./lookUps/functions.js";
