/** The topics that the public API lists on the first day: those with evidence for EventBridge, and some that can't be used, or not yet. */
import type { AvailableTopic } from "./model.js";

const conversation = "v2.detail.events.conversation.{id}";
const conversationId = ["conversationId"];
const userId = ["userId"];
const queueId = ["queueId"];

/** The last part of a detail event's id, and the model of its event body. */
const detailEvents: [id: string, model: string][] = [
  ["acd.start", "AcdStartDetailEventTopicAcdStartEvent"],
  ["acd.end", "AcdEndDetailEventTopicAcdEndEvent"],
  ["customer.start", "CustomerStartDetailEventTopicCustomerStartEvent"],
  ["customer.end", "CustomerEndDetailEventTopicCustomerEndEvent"],
  ["user.start", "UserStartDetailEventTopicUserStartEvent"],
  ["user.end", "UserEndDetailEventTopicUserEndEvent"],
  ["flow.start", "FlowStartDetailEventTopicFlowStartEvent"],
  ["flow.end", "FlowEndDetailEventTopicFlowEndEvent"],
  ["voicemail.start", "VoicemailStartDetailEventTopicVoicemailStartEvent"],
  ["voicemail.end", "VoicemailEndDetailEventTopicVoicemailEndEvent"],
  ["acw", "AcwDetailEventTopicAfterCallWorkEvent"],
  ["attributes", "AttributeDetailEventTopicAttributeUpdateEvent"],
  ["outbound", "OutboundDetailEventTopicOutboundInitEvent"],
  ["flow.outcome", "FlowOutcomeDetailEventTopicFlowOutcomeEvent"],
  ["wrapup", "WrapupDetailEventTopicWrapupEvent"],
  ["contact", "ContactDetailEventTopicContactUpdateEvent"],
];

/** id, model of the event body, what stands in place of each `{id}`. */
const onAllTransports: [id: string, model: string, parameters: string[]][] = [
  ["v2.conversations.{id}.transcription", "TranscriptionTopicTranscriptionMessage", conversationId],
  ["v2.users.{id}.presence", "PresenceEventUserPresence", userId],
  ["v2.users.{id}.routingStatus", "UserRoutingStatusUserRoutingStatus", userId],
  ["v2.users.{id}.activity", "AgentActivityChangedTopicAgentActivity", userId],
  ["v2.audits.entitytype.{id}.entityid.{id}", "AuditTopicAuditLogMessage", ["entityType", "entityId"]],
  ["v2.analytics.flow.{id}.aggregates", "StatisticsNotification", ["flowId"]],
  ["v2.analytics.users.{id}.aggregates", "StatisticsNotification", userId],
  ["v2.architect.dependencytracking.build", "ArchitectDependencyTrackingBuildNotification", []],
  ["v2.routing.queues.{id}.users", "QueueUserEventTopicQueueMember", queueId],
  ["v2.analytics.queues.{id}.observations", "V2QueueObservationObservationCountNotification", queueId],
  [
    "v2.analytics.conversation.{id}.metrics",
    "ConversationMetricsTopicConversationMetricRecord",
    conversationId,
  ],
  [
    "v2.operations.events.{id}",
    "OperationalEventNotificationTopicOperationalEventNotification",
    ["eventDefinitionId"],
  ],
];

const overWebsocketOnly = ["v2.users.{id}.geolocation", "v2.users.{id}.badges.chats", "v2.users.{id}.tokens"];
const inPreview = ["v2.users.{id}.conversationsummary"];

/** All of them, in the order of their ids. */
export function seedTopics(): AvailableTopic[] {
  const topics = [
    ...detailEvents.map(([id, model]) =>
      topic(`${conversation}.${id}`, {
        transports: ["EventBridge", "ProcessAutomation"],
        topicParameters: [...conversationId],
        schema: { title: model },
      }),
    ),
    ...onAllTransports.map(([id, model, topicParameters]) =>
      topic(id, { topicParameters: [...topicParameters], schema: { title: model } }),
    ),
    ...overWebsocketOnly.map((id) => topic(id, { transports: ["Websocket"] })),
    ...inPreview.map((id) => topic(id, { visibility: "Preview" })),
  ];
  return topics.sort((one, other) => (one.id < other.id ? -1 : 1));
}

function topic(id: string, facts: Partial<AvailableTopic>): AvailableTopic {
  return {
    id,
    description: `Events of ${id}`,
    enforced: true,
    visibility: "Public",
    transports: ["All"],
    topicParameters: [...userId],
    requiresPermissions: [],
    permissionDetails: [],
    publicApiTemplateUriPaths: [],
    schema: {},
    ...facts,
  };
}
