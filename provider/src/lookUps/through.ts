/** Which organisation a look-up asks: that of an explicit provider, or of the stack's own settings. */
import * as pulumi from "@pulumi/pulumi";
import { GenesysCloudProvider, inputsOf } from "../genesysCloudProvider/resource.js";
import type { LookUpOptions } from "./args.js";

/** The settings of an explicit provider, as its inputs have them. Not marked as secret: what is found by them is none. */
export type ProviderSettings = pulumi.Output<Readonly<Record<string, string>>>;

/** An explicit provider and its settings. */
export interface Through {
  provider: GenesysCloudProvider;
  settings: ProviderSettings;
}

/** Any type whose provider is that of dynamic resources. */
const OF_DYNAMIC_RESOURCES = "pulumi-nodejs:dynamic/genesyscloud:LookUp";

/**
 * The provider that the options name, or that their parent hands on.
 *
 * @returns `undefined` for the stack's own settings.
 * @throws RunError where it is none that a look-up can use.
 */
export function through(name: string, { provider, parent }: LookUpOptions): Through | undefined {
  const given: unknown = provider ?? parent?.getProvider(OF_DYNAMIC_RESOURCES);
  if (given === undefined) return undefined;
  const inputs = GenesysCloudProvider.isInstance(given) ? inputsOf(given) : undefined;
  if (inputs === undefined)
    throw new pulumi.RunError(
      `${name}: the provider must be a GenesysCloudProvider, made by the same copy of this package`,
    );
  const settings = pulumi.unsecret(pulumi.output(inputs)) as unknown as ProviderSettings;
  return { provider: given as GenesysCloudProvider, settings };
}

/**
 * The settings as they are, for whoever waits for them.
 *
 * @throws RunError where another resource brings them about that is not made yet.
 */
export async function settled(
  name: string,
  { settings }: Through,
): Promise<Readonly<Record<string, string>>> {
  const { isKnown } = settings as unknown as { isKnown: Promise<boolean> };
  if (!(await isKnown))
    throw new pulumi.RunError(
      `${name}: what its provider is made of is not known in this preview: use ${name}Output`,
    );
  return new Promise((resolve) => void settings.apply(resolve));
}
