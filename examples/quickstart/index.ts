import { EventBridgeIntegration, EventBridgeSource } from "pulumi-genesyscloud-eventbridge";

// The simulated organisation has both APIs. Of a real one the README says which it has: keep the resources of that API.

// Presence and transcripts go to an account in AWS, as a partner event source.
const voice = new EventBridgeIntegration("voice", {
  awsAccountId: "012345678901",
  awsAccountRegion: "eu-central-1",
  eventFilter: ["v2.users.{id}.presence", "v2.conversations.{id}.transcription"],
});

const topic = "topic-conversation-start";

// Conversations of important customers go to the CRM first, then to the data lake.
const vip = new EventBridgeSource("vip-conversations", {
  eventTopicId: topic,
  targets: [{ targetId: "target-crm" }, { targetId: "target-data-lake" }],
  filters: [{ name: "vip", conditions: [{ field: "priority", operator: "equals", value: "high" }] }],
});

// Every conversation is kept.
const archive = new EventBridgeSource("conversation-archive", {
  eventTopicId: topic,
  targets: [{ targetId: "target-archive" }],
  description: "Every conversation, for the archive",
});

export const partnerEventSource = voice.partnerEventSourceName;
export const vipSourceId = vip.sourceId;
export const archiveStatus = archive.status;
