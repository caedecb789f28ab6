import { EventBridgeSource } from "pulumi-genesyscloud-eventbridge";

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

export const vipSourceId = vip.sourceId;
export const archiveStatus = archive.status;
