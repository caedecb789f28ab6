/** Objects as the EventBridge API shows them. */
import type { Source, Target, Topic } from "./model.js";
import type { Variants } from "./variants.js";

/** The object without its undefined fields. */
export function compact(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

export const apiRoot = "/api/v2/eventbridge";

/** A source as the API shows it. */
export function presentSource(source: Source, variants: Variants): Record<string, unknown> {
  const { webhook_url, ...rest } = source;
  const webhookShown = variants.webhookUrlReturned && (webhook_url !== null || variants.nullWebhook);
  return {
    ...rest,
    ...(webhookShown && { webhook_url }),
    self_uri: `${apiRoot}/sources/${encodeURIComponent(source.source_id)}`,
  };
}

/** A source as the list shows it. */
export function presentListed(source: Source, variants: Variants): Record<string, unknown> {
  const { filters, targets, ...rest } = presentSource(source, variants);
  return variants.listEntries === "partial" ? rest : { ...rest, filters, targets };
}

/** A topic as the API shows it. */
export function presentTopic({ event_type, name, ...rest }: Topic, variants: Variants) {
  return compact({
    ...rest,
    name: variants.referenceNames ? name : undefined,
    event_type: variants.eventTypes ? event_type : undefined,
  });
}

/** A target as the API shows it. */
export function presentTarget({ event_types, name, ...rest }: Target, variants: Variants) {
  return compact({
    ...rest,
    name: variants.referenceNames ? name : undefined,
    event_types: variants.eventTypes ? event_types : undefined,
  });
}
