/**
 * The values of an object that are sent to the API. A provider is not told which of them are secret in the program, so
 * that none may come back in the platform's words: its property stands there instead. The name is told: all messages
 * call the object by it, and it is no secret.
 */
import type { Hidden } from "../masking.js";
import { isUnknown } from "../unknown.js";
import type { Kind } from "./kind.js";

/** Values of one object that are looked for: five filters of ten conditions, and as many targets, have 171. */
const MOST_VALUES = 1_000;

/** Every text and number that is sent, however deep it lies, with its property's path in the place of its value. */
export function valuesSent({ fields, ownWords }: Kind, properties: object): Hidden[] {
  const found: Hidden[] = [];
  const left: { path: string; value: unknown }[] = fields
    .filter((field) => field !== "name")
    .map((field) => ({ path: field, value: (properties as Record<string, unknown>)[field] }))
    .reverse();
  // Without a call for each level: how deep the values of a program lie nobody knows.
  for (let next = left.pop(); next !== undefined && found.length < MOST_VALUES; next = left.pop()) {
    const { path, value } = next;
    if (typeof value === "object" && value !== null) {
      const isList = Array.isArray(value);
      const first = isList ? value.slice(0, MOST_VALUES) : value;
      const inside = Object.keys(first)
        .slice(0, MOST_VALUES)
        .map((key) => ({
          path: isList ? `${path}[${key}]` : `${path}.${key}`,
          value: (value as Record<string, unknown>)[key],
        }));
      left.push(...inside.reverse());
    } else if (typeof value === "string" || typeof value === "number") {
      const text = String(value);
      if (!isUnknown(value) && !ownWords.has(text.toLowerCase()))
        found.push({ text, mark: `[value of ${path}]` });
    }
  }
  return found;
}
