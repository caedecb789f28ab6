import diff from "microdiff";
import { FIELDS, type SourceFields } from "./model.js";

/**
 * Everything in which a source differs from what a program asks for, both values named, one phrase each, such as
 * `targets[0].targetId is "target-crm", and the program asks for "target-erp"`.
 *
 * What can be secret is not shown: webhook addresses, and values of conditions, which customers' data can be in.
 */
export function differences(present: SourceFields, wanted: SourceFields): string[] {
  return diff(only(present), only(wanted)).map((each) => {
    const path = pathOf(each.path);
    if (isSecret(each.path)) return `${path} differs (its value may be secret and is not shown)`;
    if (each.type === "CREATE") return `${path} is missing, and the program asks for ${say(each.value)}`;
    if (each.type === "REMOVE") return `${path} is ${say(each.oldValue)}, and the program asks for none`;
    return `${path} is ${say(each.oldValue)}, and the program asks for ${say(each.value)}`;
  });
}

const only = (fields: SourceFields) => Object.fromEntries(FIELDS.map((field) => [field, fields[field]]));

const isSecret = (path: readonly (string | number)[]): boolean =>
  path[0] === "webhookUrl" || (path[0] === "filters" && path.at(-1) === "value");

/** `filters[0].conditions[1].operator` */
const pathOf = (path: readonly (string | number)[]): string =>
  path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : index > 0 ? `.${part}` : part))
    .join("");

/** A value, of which the values of conditions are left out. */
const say = (value: unknown): string =>
  JSON.stringify(value, (key, part) => (key === "value" ? "…" : part)) ?? "none";
