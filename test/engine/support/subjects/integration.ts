/** `EventBridgeIntegration` as a subject. */
import { expect } from "vitest";
import type { Fields, Subject } from "./subject.js";
import { WRONG_INTEGRATION } from "./wrong.js";

const TOPICS = ["v2.users.{id}.presence", "v2.conversations.{id}.transcription"];
const MINIMAL = {
  awsAccountId: "012345678901",
  awsAccountRegion: "eu-central-1",
  eventFilter: ["v2.users.{id}.presence"],
};
const ID = "[0-9a-f-]{36}";
const ONE = `/integrations/${ID}`;

export const INTEGRATION: Subject = {
  resource: "EventBridgeIntegration",
  label: "EventBridge integration",
  collection: "integrations",
  idOutput: "integrationId",
  entry: "eventBridgeIntegration",
  readRight: "integrations:integration:view",

  minimal: MINIMAL,
  defaults: {
    ...MINIMAL,
    name: expect.stringMatching(/^vip-[0-9a-f]{7}$/),
    eventSourceSuffix: expect.stringMatching(/^vip-[0-9a-f]{7}$/),
    notes: "",
    enabled: true,
  },
  full: { args: { ...MINIMAL, eventFilter: TOPICS }, fields: { eventFilter: TOPICS.toSorted() } },
  reordered: { eventFilter: TOPICS.toReversed() },
  text: { field: "notes", initial: "" },
  mutable: {
    name: "renamed",
    notes: "for the data lake",
    eventFilter: ["v2.users.{id}.activity"],
    enabled: false,
  },
  key: { field: "eventSourceSuffix", chosen: "chosen.suffix" },
  replacing: [
    { before: { eventSourceSuffix: "old" }, after: { eventSourceSuffix: "new" } },
    ...[{ awsAccountRegion: "us-east-1" }, { awsAccountId: "109876543210" }].map((change, index) => ({
      before: { eventSourceSuffix: `kept-${index}` },
      after: { eventSourceSuffix: `kept-${index}`, ...change },
    })),
  ],
  secret: { path: "awsAccountId", value: "019283746501", args: (value) => `awsAccountId: ${value}` },
  wrong: WRONG_INTEGRATION,
  unknown: [
    `{
      awsAccountId: later("012345678901"), awsAccountRegion: later("eu-central-1"),
      eventFilter: [later("v2.users.{id}.presence"), "v2.users.{id}.activity"],
      eventSourceSuffix: later("suffix-of-later"), name: later("named-later"), notes: later("n"), enabled: later(true),
      webhookUrl: later("https://hooks.example.com"), onConflict: later("fail"), timeouts: { create: later("1m") },
    }`,
    `{ awsAccountId: "012345678901", awsAccountRegion: later("eu-central-1"), eventFilter: later(["v2.users.{id}.presence"]), timeouts: later({}) }`,
  ],
  known: { name: "named-later", eventFilter: ["v2.users.{id}.activity", "v2.users.{id}.presence"] },

  createCalls: [
    "GET /api/v2/notifications/availabletopics 200",
    "GET /api/v2/organizations/me 200",
    "POST /api/v2/integrations 200",
    "PUT /api/v2/integrations/…/config/current 200",
    "PATCH /api/v2/integrations/… 200",
  ],
  post: { method: "POST", path: "/integrations$" },
  read: { method: "GET", path: ONE },
  poll: { method: "GET", path: ONE },
  last: { method: "PATCH" },
  lastArgs: {},
  cut: { method: "PATCH" },
  refused: { fieldName: "properties.eventFilter", property: "eventFilter" },
  late: /is ACTIVATING and not ACTIVE in time\. Look whether the AWS account and its region are right|the step had to be over before the answer came/,
  failed: /is in ERROR: the account is not known to AWS/,

  seen: ({ id, intendedState, name, notes, config }) => {
    const { version, properties } = (config as { current: { version: number; properties: Fields } }).current;
    return {
      id: String(id),
      version,
      fields: { ...properties, name, notes, enabled: intendedState === "ENABLED" },
    };
  },
  stored: ({ name, notes, ...properties }) => ({
    ...(name === undefined ? {} : { name }),
    ...(notes === undefined ? {} : { notes }),
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
  }),
  toldAtNextAddress: ["delete"],
  untold: { advanced: { setBy: "somebody" } },
  fail: (organisation) =>
    organisation.nextState({ code: "ERROR", message: "the account is not known to AWS" }),
  stall: (organisation) => organisation.nextState({ code: "stuck" }),
  arrive: async (organisation) => {
    for (const { id } of await organisation.integrations())
      await organisation.change("integrations", String(id), { reportedState: { code: "ACTIVE" } });
  },
};
