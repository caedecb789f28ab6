/** The file that `pulumi import --file` takes. */
import { plainObject } from "../pulumi/plainObject.js";
import { plaintextSecrets } from "../pulumi/secret.js";
import { STUB_KEY } from "../stub.js";
import type { Imported } from "./imported.js";

/** An object under the name that it gets in the stack. */
export interface NamedImport extends Imported {
  id: string;
  /** The resource's name. */
  resource: string;
}

/**
 * The file that `pulumi import --file` takes. It bears inputs and outputs both: only then does the engine not ask the
 * provider, whose code is in no state yet. Webhook addresses are in it in clear, and encrypted once it is imported.
 */
export function importFile(imports: readonly NamedImport[]): string {
  const resources = imports.map(({ kind: { type, stub, secrets }, resource, id, inputs, state }) => {
    const whole = (properties: object) => ({
      ...plaintextSecrets(plainObject(properties), secrets),
      [STUB_KEY]: stub,
    });
    return { type, name: resource, id, inputs: whole(inputs), outputs: whole(state) };
  });
  return `${JSON.stringify({ resources }, null, 2)}\n`;
}
