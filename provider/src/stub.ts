/**
 * The code that reaches a stack's state, and that the engine's provider process loads. It is constant, so that
 * it is no difference from one release to the next, and short, because the state is written anew at every step.
 *
 * The package's name, `runtime` and the names of its exports are a permanent contract: states in the world
 * bear them, and without them such a resource could be neither refreshed nor destroyed.
 */
const stub = (entry: string): string =>
  `exports.handler=()=>require("pulumi-genesyscloud-eventbridge/runtime").${entry}`;

/** The stub of every `EventBridgeSource`. */
export const EVENT_BRIDGE_SOURCE_STUB = stub("eventBridgeSource");

/** The stub of every `EventBridgeIntegration`. */
export const EVENT_BRIDGE_INTEGRATION_STUB = stub("eventBridgeIntegration");

/** The type of every `EventBridgeIntegration`, as it stands in states: a permanent contract. */
export const EVENT_BRIDGE_INTEGRATION_TYPE = "pulumi-nodejs:dynamic/genesyscloud:EventBridgeIntegration";

/** The type of every `EventBridgeSource`, as it stands in states: a permanent contract, too. */
export const EVENT_BRIDGE_SOURCE_TYPE = "pulumi-nodejs:dynamic/genesyscloud:EventBridgeSource";

/** The key under which the engine expects it, in inputs and outputs. */
export const STUB_KEY = "__provider";

/** The hidden input that bears what a program gives as the option `import`. */
export const IMPORT_KEY = "__import";

/** The hidden input that tells the provider the organisation of Pulumi's that the stack is in. In no state. */
export const ORGANIZATION_KEY = "__organization";
