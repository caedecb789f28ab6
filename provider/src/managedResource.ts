/** What every resource of this package does when a program declares it. */
import * as pulumi from "@pulumi/pulumi";
import { IMPORT_KEY, ORGANIZATION_KEY, STUB_KEY } from "./stub.js";
import { folderOfProgram, outOfReach } from "./withinReach.js";

/** What a class of resources tells of itself. */
export interface Declared {
  type: string;
  stub: string;
  className: string;
  /** The arguments that it cannot do without, in words. */
  needs: string;
  /** Everything that can be read from it; the engine fills in only what is declared. */
  outputs: readonly string[];
}

/** A resource whose provider is this package. */
export abstract class ManagedResource extends pulumi.CustomResource {
  constructor(
    { type, stub, className, needs, outputs }: Declared,
    name: string,
    args: { webhookUrl?: pulumi.Input<string>; timeouts?: pulumi.Input<Timeouts> } | undefined,
    { import: importId, ...opts }: pulumi.CustomResourceOptions = {},
  ) {
    if (args === undefined && opts.id === undefined)
      throw new Error(`${className} "${name}" needs arguments: ${needs} at least`);
    beWithinReach();
    const props: Record<string, unknown> = {};
    for (const output of outputs) props[output] = undefined;
    Object.assign(props, args, { [STUB_KEY]: stub });
    if (args !== undefined) {
      if (opts.customTimeouts !== undefined)
        props.timeouts = withCustomTimeouts(args.timeouts, opts.customTimeouts);
      if (args.webhookUrl !== undefined) props.webhookUrl = pulumi.secret(args.webhookUrl);
      // Names the resource to the provider, which is not told: for the automatic name and for its log lines.
      props.__urn = pulumi.createUrn(name, type, opts.parent);
      props[ORGANIZATION_KEY] = organization();
      // The engine would import without the code that can read the object: the provider does it instead, in its create.
      if (importId) props[IMPORT_KEY] = importId;
    }
    // What is left to the configuration is there under another name.
    const ignoreChanges = opts.ignoreChanges?.includes("webhookUrl")
      ? { ignoreChanges: ["__defaultWebhook"] }
      : {};
    super(
      type,
      name,
      props,
      pulumi.mergeOptions(opts, { additionalSecretOutputs: ["webhookUrl"], ...ignoreChanges }),
    );
  }
}

type Timeouts = object;

/** The engine neither hands the option over nor keeps to it, so that it becomes the argument, which wins. */
function withCustomTimeouts(
  argument: pulumi.Input<Timeouts> | undefined,
  custom: pulumi.CustomTimeouts,
): pulumi.Input<Timeouts> {
  const given = Object.fromEntries(Object.entries(custom).filter(([, value]) => value !== undefined));
  const over = (timeouts: unknown): Timeouts =>
    timeouts === undefined || timeouts === null
      ? given
      : // What is none, the check names.
        typeof timeouts === "object" && !Array.isArray(timeouts)
        ? { ...given, ...timeouts }
        : (timeouts as Timeouts);
  return isKnownNow(argument)
    ? over(argument)
    : pulumi.output(argument as pulumi.Input<Timeouts>).apply(over);
}

/** Whether an input can be looked at; what another resource brings about is not known yet. */
export const isKnownNow = (value: unknown): boolean =>
  !pulumi.Output.isInstance(value) && typeof (value as PromiseLike<unknown> | undefined)?.then !== "function";

let isLookedFor = false;

/** Without the package the engine fails at each resource, with a message that nobody understands: it is said once, before. */
function beWithinReach(): void {
  if (isLookedFor) return;
  const folder = folderOfProgram(process.argv[1]);
  const trouble = folder === undefined ? undefined : outOfReach(folder);
  if (trouble !== undefined) throw new pulumi.RunError(trouble);
  isLookedFor = true;
}

/** The organisation of Pulumi's that the stack is in; `undefined` where the engine does not tell. */
function organization(): string | undefined {
  try {
    return pulumi.getOrganization();
  } catch {
    return undefined;
  }
}
