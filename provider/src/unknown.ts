/**
 * What the engine sends for a value that is not known before another resource exists.
 * It stands anywhere a value can stand, once for a whole object.
 * The same text as `unknownValue` of `@pulumi/pulumi/runtime/rpc` (a test compares them); written here so
 * that validating needs none of the SDK.
 */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether this very value is unknown; an object with an unknown inside is not. */
export const isUnknown = (value: unknown): boolean => value === UNKNOWN;
