/** What every resource of this package does when a program declares it. */
import * as pulumi from "@pulumi/pulumi";
import { type Given, lastTransformation } from "./lastTransformation.js";
import { IMPORT_KEY, inStates, ORGANIZATION_KEY, PREVIEW_KEY, STUB_KEY } from "./stub.js";
import { folderOfProgram, outOfReach } from "./withinReach.js";

/** What a class of resources tells of itself. */
export interface Declared {
  /** A permanent contract: see `inStates`. */
  className: string;
  /** The arguments that it cannot do without, in words. */
  needs: string;
  /** Everything that can be read from it. */
  outputs: readonly string[];
}

/** A resource whose provider is this package. */
export abstract class ManagedResource extends pulumi.CustomResource {
  constructor(
    declared: Declared,
    name: string,
    args: object | undefined,
    opts: pulumi.CustomResourceOptions = {},
  ) {
    const { className, needs } = declared;
    if (args === undefined && opts.id === undefined)
      throw new Error(`${className} "${name}" needs arguments: ${needs} at least`);
    beWithinReach();
    // A transformation may give what is looked at here, such as the option import: it is looked at behind all of them.
    const complete = lastTransformation(({ props, opts: last }) =>
      args === undefined ? asRead(declared, props, last) : asMade(declared, name, props, last),
    );
    super(
      inStates(className).type,
      name,
      { ...args },
      { ...opts, transformations: [complete, ...(opts.transformations ?? [])] },
    );
  }
}

/** What the engine is told of an object that is only read. */
const asRead = (
  { className, outputs }: Declared,
  props: Args,
  opts: pulumi.CustomResourceOptions,
): Given => ({
  props: { ...undefinedOf(outputs), ...props, [STUB_KEY]: inStates(className).stub },
  opts: pulumi.mergeOptions(opts, { additionalSecretOutputs: ["webhookUrl"] }),
});

/** What the engine is told of a resource. */
function asMade(
  { className, outputs }: Declared,
  name: string,
  args: Args,
  { import: importId, customTimeouts, ...opts }: pulumi.CustomResourceOptions,
): Given {
  const { type, stub } = inStates(className);
  const timeouts = args.timeouts as pulumi.Input<Timeouts> | undefined;
  const props = {
    ...undefinedOf(outputs),
    ...args,
    [STUB_KEY]: stub,
    // The engine neither hands this option over nor keeps to it, and refuses days.
    ...(customTimeouts === undefined ? {} : { timeouts: withCustomTimeouts(timeouts, customTimeouts) }),
    ...(args.webhookUrl === undefined ? {} : { webhookUrl: pulumi.secret(args.webhookUrl) }),
    // Names the resource to the provider, which is not told: for the automatic name and for its log lines.
    __urn: pulumi.createUrn(name, type, urnAlone(opts.parent)),
    [ORGANIZATION_KEY]: organization(),
    // One process can run a preview and then an update, as with the Automation API: each resource looks anew.
    [PREVIEW_KEY]: pulumi.runtime.isDryRun() ? true : undefined,
    // The engine would import without the code that can read the object: the provider does it instead, in its create.
    [IMPORT_KEY]: importId || undefined,
  };
  // What is left to the configuration is there under another name.
  const ignoreChanges = opts.ignoreChanges?.includes("webhookUrl")
    ? { ignoreChanges: ["__defaultWebhook"] }
    : {};
  return {
    props,
    opts: pulumi.mergeOptions(opts, { additionalSecretOutputs: ["webhookUrl"], ...ignoreChanges }),
  };
}

/** The engine fills in only what is declared. */
const undefinedOf = (outputs: readonly string[]): Args =>
  Object.fromEntries(outputs.map((output) => [output, undefined]));

type Args = Record<string, unknown>;

/**
 * The URN as text, and no output: one of a component makes a resource wait for all that is in the component, and of two
 * there each would wait for the other.
 */
const urnAlone = (parent: pulumi.Resource | undefined): Promise<pulumi.URN> | undefined =>
  parent && new Promise((resolve) => parent.urn.apply(resolve));

type Timeouts = object;

/** The option becomes the argument, which wins. */
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
