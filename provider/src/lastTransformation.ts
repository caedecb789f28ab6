/** Lets a resource look at its arguments and options when every transformation of a program, a component and a stack has. */
import type * as pulumi from "@pulumi/pulumi";

/** What a resource is made of. */
export interface Given {
  props: Record<string, unknown>;
  opts: pulumi.CustomResourceOptions;
}

/**
 * A transformation that has the last word over the resource that is being made, and says nothing of its children. It has
 * to be the first of the resource's own.
 *
 * Pulumi runs the resource's own transformations first and those of the stack last, one list for all. The list is still
 * growing while it runs, so that what is put at its end is the last. Where there is no such list, it has the first word.
 */
export function lastTransformation(complete: (given: Given) => Given): pulumi.ResourceTransformation {
  let own: pulumi.Resource | undefined;
  return ({ resource, props, opts }) => {
    own ??= resource;
    if (resource !== own) return undefined;
    const { __transformations: list } = resource as { __transformations?: unknown };
    if (!Array.isArray(list)) return complete({ props, opts });
    list.push((last: pulumi.ResourceTransformationArgs) =>
      last.resource === own ? complete({ props: last.props, opts: last.opts }) : undefined,
    );
    return undefined;
  };
}
