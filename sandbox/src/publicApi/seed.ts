/** The part of the organisation's first day that the public API shows. */
import { seedTopics } from "./availableTopics.js";
import type {
  AvailableTopic,
  Integration,
  IntegrationType,
  Organization,
  StoredIntegration,
} from "./model.js";
import { eventBridgeType } from "./model.js";

/** What the public API has of the organisation's state. */
export interface PublicState {
  organization: Organization;
  integrations: StoredIntegration[];
  integrationTypes: IntegrationType[];
  availableTopics: AvailableTopic[];
}

/** What the first day of an organisation may differ in. */
export interface FirstDay {
  /** The organisation's id, which is a part of the name of every partner event source. */
  organizationId?: string;
  /** Whether it begins with a few integrations, two of them EventBridge sources. Default: with none. */
  exampleIntegrations?: boolean;
}

export function seedPublicApi({ organizationId, exampleIntegrations = false }: FirstDay): PublicState {
  return {
    organization: { id: organizationId ?? "5a1dbe4c-6a1f-4f3e-9c2b-0d1e2f3a4b5c", name: "Sandbox" },
    integrations: exampleIntegrations ? examples.map(stored) : [],
    integrationTypes: [
      type(
        eventBridgeType,
        "Amazon EventBridge Source",
        "Sends the organisation's events to Amazon EventBridge",
      ),
      type("webhook", "Webhook", "Takes notifications of other systems"),
      type("embedded-client-app", "Client Application", "Shows a web page in the agent's desktop"),
    ],
    availableTopics: seedTopics(),
  };
}

function type(id: string, name: string, description: string): IntegrationType {
  return { id, name, description, vendorName: "Genesys", nonInstallable: false };
}

const aws = { awsAccountId: "012345678901", awsAccountRegion: "eu-central-1" };

const examples: [id: string, type: string, name: string, properties: object][] = [
  [
    "0b9f3c52-4f0e-4c5e-8a3d-3f1a7c1e9a01",
    eventBridgeType,
    "Conversation details",
    {
      ...aws,
      eventSourceSuffix: "conversation-details",
      eventFilter: [
        "v2.detail.events.conversation.{id}.customer.start",
        "v2.detail.events.conversation.{id}.customer.end",
      ],
    },
  ],
  [
    "0b9f3c52-4f0e-4c5e-8a3d-3f1a7c1e9a02",
    eventBridgeType,
    "Audits",
    { ...aws, eventSourceSuffix: "audits", eventFilter: ["v2.audits.entitytype.{id}.entityid.{id}"] },
  ],
  ["0b9f3c52-4f0e-4c5e-8a3d-3f1a7c1e9a03", "webhook", "Incident notifications", {}],
  [
    "0b9f3c52-4f0e-4c5e-8a3d-3f1a7c1e9a04",
    "embedded-client-app",
    "CRM",
    { url: "https://crm.example.com", displayType: "standalone" },
  ],
];

function stored([id, typeId, name, properties]: (typeof examples)[number]): StoredIntegration {
  return unlagged({
    id,
    type: typeId,
    intendedState: "ENABLED",
    reportedState: { code: "ACTIVE", message: "", lastUpdated: "2026-01-01T00:00:00.000Z" },
    config: { ...emptyConfiguration(name), version: 2, properties: { ...properties } },
  });
}

/** The configuration of an integration that was made a moment ago. */
export function emptyConfiguration(name: string): Integration["config"] {
  return { name, version: 1, properties: {}, advanced: {}, notes: "", credentials: {} };
}

/** An integration that every read and list shows at once. */
export function unlagged(integration: Integration): StoredIntegration {
  return { integration, made_at: 0, unseenReads: 0, deletedReads: 0 };
}
