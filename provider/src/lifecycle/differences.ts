/** Where an object is not what a program asks for. */
import diff from "microdiff";
import { MOST } from "../limits.js";
import type { Properties } from "./inputs.js";
import type { Kind } from "./kind.js";

/**
 * Every place in which an object differs from what a program asks for, such as `targets[0].targetId`, or `filters[1]
 * (missing)`.
 *
 * That it differs, and not how: which values are secret in the program is not told to a provider, so that any can be.
 */
export const differences = (kind: Kind, present: Properties, wanted: Properties): string[] =>
  diff(only(kind, present), only(kind, wanted)).map(({ type, path }) => {
    const place = pathOf(path);
    if (type === "CREATE") return `${place} (missing)`;
    return type === "REMOVE" ? `${place} (not in the program)` : place;
  });

/** `targets[0].targetId and 3 more` */
export function sayPlaces(places: readonly string[]): string {
  const more = places.length > MOST.fieldsNamed ? ` and ${places.length - MOST.fieldsNamed} more` : "";
  return places.slice(0, MOST.fieldsNamed).join(", ") + more;
}

const only = ({ fields }: Kind, properties: Properties) =>
  Object.fromEntries(fields.map((field) => [field, properties[field]]));

/** `filters[0].conditions[1].operator` */
const pathOf = (path: readonly (string | number)[]): string =>
  path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : index > 0 ? `.${part}` : part))
    .join("");
