/** The refusal of a PUT whose version is not the present one, the same for every kind of object. */
import { PlatformError } from "./platformError.js";
import type { Variants } from "./variants.js";

/** 409, or 400 where the switch says so; the text is the same. */
export function versionConflict(
  entity: { entityName: string; entityId: string },
  { sent, current }: { sent: number; current: number },
  { versionConflict: status }: Variants,
): PlatformError {
  const text = `does not match the current version`;
  return new PlatformError(status, {
    code: status === 409 ? "general.conflict" : "bad.request",
    message: `The version ${sent} ${text} ${current} of the ${entity.entityName}.`,
    messageWithParams: `The version {version} ${text} {current} of the ${entity.entityName}.`,
    messageParams: { version: String(sent), current: String(current) },
    ...entity,
  });
}
