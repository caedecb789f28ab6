/** What a stack has, or is about to have, as flows. */
import { resourceName } from "../lifecycle/autoKey.js";
import type { Kind } from "../lifecycle/kind.js";
import { type Change, type Flow, flowOf } from "./flow.js";

/** A resource as `pulumi stack export` and `pulumi preview --json` show it: secrets are encrypted, or left out. */
export interface ShownResource {
  urn?: string;
  type?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  /** It is only read. */
  external?: boolean;
  /** It waits to be deleted. */
  delete?: boolean;
}

/** A step of `pulumi preview --json`. */
export interface ShownStep {
  op?: string;
  urn?: string;
  oldState?: ShownResource;
  newState?: ShownResource;
}

/** What each step of a preview makes of an object; steps that are not here show nothing, such as `discard`. */
const CHANGE_BY_STEP: Readonly<Record<string, Change>> = {
  same: "same",
  read: "same",
  refresh: "same",
  create: "added",
  import: "added",
  update: "changed",
  replace: "replaced",
  "create-replacement": "replaced",
  "import-replacement": "replaced",
  "read-replacement": "same",
  delete: "removed",
};

const isOf =
  (kinds: readonly Kind[]) =>
  (resource: ShownResource | undefined): Kind | undefined =>
    kinds.find(({ type }) => type === resource?.type);

/** What an object is asked to be; what is only read, or was just imported, has outputs alone. */
const propertiesOf = ({ inputs, outputs }: ShownResource): Record<string, unknown> => ({
  ...outputs,
  ...inputs,
});

/** The objects of a stack's state. */
export function flowsOfState(resources: readonly ShownResource[], kinds: readonly Kind[]): Flow[] {
  const kindOf = isOf(kinds);
  return resources.flatMap((resource) => {
    const kind = kindOf(resource);
    if (kind === undefined || resource.delete) return [];
    const flow = flowOf({
      kind,
      name: resourceName(resource.urn ?? ""),
      change: "same",
      after: propertiesOf(resource),
    });
    return [resource.external ? { ...flow, note: "only read" } : flow];
  });
}

/** The objects of a preview, and what becomes of them. */
export function flowsOfPreview(steps: readonly ShownStep[], kinds: readonly Kind[]): Flow[] {
  const kindOf = isOf(kinds);
  return steps.flatMap(({ op = "", urn, oldState, newState }) => {
    const kind = kindOf(newState ?? oldState);
    const change = CHANGE_BY_STEP[op];
    if (kind === undefined || change === undefined) return [];
    const life = { kind, name: resourceName(urn ?? ""), change };
    // A resource that is made anew under the same URN has a step of its own for what goes.
    const before = oldState && change !== "same" ? { before: propertiesOf(oldState) } : {};
    const now = newState ?? (change === "removed" ? undefined : oldState);
    const after = now ? { after: propertiesOf(now) } : {};
    return [flowOf({ ...life, ...before, ...after })];
  });
}
