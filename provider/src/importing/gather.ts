/** What becomes of the objects that were found: those that a stack has already, and those that enter it. */
import { mapLimit } from "async";
import type { Kind, KindStep } from "../lifecycle/kind.js";
import type { FoundObject } from "./find.js";
import { takeIn } from "./imported.js";
import type { NamedImport } from "./importFile.js";
import { answeredFrom } from "./listed.js";
import { type Managed, type Named, namesOf, type StackResource, sortOut } from "./managed.js";
import type { Naming } from "./names.js";

/** Objects that are taken in at once. */
const AT_ONCE = 8;

/** The stack that objects are to enter. */
export interface Destination {
  project: string;
  /** The stack's name as it stands in URNs. */
  stack: string;
  resources: readonly StackResource[];
}

/** An object that does not enter the stack. */
export interface LeftOut extends Named {
  reason: string;
  /** It was deleted meanwhile, which is no failure. */
  gone: boolean;
}

export interface Gathered {
  imports: NamedImport[];
  skipped: Managed[];
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
  const { managed: skipped, unmanaged } = sortOut(objects, destination.resources, steps);
  const taken = new Map(steps.map(({ kind }) => [kind, namesOf(kind, destination.resources)]));
  const fresh = unmanaged.map((each) => ({
    ...each,
    resource: naming.resource(each.name, each.kind.noun, taken.get(each.kind) as Set<string>),
  }));
  const answered = await answeredKinds(fresh, steps);
  const { context } = steps[0] as KindStep;
  const results = await mapLimit(fresh, AT_ONCE, async ({ kind, id, resource }: Managed) =>
    takeIn(answered.get(kind) as Kind, context, { id, urn: urnOf(kind, resource, destination) }),
  );

  const imports: NamedImport[] = [];
  const leftOut: LeftOut[] = [];
  for (const [index, result] of results.entries()) {
    const { kind, id, name, resource } = fresh[index] as (typeof fresh)[number];
    if (result === "gone") leftOut.push({ kind, id, name, reason: "was deleted meanwhile", gone: true });
    else if ("problems" in result) {
      const reason = `cannot be described by a program: ${result.problems.join("; ")}`;
      leftOut.push({ kind, id, name, reason, gone: false });
    } else imports.push({ ...result, kind, id, resource });
  }
  return { imports, skipped, leftOut };
}

/** Every kind, reading from what its list has shown. */
export async function answeredKinds(
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

const urnOf = ({ type }: Kind, resource: string, { stack, project }: Destination): string =>
  `urn:pulumi:${stack}::${project}::${type}::${resource}`;
