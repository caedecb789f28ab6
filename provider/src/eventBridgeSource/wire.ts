import type { Operator } from "./args.js";
import type { SourceFields, SourceOutputs } from "./model.js";

/** A source's fields as the API wants them, in snake_case. */
export interface WireBody {
  name: string;
  description: string;
  source_type: string;
  event_topic_id: string;
  filters: {
    name: string;
    conditions: { field: string; operator: string; value: string | number | boolean }[];
    action: string;
  }[];
  targets: { target_id: string; priority: number }[];
  status: string;
  webhook_url: string | null;
}

/** A source as the API answers it. Whatever an answer leaves out reads as empty. */
export interface WireSource extends Partial<WireBody> {
  source_id?: string;
  version?: number;
  date_created?: string;
  date_modified?: string;
  self_uri?: string;
}

/** The body of POST and PUT. */
export function toWire(fields: SourceFields): WireBody {
  return {
    name: fields.name,
    description: fields.description,
    source_type: fields.sourceType,
    event_topic_id: fields.eventTopicId,
    filters: fields.filters.map(({ name, conditions, action }) => ({
      name,
      conditions: conditions.map(({ field, operator, value }) => ({ field, operator, value })),
      action,
    })),
    targets: fields.targets.map(({ targetId, priority }) => ({ target_id: targetId, priority })),
    status: fields.status,
    webhook_url: fields.webhookUrl ?? null,
  };
}

/**
 * A source's fields in the program's words.
 *
 * @param known the webhook address that we know of: an API that keeps it to itself leaves the key out of its
 *   answers, which does not mean that there is none.
 */
export function fieldsFromWire(source: WireSource, known: { webhookUrl?: string } = {}): SourceFields {
  const webhookUrl = source.webhook_url === undefined ? known.webhookUrl : (source.webhook_url ?? undefined);
  return {
    name: source.name ?? "",
    description: source.description ?? "",
    sourceType: source.source_type ?? "",
    eventTopicId: source.event_topic_id ?? "",
    filters: (source.filters ?? []).map(({ name, conditions, action }) => ({
      name,
      conditions: (conditions ?? []).map(({ field, operator, value }) => ({
        field,
        operator: operator as Operator,
        value,
      })),
      action,
    })),
    targets: (source.targets ?? [])
      .map(({ target_id, priority }) => ({ targetId: target_id, priority }))
      .toSorted((a, b) => a.priority - b.priority),
    status: source.status ?? "",
    ...(webhookUrl === undefined ? {} : { webhookUrl }),
  };
}

/** What only the API knows of a source. */
export function outputsFromWire(source: WireSource): SourceOutputs {
  const outputs: SourceOutputs = {
    sourceId: source.source_id,
    version: source.version,
    dateCreated: source.date_created,
    dateModified: source.date_modified,
    selfUri: source.self_uri,
  };
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== undefined));
}
