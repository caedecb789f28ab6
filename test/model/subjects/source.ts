/** The kind `EventBridgeSource`, as the model knows it. */
import { inStates } from "../../../provider/src/stub.js";
import type { CommonSpec, StoredObject, Subject } from "./subject.js";

/** What a program says of one source. */
export interface SourceSpec extends CommonSpec {
  topic: number;
  /** Indices of targets, in order. */
  targets: number[];
  filters: number;
  status: "active" | "inactive" | "draft" | undefined;
  description: string | undefined;
}

export const TOPICS = ["topic-conversation-start", "topic-audits", "topic-vip 100%/priority"];
export const TARGETS = ["target-crm", "target-data-lake", "target-eu/central 1"];
const FILTERS = [
  undefined,
  [{ name: "vip", conditions: [{ field: "priority", operator: "equals", value: "high" }] }],
  [
    { name: "long", conditions: [{ field: "seconds", operator: "greater_than", value: 90 }] },
    { name: "vip", action: "drop", conditions: [{ field: "vip", operator: "equals", value: true }] },
  ],
] as const;

/** A source as the control plane shows it. */
interface WireSource {
  source_id: string;
  name: string;
  description: string;
  source_type: string;
  event_topic_id: string;
  filters: unknown[];
  targets: { target_id: string; priority: number }[];
  status: string;
  webhook_url: string | null;
  version: number;
}

const storedSource = (source: WireSource): StoredObject => ({
  kind: SOURCE.kind,
  id: source.source_id,
  key: source.name,
  name: source.name,
  version: source.version,
  stamp: String(source.version),
  fixed: TOPICS.indexOf(source.event_topic_id),
  fields: {
    name: source.name,
    description: source.description,
    sourceType: source.source_type,
    eventTopicId: source.event_topic_id,
    filters: source.filters,
    targets: source.targets.map(({ target_id, priority }) => ({ targetId: target_id, priority })),
    status: source.status,
    webhookUrl: source.webhook_url ?? undefined,
  },
});

export const SOURCE: Subject<SourceSpec> = {
  kind: "source",
  ...inStates("EventBridgeSource"),
  idOutput: "sourceId",
  keyField: "name",
  list: "/sources",
  args: ({ topic, targets, filters, status, description }) => ({
    eventTopicId: TOPICS[topic],
    targets: targets.map((target) => ({ targetId: TARGETS[target] })),
    filters: FILTERS[filters],
    status,
    description,
  }),
  asked: ({ topic, targets, filters, status, description }) => ({
    description: description ?? "Managed by Pulumi",
    sourceType: "eventbridge",
    eventTopicId: TOPICS[topic],
    filters: (FILTERS[filters] ?? []).map((filter) => ({ action: "route", ...filter })),
    targets: targets.map((target, index) => ({ targetId: TARGETS[target], priority: index + 1 })),
    status: status ?? "active",
  }),
  fixed: ({ topic }) => topic,
  objectsIn: ({ sources }) => (sources as WireSource[]).map(storedSource),
  stampIn: ({ version }) => String(version),
  backDoor: {
    path: "sources",
    added: (key, fixed) => ({ name: key, event_topic_id: TOPICS[fixed % TOPICS.length] }),
    changed: ({ name, fields }, change) =>
      ({
        nothing: {},
        description: { description: "by hand" },
        status: { status: fields.status === "active" ? "inactive" : "active" },
        targets: { targets: [{ target_id: TARGETS[1], priority: 1 }] },
        name: { name: `${name}-by-hand` },
      })[change],
  },
};
