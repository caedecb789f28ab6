/** The public API's objects as answers show them. */
import { compact } from "../present.js";
import type { Variants } from "../variants.js";
import type { AvailableTopic, Integration, IntegrationType } from "./model.js";

export const integrationsPath = "/api/v2/integrations";
export const typesPath = `${integrationsPath}/types`;

const selfUri = (path: string, id: string): string => `${path}/${encodeURIComponent(id)}`;

/**
 * An integration as the API shows it.
 * @param expanded whether it bears its configuration
 */
export function presentIntegration(
  integration: Integration,
  types: IntegrationType[],
  variants: Variants,
  expanded: boolean,
): Record<string, unknown> {
  const { id, type, config, intendedState, reportedState } = integration;
  const { code, message, lastUpdated } = reportedState;
  return compact({
    id,
    name: config.name,
    integrationType: compact({
      id: type,
      name: types.find((candidate) => candidate.id === type)?.name,
      selfUri: selfUri(typesPath, type),
    }),
    notes: notesOf(config.notes, variants),
    intendedState,
    reportedState: { code, effective: inWords(code), detail: { message }, lastUpdated },
    config: expanded ? { current: presentConfiguration(integration, variants) } : undefined,
    attributes: {},
    selfUri: selfUri(integrationsPath, id),
  });
}

/** The configuration of an integration as the API shows it. */
export function presentConfiguration({ id, config }: Integration, variants: Variants) {
  const { eventFilter } = config.properties;
  const reversed = variants.eventFilterOrder === "reversed" && Array.isArray(eventFilter);
  return {
    id,
    ...config,
    notes: notesOf(config.notes, variants),
    properties: reversed
      ? { ...config.properties, eventFilter: eventFilter.toReversed() }
      : config.properties,
    selfUri: `${selfUri(integrationsPath, id)}/config/current`,
  };
}

/** A type of integrations as the API shows it. */
export function presentType(type: IntegrationType): Record<string, unknown> {
  const uri = selfUri(typesPath, type.id);
  return {
    ...type,
    configPropertiesSchemaUri: `${uri}/configschemas/properties`,
    configAdvancedSchemaUri: `${uri}/configschemas/advanced`,
    selfUri: uri,
  };
}

/** A topic with its id and those of the other fields that were asked for. */
export function presentAvailableTopic(topic: AvailableTopic, expand: string[], variants: Variants) {
  const shown = expand.filter((field) => field !== "transports" || variants.topicTransports);
  return compact({ id: topic.id, ...Object.fromEntries(shown.map((field) => [field, topic[field]])) });
}

function notesOf(notes: string, { emptyNotes }: Variants): string {
  return notes === "" ? emptyNotes : notes;
}

/** Readable text, which no program should compare. */
function inWords(code: string): string {
  return code.charAt(0) + code.slice(1).toLowerCase();
}
