/** What stacks manage of the objects of an organisation, and what none of them does. */
import { isKnownByJob } from "../jobResource.js";
import { resourceName } from "../lifecycle/autoKey.js";
import type { Kind } from "../lifecycle/kind.js";
import type { FoundObject } from "./find.js";
import { byNameThenId } from "./order.js";

/** A resource as a stack's state has it. */
export interface StackResource {
  urn: string;
  type: string;
  id?: string;
  /** It is only read. */
  external?: boolean;
  /** It waits to be deleted. */
  delete?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

/** An object of the organisation. */
export interface Named {
  kind: Kind;
  id: string;
  name: string;
}

/** An object that a stack manages. */
export interface Managed extends Named {
  /** The resource's name in the stack. */
  resource: string;
}

/**
 * Tells what stacks manage from what they do not, both in order of their names.
 *
 * @param resources those of one stack, or of several.
 */
export function sortOut(
  objects: readonly FoundObject[],
  resources: readonly StackResource[],
  kinds: readonly { kind: Kind }[],
): { managed: Managed[]; unmanaged: (FoundObject & Named)[] } {
  const managed: Managed[] = [];
  const unmanaged: (FoundObject & Named)[] = [];
  const owners = new Map(kinds.map(({ kind }) => [kind, ownersOf(kind, resources)]));
  for (const { kind, shown } of objects.toSorted(byNameThenId)) {
    const named = { kind, id: String(shown.id), name: shown.name };
    const { byId, byName } = owners.get(kind) as Owners;
    const resource = byId.get(named.id) ?? byName.get(named.name);
    if (resource !== undefined) managed.push({ ...named, resource });
    else unmanaged.push({ ...named, shown });
  }
  return { managed, unmanaged };
}

/** The resources that objects of a kind belong to. */
interface Owners {
  /** By the object's id. What a stack only reads it does not manage. */
  byId: Map<unknown, string>;
  /** Those of which only the job is known, by the name of what it makes: that is theirs, too. */
  byName: Map<unknown, string>;
}

function ownersOf(kind: Kind, all: readonly StackResource[]): Owners {
  const resources = all.filter(({ type }) => type === kind.type);
  const byId = new Map<unknown, string>();
  for (const { id, outputs, urn, external, delete: leaving } of resources)
    if (!external && !leaving)
      for (const each of [id, outputs?.[kind.idOutput]])
        if (each !== undefined) byId.set(each, resourceName(urn));
  const making = resources.filter((each) => isKnownByJob(each, kind.idOutput));
  return { byId, byName: new Map(making.map(({ urn, outputs }) => [outputs?.name, resourceName(urn)])) };
}

/** The names that resources of a kind have. */
export const namesOf = ({ type }: Kind, all: readonly StackResource[]): Set<string> =>
  new Set(all.filter((each) => each.type === type).map(({ urn }) => resourceName(urn)));
