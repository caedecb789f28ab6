/** Whether a source may refer to its topic and its targets. */
import type { SourceBody } from "./model.js";
import type { Organisation } from "./organisation.js";
import { PlatformError } from "./platformError.js";

/** Refuses a source whose topic or targets don't exist, are not active, or don't go together. */
export function checkReferences(body: SourceBody, organisation: Organisation): void {
  const { topics, targets } = organisation.state;
  const topic = topics.find(({ topic_id }) => topic_id === body.event_topic_id);
  if (!topic) throw unusable("topic", body.event_topic_id, "event_topic_id", "does not exist");
  if (topic.status !== "active") {
    throw unusable("topic", topic.topic_id, "event_topic_id", `is ${topic.status}, not active`);
  }
  body.targets.forEach(({ target_id }, index) => {
    const field = `targets[${index}].target_id`;
    const target = targets.find((candidate) => candidate.target_id === target_id);
    if (!target) throw unusable("target", target_id, field, "does not exist");
    if (target.status !== "active") {
      throw unusable("target", target_id, field, `is ${target.status}, not active`);
    }
    const { event_types } = target;
    const takes = !event_types || (topic.event_type !== undefined && event_types.includes(topic.event_type));
    if (organisation.variants.compatibilityChecked && !takes) {
      throw unusable("target", target_id, field, `does not take the event type '${topic.event_type}'`);
    }
  });
}

function unusable(entityName: string, entityId: string, fieldName: string, why: string): PlatformError {
  const message = `The ${entityName} '${entityId}' in the field '${fieldName}' ${why}.`;
  const code = `${entityName}.unusable`;
  return new PlatformError(400, {
    code,
    message,
    messageWithParams: message.replace(`'${entityId}'`, "'{entityId}'"),
    messageParams: { entityId },
    entityId,
    entityName,
    details: [{ errorCode: code, fieldName, message }],
  });
}
