/** What an organisation has on its first day. */
import type { State, Target, Topic } from "./model.js";
import { type FirstDay, seedPublicApi } from "./publicApi/seed.js";

const conversation = "v2.detail.events.conversation.{id}";

/** id without prefix, event type, status where it isn't active. */
const topics: [id: string, eventType: string, status?: string][] = [
  ["conversation-start", `${conversation}.customer.start`],
  ["conversation-end", `${conversation}.customer.end`],
  ["conversation-acw", `${conversation}.acw`],
  ["conversation-agent-start", `${conversation}.agent.start`],
  ["conversation-agent-end", `${conversation}.agent.end`],
  ["conversation-attributes", `${conversation}.attributes`],
  ["conversation-callback", `${conversation}.user.callback`],
  ["conversation-contact-start", `${conversation}.contact.start`],
  ["conversation-contact-end", `${conversation}.contact.end`],
  ["conversation-flow-start", `${conversation}.flow.start`],
  ["conversation-flow-end", `${conversation}.flow.end`],
  ["conversation-ivr-start", `${conversation}.ivr.start`],
  ["conversation-ivr-end", `${conversation}.ivr.end`],
  ["conversation-outbound", `${conversation}.outbound`],
  ["conversation-queue-start", `${conversation}.queue.start`],
  ["conversation-queue-end", `${conversation}.queue.end`],
  ["conversation-transfer", `${conversation}.transfer`],
  ["conversation-voicemail-start", `${conversation}.voicemail.start`],
  ["conversation-voicemail-end", `${conversation}.voicemail.end`],
  ["conversation-wrapup", `${conversation}.wrapup`],
  ["operational-events", "v2.operational.events.all"],
  ["audits", "v2.audits.entitytype.{id}.entityid.{id}"],
  ["flow-outcome", "v2.detail.events.flow.{id}.outcome"],
  ["routing-queue-members", "v2.routing.queues.{id}.users"],
  ["user-presence", "v2.users.{id}.presence"],
  ["user-routing-status", "v2.users.{id}.routingStatus"],
  ["user-station", "v2.users.{id}.station", "inactive"],
  ["outbound-campaign", "v2.outbound.campaigns.{id}"],
  ["outbound-contact-list", "v2.outbound.contactlists.{id}", "inactive"],
  ["quality-evaluation", "v2.quality.evaluations"],
  // Its id needs URL-encoding in every way that goes wrong.
  ["vip 100%/priority", `${conversation}.customer.vip`],
];

/** id without prefix, status where it isn't active, event types where it doesn't take all. */
const targets: [id: string, status?: string, eventTypes?: string[]][] = [
  ["crm"],
  ["data-lake"],
  ["analytics"],
  ["billing"],
  ["ticketing"],
  ["fraud-detection"],
  ["marketing"],
  ["notifications"],
  ["loyalty"],
  ["reporting"],
  ["archive"],
  ["compliance"],
  ["siem"],
  ["search-index"],
  ["speech-analytics"],
  ["customer-360"],
  ["chatops"],
  ["order-management"],
  ["knowledge-base"],
  ["survey"],
  ["sandbox-bus"],
  ["disaster-recovery"],
  ["legacy-erp", "inactive"],
  ["retired-warehouse", "inactive"],
  ["queue-monitor", "active", [`${conversation}.queue.start`, `${conversation}.queue.end`]],
  ["conversation-journal", "active", [`${conversation}.customer.start`, `${conversation}.customer.end`]],
  ["workforce", "active", ["v2.users.{id}.presence", "v2.users.{id}.routingStatus"]],
  ["dialer", "active", ["v2.outbound.campaigns.{id}", `${conversation}.outbound`]],
  ["audit-vault", "active", ["v2.audits.entitytype.{id}.entityid.{id}"]],
  ["voicemail-transcripts", "inactive", [`${conversation}.voicemail.end`]],
  ["eu/central 1"],
];

/** The organisation as it is on the first day. */
export function seed(firstDay: FirstDay): State {
  return {
    topics: topics.map(
      ([id, event_type, status = "active"]): Topic => ({
        topic_id: `topic-${id}`,
        name: readable(id),
        status,
        event_type,
      }),
    ),
    targets: targets.map(
      ([id, status = "active", event_types]): Target => ({
        target_id: `target-${id}`,
        name: readable(id),
        status,
        ...(event_types && { event_types: [...event_types] }),
      }),
    ),
    sources: [],
    jobs: [],
    tokens: [],
    ...seedPublicApi(firstDay),
  };
}

function readable(id: string): string {
  const words = id.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
