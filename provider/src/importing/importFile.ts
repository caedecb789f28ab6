/** The file that `pulumi import --file` takes. */
import type { Kind } from "../lifecycle/kind.js";
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
  const resources = imports.map(({ kind, resource, id, inputs, state }) => ({
    type: kind.type,
    name: resource,
    id,
    inputs: forImport(kind, inputs),
    outputs: forImport(kind, state),
  }));
  return `${JSON.stringify({ resources }, null, 2)}\n`;
}

/** Inputs or outputs as such a file has them. @param secrets what is secret of them; default: what is of every one of the kind */
export const forImport = (
  { stub, secrets: always }: Kind,
  properties: object,
  secrets: readonly string[] = always,
): Record<string, unknown> => ({
  ...plaintextSecrets(plainObject(properties), secrets),
  [STUB_KEY]: stub,
});
