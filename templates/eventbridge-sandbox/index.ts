import {
  EventBridgeIntegration,
  EventBridgeSource,
  getEventBridgeTargetOutput,
  getEventBridgeTopicOutput,
} from "pulumi-genesyscloud-eventbridge";

// Presence goes to an account in AWS, as a partner event source.
const presence = new EventBridgeIntegration("presence", {
  awsAccountId: "012345678901",
  awsAccountRegion: "eu-central-1",
  eventFilter: ["v2.users.{id}.presence"],
});

// Conversations of important customers go to a target of the organisation. Mistype the operator, and preview.
const vip = new EventBridgeSource("vip-conversations", {
  eventTopicId: getEventBridgeTopicOutput({ name: "Conversation start" }).id,
  targets: [{ targetId: getEventBridgeTargetOutput({ name: "Crm" }).id }],
  filters: [{ name: "vip", conditions: [{ field: "priority", operator: "equals", value: "high" }] }],
});

export const partnerEventSource = presence.partnerEventSourceName;
export const sourceId = vip.sourceId;
export const status = vip.status;
