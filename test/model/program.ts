/** The programs of schedules, and what their resources are called: in the program, in the state and in the organisation. */
import { RESOURCES, type Spec, subjectOf } from "./subjects/index.js";
import type { CommonSpec, StoredObject } from "./subjects/subject.js";
import type { Registration } from "./support/command.js";
import type { Properties } from "./support/providerProcess.js";

/** The program: what it says of its resources, by their numbers. */
export type Program = ReadonlyMap<number, Spec>;

/** What must never be seen by a person. */
export const WEBHOOK_PATHS = ["/hush-one-7d2e", "/hush-two-41bb"];

/** The number of a resource, whatever its stack is called and whatever its program calls it. */
export const resourceOf = (urn: string): number => Number(urn.at(-1));

/** The URN in a stack of what has this name or URN. */
export const urnIn = (stack: string, named: string): string =>
  `urn:pulumi:${stack}::model::${subjectOf(resourceOf(named)).type}::${named.split("::").at(-1)}`;

/** What the program says of the resource that a step is about. */
export const specOf = (program: Program, urn: string): Spec | undefined => program.get(resourceOf(urn));

/** The explicit key that a spec asks for, if it does. */
export const explicitKey = (resource: number, key: CommonSpec["key"]): string | undefined =>
  key === "auto" ? undefined : `r${resource}-${key}`;

/** What objects are called that are made for a resource. */
const CALLED_AFTER = new RegExp(`^[rs]([${RESOURCES.join("")}])[- ]`);

/** The resource that an object is called after: by its key, or as it was posted. `NaN`: after none. */
export const resourceCalled = ({ key, name }: Pick<StoredObject, "key" | "name">): number =>
  Number(CALLED_AFTER.exec(key === "" ? name : key)?.[1]);

/** Whether an object has an automatic key. */
export const isAutomatic = ({ key }: Pick<StoredObject, "key">): boolean => /^[rs]\d-[0-9a-f]{7}$/.test(key);

/** What the state of every resource of a kind bears. */
export const stubOf = (resource: number): Properties => ({ __provider: subjectOf(resource).stub });

/**
 * As the class of the package registers it.
 *
 * @param urns its own, and those that the option `aliases` names.
 */
export function registration(
  [urn = "", ...aliases]: readonly string[],
  spec: Spec,
  webhooks: readonly string[],
): Registration {
  const resource = resourceOf(urn);
  const { args, keyField } = subjectOf(resource);
  const key = explicitKey(resource, spec.key);
  const all = {
    ...args(spec),
    ...(key === undefined ? {} : { [keyField]: key }),
    onConflict: spec.onConflict,
    webhookUrl: spec.webhook === undefined ? undefined : webhooks[spec.webhook],
    timeouts: { create: spec.impatient ? "20s" : "60s", update: "60s", delete: "90s" },
  };
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return { urn, aliases, inputs: { ...Object.fromEntries(given), __urn: urn, ...stubOf(resource) } };
}

/** What the organisation must hold for a spec; the key where it is explicit. */
export function asked(resource: number, spec: Spec): Properties {
  const key = explicitKey(resource, spec.key);
  const subject = subjectOf(resource);
  return { ...subject.asked(spec), ...(key === undefined ? {} : { [subject.keyField]: key }) };
}
