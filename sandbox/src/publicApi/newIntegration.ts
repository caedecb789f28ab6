/** What a POST of an integration must be, and how one is called that was given no name. */
import { PlatformError } from "../platformError.js";
import { refusedField } from "../refusedField.js";
import type { World } from "../world.js";
import type { Integration, IntegrationType } from "./model.js";

/** The type and the name of the integration that a POST asks for, or a 400. */
export function askedIntegration(
  { name, integrationType }: Record<string, unknown>,
  { organisation, integrations }: World,
): { type: string; name: string } {
  if (name !== undefined && (typeof name !== "string" || name === "")) {
    throw refusedField("name", "must be a string that is not empty");
  }
  const id = (integrationType as { id?: unknown } | undefined)?.id;
  const type = organisation.state.integrationTypes.find((candidate) => candidate.id === id);
  if (!type) throw refusedField("integrationType.id", `is '${id}', which is no type of this organisation`);
  if (type.nonInstallable) throw refusedField("integrationType.id", `is '${id}', which can't be installed`);
  const present = integrations.present();
  refuseOneTooMany(type, present);
  return { type: type.id, name: name ?? freeName(type.name, present) };
}

function refuseOneTooMany({ id, maxInstances }: IntegrationType, present: Integration[]): void {
  if (maxInstances === undefined) return;
  const count = present.filter(({ type }) => type === id).length;
  if (count < maxInstances) return;
  throw new PlatformError(400, {
    code: "bad.request",
    message: `The maximum number of integrations of the type '${id}' is ${maxInstances}.`,
    messageWithParams: "The maximum number of integrations of the type '{type}' is {maximum}.",
    messageParams: { type: id, maximum: String(maxInstances) },
    limit: { key: "max.instances", namespace: "integrations", value: maxInstances },
  });
}

function freeName(typeName: string, present: Integration[]): string {
  const taken = new Set(present.map(({ config }) => config.name));
  let name = typeName;
  for (let number = 1; taken.has(name); number += 1) name = `${typeName} (${number})`;
  return name;
}
