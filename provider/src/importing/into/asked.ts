/** What a program asks for, as `pulumi preview --json` tells it: no value of a secret is in that. */
import type { Properties } from "../../lifecycle/inputs.js";
import { isUnknown } from "../../unknown.js";

/** A step of a preview, as far as it matters here. */
export interface PreviewStep {
  op?: string;
  urn?: string;
  newState?: { inputs?: Properties };
}

/** What a program asks for of a resource: its checked inputs; or how it stands otherwise. */
export type Asked = { inputs: Properties } | "in the stack already" | "not asked for";

/** What is asked for of each resource, by its URN. */
export function askedIn(steps: readonly PreviewStep[]): (urn: string) => Asked {
  const asked = new Map<string, Asked>();
  for (const { op, urn, newState } of steps) {
    if (urn === undefined || op === "delete") continue;
    asked.set(urn, op === "create" ? { inputs: newState?.inputs ?? {} } : "in the stack already");
  }
  return (urn) => asked.get(urn) ?? "not asked for";
}

/** What stands in a preview for a value that is secret in the program. */
const HIDDEN = "[secret]";

/** Whether the value, or anything in it, is hidden. */
export const isHidden = (value: unknown): boolean => hasIn(value, (each) => each === HIDDEN);

/** Whether all of the value is told: nothing of it is hidden, or known only once something else is made. */
export const isTold = (value: unknown): boolean =>
  !hasIn(value, (each) => each === HIDDEN || isUnknown(each));

function hasIn(value: unknown, is: (each: unknown) => boolean): boolean {
  if (typeof value === "object" && value !== null)
    return Object.values(value).some((each) => hasIn(each, is));
  return is(value);
}

/** What is asked for, with what there is in the place of all that the preview does not tell. */
export function asFarAsTold(asked: unknown, present: unknown): unknown {
  if (asked === HIDDEN || isUnknown(asked)) return present;
  if (Array.isArray(asked))
    return asked.map((each, index) => asFarAsTold(each, Array.isArray(present) ? present[index] : undefined));
  if (typeof asked !== "object" || asked === null) return asked;
  const there = typeof present === "object" && present !== null ? (present as Properties) : {};
  return Object.fromEntries(Object.entries(asked).map(([key, each]) => [key, asFarAsTold(each, there[key])]));
}
