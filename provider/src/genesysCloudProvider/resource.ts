/** `GenesysCloudProvider`, as programs use it. */
import * as pulumi from "@pulumi/pulumi";
import type { GenesysCloudProviderArgs } from "./args.js";

/** What checks the arguments. Only programs that name a provider load it. */
const checks = (): typeof import("./inputs.js") => require("./inputs.js");

type Inputs = Readonly<Record<string, pulumi.Input<string | undefined>>>;

/** Beside the providers, not in them: a function that captures a provider would capture its secrets. */
const inputs = new WeakMap<object, Inputs>();

/** What a provider hands to the engine; `undefined` for one that another copy of this package made. */
export const inputsOf = (provider: GenesysCloudProvider): Inputs | undefined => inputs.get(provider);

/** The package whose providers serve dynamic resources. A permanent contract: it stands in the URNs of states. */
const PACKAGE = "pulumi-nodejs";

/**
 * An organisation of Genesys Cloud, for stacks that have several. Resources get it as the option `provider`, or inherit it
 * from a component.
 *
 * It has what its arguments say and reads nothing of the stack's configuration. Of the environment it reads neither region,
 * gateway, credentials nor webhook, but `GENESYSCLOUD_AUDIT_LOG`, which says where this machine keeps its log. Refresh and
 * destroy use what the last `pulumi up` has put into the stack's state, secrets encrypted. Changed credentials replace
 * nothing, as long as they lead to the same organisation.
 *
 * A resource cannot move to another organisation: its next preview fails and says so. One that moves between providers of the same
 * organisation, the stack's own included, stays as it is.
 *
 * It serves the dynamic resources of other packages, too, where they inherit it (`providers: [emea]`): these then get
 * nothing of the stack's configuration.
 *
 * ```ts
 * const emea = new GenesysCloudProvider("emea", { region: "eu-central-1", oauthClientId, oauthClientSecret });
 * new EventBridgeIntegration("voice", { … }, { provider: emea });
 * ```
 */
export class GenesysCloudProvider extends pulumi.ProviderResource {
  /** @internal */
  public static readonly __pulumiType: string = PACKAGE;

  /** Tells it from other providers of dynamic resources, also where another copy of this package has made it. */
  private readonly __isGenesysCloudProvider = true;

  /** Whether this is a `GenesysCloudProvider`, also one that another copy of this package made. */
  public static override isInstance(resource: unknown): resource is GenesysCloudProvider {
    return (resource as GenesysCloudProvider | undefined)?.__isGenesysCloudProvider === true;
  }

  /**
   * @param name unique among the providers of the stack, and not beginning with `default`.
   * @param args a place, `region` or `gateway`, and credentials at least. Those that are known are checked at once, the
   *   others by the first step of a resource; secret ones are secret in the state.
   * @throws RunError that names every argument that is missing, wrong or unknown, and what is allowed.
   */
  constructor(name: string, args: GenesysCloudProviderArgs, opts?: pulumi.ResourceOptions) {
    const given = { ...args };
    const { problemsOf, providerInputs } = checks();
    const problems = problemsOf(name, given);
    if (problems.length > 0) throw new pulumi.RunError(problems.join("\n"));
    const all = providerInputs(name, given);
    super(PACKAGE, name, { ...all }, opts);
    inputs.set(this, all);
  }
}
