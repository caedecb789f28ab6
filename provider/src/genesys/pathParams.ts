/** Which values can stand in the place of an id in an address, so that a request goes to the object that is meant. */
import { GenesysError, NOT_SENT, type RequestName } from "./errors.js";

/** What a URL takes for a step up or for nothing, also where a server decodes it once more. */
const DOTS = /^(\.|%2e){1,2}$/i;

/** Why a text cannot be an id, such as `is empty`; `undefined` where it can be one. */
export function whyNoId(id: string): string | undefined {
  if (id === "") return "is empty";
  if (DOTS.test(id)) return `is ${JSON.stringify(id)}, which an address takes for a folder`;
  return id.isWellFormed() ? undefined : "has half of a character in it";
}

/** @throws GenesysError `not.sent` when a request would go to another address than the one of its template. */
export function insistOnIds(params: Readonly<Record<string, string>>, { method, path }: RequestName): void {
  for (const [name, value] of Object.entries(params)) {
    const why = whyNoId(value);
    if (why === undefined) continue;
    const message = `${name} ${why}: it is no id of anything`;
    throw new GenesysError({ method, path, status: 400, code: NOT_SENT, message });
  }
}
