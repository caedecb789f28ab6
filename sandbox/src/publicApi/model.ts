/** The objects of the public API, as the organisation keeps them. Times ending in `_at` are epoch milliseconds and never leave the server. */

export interface Organization {
  id: string;
  name: string;
}

/** The configuration of an integration; `version` counts its PUTs. */
export interface Configuration {
  name: string;
  version: number;
  properties: Record<string, unknown>;
  advanced: Record<string, unknown>;
  notes: string;
  credentials: Record<string, unknown>;
}

export interface Integration {
  id: string;
  /** The id of its type. */
  type: string;
  intendedState: string;
  reportedState: { code: string; message: string; lastUpdated: string };
  config: Configuration;
}

interface Stale<Part> {
  before: Part;
  readsLeft: number;
}

/** Where the reported state is on its way to. */
export interface StateChange {
  /** The code it ends with, and what is said about it. */
  code: string;
  message: string;
  /** Null: never. */
  ends_at: number | null;
  /** GETs that still have to show it under way. */
  readsLeft: number;
}

/** An integration with what eventual consistency needs to know; a deleted one stays until no list or read may still show it. */
export interface StoredIntegration {
  integration: Integration;
  made_at: number;
  deleted_at?: number;
  change?: StateChange;
  /** GETs that still have to answer 404 after the POST. */
  unseenReads: number;
  /** GETs that still have to show what was there before a PUT, or a PATCH. */
  staleConfig?: Stale<Configuration>;
  staleState?: Stale<Pick<Integration, "intendedState" | "reportedState">>;
  /** GETs that still have to answer 200 after the DELETE. */
  deletedReads: number;
}

/** A type of integrations, as the API writes it. */
export interface IntegrationType {
  id: string;
  name: string;
  description?: string;
  vendorName?: string;
  nonInstallable?: boolean;
  /** How many of it an organisation may have; absent: any number. */
  maxInstances?: number;
}

/** A topic, as the API writes it when every field is expanded. */
export interface AvailableTopic {
  id: string;
  description?: string;
  visibility?: string;
  transports?: string[];
  topicParameters?: string[];
  requiresPermissions?: string[];
  [field: string]: unknown;
}

/** The type that this package is about; only its configuration is checked. */
export const eventBridgeType = "amazon-eventbridge-source";
