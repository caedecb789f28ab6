/**
 * The values of a source that are sent to the API. A provider is not told which of them are secret in the program, so
 * that none may come back in the platform's words: its property stands there instead. The name is told: all messages
 * call the source by it, and it is no secret.
 */
import type { Hidden } from "../masking.js";
import { isUnknown } from "../pulumi/unknown.js";
import { DEFAULTS, DESIRED_STATUSES, OPERATORS, SOURCE_TYPE } from "./args.js";
import { FIELDS } from "./model.js";

/** Words that the API itself uses: taken out of its messages they would make them unreadable, and tell nothing. */
const WORDS_OF_THE_API = new Set<string>([
  ...OPERATORS,
  ...DESIRED_STATUSES,
  SOURCE_TYPE,
  DEFAULTS.action,
  DEFAULTS.description,
  ...[
    "name",
    "description",
    "source",
    "source_type",
    "event",
    "topic",
    "event_topic_id",
    "target",
    "target_id",
  ],
  ...["filter", "filters", "condition", "conditions", "field", "value", "operator", "action", "targets"],
  ...["priority", "status", "version", "webhook_url", "error", "failed", "true", "false", "null"],
]);

/** Values of one source that are looked for: five filters of ten conditions, and as many targets, have 171. */
const MOST_VALUES = 1_000;

/** Every text and number that is sent, however deep it lies, with its property's path in the place of its value. */
export function valuesSent(properties: object): Hidden[] {
  const found: Hidden[] = [];
  const left: { path: string; value: unknown }[] = FIELDS.filter((field) => field !== "name")
    .map((field) => ({ path: field, value: (properties as Record<string, unknown>)[field] }))
    .reverse();
  // Without a call for each level: how deep the values of a program lie nobody knows.
  for (let next = left.pop(); next !== undefined && found.length < MOST_VALUES; next = left.pop()) {
    const { path, value } = next;
    if (typeof value === "object" && value !== null) {
      const isList = Array.isArray(value);
      const inside = Object.entries(value).map(([key, each]) => ({
        path: isList ? `${path}[${key}]` : `${path}.${key}`,
        value: each,
      }));
      left.push(...inside.slice(0, MOST_VALUES).reverse());
    } else if (typeof value === "string" || typeof value === "number") {
      const text = String(value);
      if (!isUnknown(value) && !WORDS_OF_THE_API.has(text.toLowerCase()))
        found.push({ text, mark: `[value of ${path}]` });
    }
  }
  return found;
}
