/** The refusal of a request for one of its fields. */
import { PlatformError } from "./platformError.js";

/** 400, or another status, that names the field. */
export function refusedField(fieldName: string, what: string, status = 400): PlatformError {
  const message = `The field '${fieldName}' ${what}.`;
  const errorCode = status === 409 ? "general.conflict" : "bad.request";
  return new PlatformError(status, {
    code: errorCode,
    message,
    messageWithParams: message.replace(`'${fieldName}'`, "'{field}'"),
    messageParams: { field: fieldName },
    details: [{ errorCode, fieldName, message }],
  });
}
