import { plainObject } from "../pulumi/plainObject.js";
import { plaintextSecrets } from "../pulumi/secret.js";
import { EVENT_BRIDGE_SOURCE_STUB, STUB_KEY } from "../stub.js";
import type { Imported } from "./imported.js";

/** A source under the name that it gets in the stack. */
export interface NamedImport extends Imported {
  id: string;
  /** The resource's name. */
  resource: string;
}

/**
 * The file that `pulumi import --file` takes. It bears inputs and outputs both: only then does the engine not ask the
 * provider, whose code is in no state yet. Webhook addresses are in it in clear, and encrypted once it is imported.
 *
 * @param type the resources' type token.
 * @param secrets properties that are secret.
 */
export function importFile(
  type: string,
  imports: readonly NamedImport[],
  secrets: readonly string[],
): string {
  const whole = (properties: object) => ({
    ...plaintextSecrets(plainObject(properties), secrets),
    [STUB_KEY]: EVENT_BRIDGE_SOURCE_STUB,
  });
  const resources = imports.map(({ resource, id, inputs, state }) => ({
    type,
    name: resource,
    id,
    inputs: whole(inputs),
    outputs: whole(state),
  }));
  return `${JSON.stringify({ resources }, null, 2)}\n`;
}
