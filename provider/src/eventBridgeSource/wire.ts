/** A source as the API writes it, and as the program does. */
import { z } from "zod";
import { aList, aNumber, anId, aText, aValue, inShape } from "../genesys/body.js";
import type { RequestName } from "../genesys/errors.js";
import type { Observed } from "../lifecycle/kindApi.js";
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

const SHAPE = z.object({
  source_id: anId,
  name: aText,
  description: aText,
  source_type: aText,
  event_topic_id: anId,
  filters: aList(
    z.object({
      name: aText,
      conditions: aList(z.object({ field: aText, operator: aText, value: aValue })),
      action: aText,
    }),
  ),
  targets: aList(z.object({ target_id: anId, priority: aNumber })),
  status: aText,
  // null says that there is none, leaving it out that it is not shown.
  webhook_url: z.string().nullish(),
  version: aNumber,
  date_created: aText,
  date_modified: aText,
  self_uri: aText,
});

/**
 * A source in the body of an answer.
 *
 * @throws GenesysError `answer.malformed`, naming what of it cannot be understood.
 */
export function sourceIn(body: unknown, request: RequestName): WireSource {
  const source = inShape(SHAPE, body, request);
  return Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined)) as WireSource;
}

/**
 * The body of POST and PUT: the fields that the contract names, whole, and no others. What an answer bears besides is the
 * platform's own, such as dates and links, or is not known to be taken in a PUT: it is not sent back.
 */
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

/** A source in the program's words. An API that keeps the webhook address to itself leaves its key out. */
export function observedFrom(source: WireSource): Observed {
  const madeAt = Date.parse(source.date_created ?? "");
  return {
    ...(source.source_id === undefined ? {} : { id: source.source_id }),
    fields: fieldsFromWire(source),
    unshown: source.webhook_url === undefined ? ["webhookUrl"] : [],
    ...(source.version === undefined ? {} : { version: source.version }),
    ...(Number.isNaN(madeAt) ? {} : { madeAt }),
    outputs: outputsFromWire(source),
  };
}

function fieldsFromWire(source: WireSource): SourceFields {
  const webhookUrl = source.webhook_url ?? undefined;
  return {
    name: source.name ?? "",
    description: source.description ?? "",
    sourceType: source.source_type ?? "",
    eventTopicId: source.event_topic_id ?? "",
    filters: (source.filters ?? []).map(({ name, conditions, action }) => ({
      name: name ?? "",
      conditions: (conditions ?? []).map(({ field, operator, value }) => ({
        field: field ?? "",
        operator: (operator ?? "") as Operator,
        value,
      })),
      action,
    })),
    // As in a program, the position counts where no priority is given.
    targets: (source.targets ?? [])
      .map(({ target_id, priority }, index) => ({
        targetId: target_id ?? "",
        priority: priority ?? index + 1,
      }))
      .toSorted((a, b) => a.priority - b.priority),
    status: source.status ?? "",
    ...(webhookUrl === undefined ? {} : { webhookUrl }),
  };
}

function outputsFromWire(source: WireSource): SourceOutputs {
  const outputs: SourceOutputs = {
    sourceId: source.source_id,
    version: source.version,
    dateCreated: source.date_created,
    dateModified: source.date_modified,
    selfUri: source.self_uri,
  };
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== undefined));
}
