/** `EventBridgeSource` as a subject. */
import { expect } from "vitest";
import { MINIMAL } from "../organisation.js";
import type { Fields, Subject } from "./subject.js";
import { WRONG_SOURCE } from "./wrong.js";

const FILTERS = [
  { name: "f", conditions: [{ field: "n", operator: "greater_than", value: 3 }], action: "drop" },
];
const TARGETS = [
  { targetId: "target-crm", priority: 2 },
  { targetId: "target-data-lake", priority: 1 },
];
/** Somewhere that nobody listens at. */
const NOWHERE = "http://127.0.0.1:9/a";

const toWords = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Keys as the API writes them, however deep. */
const inTheirWords = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inTheirWords);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [toWords(key), inTheirWords(each)]));
};

export const SOURCE: Subject = {
  resource: "EventBridgeSource",
  label: "EventBridge source",
  collection: "sources",
  idOutput: "sourceId",
  entry: "eventBridgeSource",
  readRight: "eventbridge:source:read",

  minimal: MINIMAL,
  defaults: {
    name: expect.stringMatching(/^vip-[0-9a-f]{7}$/),
    description: "Managed by Pulumi",
    sourceType: "eventbridge",
    eventTopicId: "topic-conversation-start",
    targets: [{ targetId: "target-crm", priority: 1 }],
    filters: [],
    status: "active",
    webhookUrl: null,
  },
  full: {
    args: {
      ...MINIMAL,
      targets: TARGETS,
      filters: [{ name: "vip", conditions: [{ field: "priority", operator: "equals", value: "high" }] }],
    },
    fields: {
      targets: TARGETS.toReversed(),
      filters: [
        {
          name: "vip",
          conditions: [{ field: "priority", operator: "equals", value: "high" }],
          action: "route",
        },
      ],
    },
  },
  reordered: { targets: TARGETS.toReversed() },
  text: { field: "description", initial: "Managed by Pulumi" },
  mutable: {
    name: "renamed",
    description: "for the CRM",
    targets: [{ targetId: "target-data-lake", priority: 1 }],
    filters: FILTERS,
    status: "inactive",
    webhookUrl: NOWHERE,
  },
  key: { field: "name", chosen: "chosen" },
  replacing: [
    { before: {}, after: { eventTopicId: "topic-conversation-end" } },
    { before: { name: "chosen" }, after: { name: "chosen", eventTopicId: "topic-conversation-end" } },
  ],
  secret: {
    path: "filters[0].conditions[0].value",
    value: "planted/value 1",
    args: (value) =>
      `filters: [{ name: "vip", conditions: [{ field: "f", operator: "equals", value: ${value} }] }]`,
  },
  wrong: WRONG_SOURCE,
  unknown: [
    `{
      eventTopicId: later("topic-conversation-start"),
      targets: [{ targetId: later("target-crm"), priority: later(2) }, { targetId: "target-siem", priority: 1 }],
      filters: [{ name: later("f"), conditions: [{ field: later("a"), operator: later("equals"), value: later(1) }], action: later("route") }],
      name: later("named-later"), description: later("d"), status: later("active"), sourceType: later("eventbridge"),
      webhookUrl: later("https://hooks.example.com"), onConflict: later("fail"), timeouts: { create: later("1m") },
    }`,
    `{ eventTopicId: "topic-conversation-end", targets: later([{ targetId: "target-crm" }]), filters: later([]), timeouts: later({}) }`,
    `{
      eventTopicId: later("topic-conversation-end"), targets: [later({ targetId: "target-crm" })],
      filters: [later({ name: "x", conditions: [{ field: "a", operator: "equals", value: true }] })],
    }`,
  ],
  known: {
    name: "named-later",
    targets: [
      { targetId: "target-siem", priority: 1 },
      { targetId: "target-crm", priority: 2 },
    ],
  },

  createCalls: [
    "GET /api/v2/eventbridge/topics 200",
    "GET /api/v2/eventbridge/targets 200",
    "POST /api/v2/eventbridge/sources 202",
    "GET /api/v2/asyncapi/jobs/… 200",
    "GET /api/v2/eventbridge/sources/… 200",
  ],
  post: { method: "POST", path: "/sources$" },
  read: { method: "GET", path: "/sources/" },
  poll: { method: "GET", path: "/asyncapi/jobs/" },
  last: { method: "PUT" },
  lastArgs: { status: "inactive" },
  cut: { method: "GET", path: "/asyncapi/jobs/" },
  refused: { fieldName: "targets[0].target_id", property: "targets[0].targetId" },
  late: /was not over after .*: its last status was (queued|running)/,
  failed: /is in the unknown status "paused"/,

  seen: ({ source_id, version, ...stored }) => ({
    id: String(source_id),
    version: Number(version),
    fields: {
      name: stored.name,
      description: stored.description,
      sourceType: stored.source_type,
      eventTopicId: stored.event_topic_id,
      targets: (stored.targets as Fields[]).map(({ target_id, priority }) => ({
        targetId: target_id,
        priority,
      })),
      filters: stored.filters,
      status: stored.status,
      webhookUrl: stored.webhook_url,
    },
  }),
  stored: (fields) => inTheirWords(fields) as Fields,
  toldAtNextAddress: ["update", "delete"],
  untold: {},
  fail: (organisation) => organisation.nextJob({ status: "paused" }),
  stall: (organisation) => organisation.settings({ jobDurationMs: 12_000 }),
  arrive: (organisation) => organisation.settings({ jobDurationMs: 50 }),
};
