/** What becomes of the objects that were found: those that a stack has already, and those that enter it. */
import { mapLimit } from "async";
import { isKnownByJob } from "../jobResource.js";
import type { Kind, KindStep } from "../lifecycle/kind.js";
import type { FoundObject } from "./find.js";
import { takeIn } from "./imported.js";
import type { NamedImport } from "./importFile.js";
import { answeredFrom } from "./listed.js";
import type { Naming } from "./names.js";
import { byNameThenId } from "./order.js";

/** Objects that are taken in at once. */
const AT_ONCE = 8;

/** A resource as a stack's state has it. */
export interface StackResource {
  urn: string;
  type: string;
  id?: string;
  /** It is only read. */
  external?: boolean;
  /** It waits to be deleted. */
  delete?: boolean;
  outputs?: Record<string, unknown>;
}

/** The stack that objects are to enter. */
export interface Destination {
  project: string;
  /** The stack's name as it stands in URNs. */
  stack: string;
  resources: readonly StackResource[];
}

interface Known {
  kind: Kind;
  id: string;
  name: string;
}

/** An object that the stack manages already. */
export interface Skipped extends Known {
  /** The resource's name in the stack. */
  resource: string;
}

/** An object that does not enter the stack. */
export interface LeftOut extends Known {
  reason: string;
  /** It was deleted meanwhile, which is no failure. */
  gone: boolean;
}

export interface Gathered {
  imports: NamedImport[];
  skipped: Skipped[];
  leftOut: LeftOut[];
}

/**
 * Prepares objects for a stack, those that are new to it: in order of their names, so that each gets the same one again.
 *
 * @param steps one for each kind that there may be.
 */
export async function gather(
  objects: readonly FoundObject[],
  destination: Destination,
  naming: Naming,
  steps: readonly KindStep[],
): Promise<Gathered> {
  const skipped: Skipped[] = [];
  const fresh: (FoundObject & Skipped)[] = [];
  const resources = new Map(steps.map(({ kind }) => [kind, resourcesOf(kind, destination.resources)]));
  for (const { kind, shown } of objects.toSorted(byNameThenId)) {
    const known = { kind, id: String(shown.id), name: shown.name };
    const { managed, making, taken } = resources.get(kind) as StackResources;
    const resource = managed.get(known.id) ?? making.get(known.name);
    if (resource !== undefined) skipped.push({ ...known, resource });
    else fresh.push({ ...known, shown, resource: naming.resource(known.name, kind.noun, taken) });
  }
  const answered = await answeredKinds(fresh, steps);
  const { context } = steps[0] as KindStep;
  const results = await mapLimit(fresh, AT_ONCE, async ({ kind, id, resource }: Skipped) =>
    takeIn(answered.get(kind) as Kind, context, { id, urn: urnOf(kind, resource, destination) }),
  );

  const imports: NamedImport[] = [];
  const leftOut: LeftOut[] = [];
  for (const [index, result] of results.entries()) {
    const { kind, id, name, resource } = fresh[index] as Skipped;
    if (result === "gone") leftOut.push({ kind, id, name, reason: "was deleted meanwhile", gone: true });
    else if ("problems" in result) {
      const reason = `cannot be described by a program: ${result.problems.join("; ")}`;
      leftOut.push({ kind, id, name, reason, gone: false });
    } else imports.push({ ...result, kind, id, resource });
  }
  return { imports, skipped, leftOut };
}

/** Every kind, reading from what its list has shown. */
async function answeredKinds(
  fresh: readonly FoundObject[],
  steps: readonly KindStep[],
): Promise<ReadonlyMap<Kind, Kind>> {
  const answered = new Map<Kind, Kind>();
  for (const { kind, api } of steps) {
    const shown = fresh.filter((each) => each.kind === kind).map((each) => each.shown);
    answered.set(kind, await answeredFrom(kind, shown, api));
  }
  return answered;
}

/** What a stack has of a kind. */
interface StackResources {
  /** The resources that objects belong to, by the object's id. What a stack only reads it does not manage. */
  managed: Map<unknown, string>;
  /** The resources of which only the job is known, by the name of what it makes: that is theirs, too. */
  making: Map<unknown, string>;
  /** The names that resources of the kind have. */
  taken: Set<string>;
}

function resourcesOf(kind: Kind, all: readonly StackResource[]): StackResources {
  const resources = all.filter(({ type }) => type === kind.type);
  const managed = new Map<unknown, string>();
  for (const { id, outputs, urn, external, delete: leaving } of resources)
    if (!external && !leaving)
      for (const each of [id, outputs?.[kind.idOutput]])
        if (each !== undefined) managed.set(each, nameIn(urn));
  const making = resources.filter((each) => isKnownByJob(each, kind.idOutput));
  return {
    managed,
    making: new Map(making.map(({ urn, outputs }) => [outputs?.name, nameIn(urn)])),
    taken: new Set(resources.map(({ urn }) => nameIn(urn))),
  };
}

const nameIn = (urn: string): string => urn.split("::").slice(3).join("::");

const urnOf = ({ type }: Kind, resource: string, { stack, project }: Destination): string =>
  `urn:pulumi:${stack}::${project}::${type}::${resource}`;
