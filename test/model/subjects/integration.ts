/** The kind `EventBridgeIntegration`, as the model knows it. */
import { inStates } from "../../../provider/src/stub.js";
import type { Properties } from "../support/providerProcess.js";
import type { CommonSpec, StoredObject, Subject } from "./subject.js";

/** What a program says of one integration. */
export interface IntegrationSpec extends CommonSpec {
  /** Account and region: what no update can change, beside the suffix. */
  place: number;
  /** Indices of topics, in order. */
  topics: number[];
  /** Names need not differ: every program gives the same. */
  isNamed: boolean;
  notes: string | undefined;
  enabled: boolean | undefined;
}

export const PLACES = [
  { awsAccountId: "012345678901", awsAccountRegion: "eu-central-1" },
  { awsAccountId: "012345678901", awsAccountRegion: "us-east-1" },
  { awsAccountId: "210987654321", awsAccountRegion: "eu-central-1" },
];
export const EVENTS = [
  "v2.users.{id}.presence",
  "v2.conversations.{id}.transcription",
  "v2.detail.events.conversation.{id}.acd.start",
];
const NAME = "events for the lake";
const TYPE_ID = "amazon-eventbridge-source";

/** An integration as the control plane shows it. */
interface WireIntegration {
  id: string;
  integrationType: { id: string };
  intendedState: string;
  config: { current: { name: string; notes: string; version: number; properties: Properties } };
}

function storedIntegration({ id, intendedState, config }: WireIntegration): StoredObject {
  const { name, notes, version, properties } = config.current;
  const { awsAccountId = "", awsAccountRegion = "", eventSourceSuffix = "", eventFilter = [] } = properties;
  return {
    kind: INTEGRATION.kind,
    id,
    key: String(eventSourceSuffix),
    name,
    version,
    stamp: `${version} ${intendedState}`,
    fixed: PLACES.findIndex(
      (place) => place.awsAccountId === awsAccountId && place.awsAccountRegion === awsAccountRegion,
    ),
    fields: {
      name,
      notes,
      awsAccountId,
      awsAccountRegion,
      eventSourceSuffix,
      eventFilter: (eventFilter as string[]).toSorted(),
      enabled: intendedState === "ENABLED",
    },
  };
}

/** The properties that a PUT would have to bear. */
const propertiesIn = ({
  awsAccountId,
  awsAccountRegion,
  eventSourceSuffix,
  eventFilter,
}: Properties): Properties =>
  // What was posted and not configured has none.
  eventSourceSuffix === "" ? {} : { awsAccountId, awsAccountRegion, eventSourceSuffix, eventFilter };

export const INTEGRATION: Subject<IntegrationSpec> = {
  kind: "integration",
  ...inStates("EventBridgeIntegration"),
  idOutput: "integrationId",
  keyField: "eventSourceSuffix",
  list: "/integrations",
  args: ({ place, topics, isNamed, notes, enabled }) => ({
    ...PLACES[place],
    eventFilter: topics.map((topic) => EVENTS[topic]),
    name: isNamed ? NAME : undefined,
    notes,
    enabled,
  }),
  asked: ({ place, topics, isNamed, notes, enabled }) => ({
    ...PLACES[place],
    eventFilter: topics.map((topic) => EVENTS[topic]).toSorted(),
    ...(isNamed ? { name: NAME } : {}),
    notes: notes ?? "",
    enabled: enabled ?? true,
  }),
  fixed: ({ place }) => place,
  objectsIn: ({ integrations }) =>
    (integrations as WireIntegration[])
      .filter(({ integrationType }) => integrationType.id === TYPE_ID)
      .map(storedIntegration),
  stampIn: ({ version, intendedState }) => `${version} ${intendedState}`,
  backDoor: {
    path: "integrations",
    added: (key, fixed) => ({
      name: NAME,
      properties: { ...PLACES[fixed % PLACES.length], eventSourceSuffix: key, eventFilter: [EVENTS[0]] },
    }),
    changed: ({ name, key, fields }, change) =>
      ({
        nothing: { notes: fields.notes },
        description: { notes: "by hand" },
        status: { intendedState: fields.enabled ? "DISABLED" : "ENABLED" },
        targets: { properties: { ...propertiesIn(fields), eventFilter: [EVENTS[1]] } },
        name: {
          name: `${name}-by-hand`,
          properties: propertiesIn({ ...fields, eventSourceSuffix: key && `${key}-by-hand` }),
        },
      })[change],
  },
};
