/**
 * The code that reaches a stack's state, and that the engine's provider process loads. It is constant, so that
 * it is no difference from one release to the next, and short, because the state is written anew at every step.
 *
 * The package's name, `runtime` and the names of its exports are a permanent contract: states in the world
 * bear them, and without them such a resource could be neither refreshed nor destroyed.
 */

/**
 * What stands in states of a class's resources: their type, and the stub, which names an export of `runtime.ts`. So a class
 * is called the same for ever.
 */
export const inStates = (className: string): { type: string; stub: string } => ({
  type: `pulumi-nodejs:dynamic/genesyscloud:${className}`,
  stub: `exports.handler=()=>require("pulumi-genesyscloud-eventbridge/runtime").${entryOf(className)}`,
});

/** `eventBridgeSource` for the class `EventBridgeSource`. */
const entryOf = (className: string): string => className.charAt(0).toLowerCase() + className.slice(1);

/** The key under which the engine expects the stub, in inputs and outputs. */
export const STUB_KEY = "__provider";

/** The hidden input that bears what a program gives as the option `import`. */
export const IMPORT_KEY = "__import";

/** The hidden input that tells the provider the organisation of Pulumi's that the stack is in. In no state. */
export const ORGANIZATION_KEY = "__organization";

/**
 * The hidden input that tells the provider that this run only previews: it cannot see that itself. In no state. A program with an
 * older release does not give it.
 */
export const PREVIEW_KEY = "__preview";
