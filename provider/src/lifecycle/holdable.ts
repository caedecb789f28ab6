/** What no program can hold is in no stack's state either: it would be another value there than it is. */
import { Unholdable } from "../genesys/exactJson.js";
import { type Unheld, UnheldError, unheldIn } from "../unheld.js";
import type { Kind } from "./kind.js";
import type { Observed } from "./kindApi.js";

/** @throws UnheldError when an object would be another one in the stack's state than it is. */
export function insistHoldable(kind: Kind, { id, fields, version }: Observed): void {
  const unheld = unheldIn(fields);
  // A version is only handed back: as long as it stays what it is, it may be as large as it likes.
  const given: unknown = version;
  if (given instanceof Unholdable)
    unheld.push({ path: "version", kind: "answer", reason: given.why, text: given.text });
  if (unheld.length === 0) return;
  const isSecret = ({ path }: Unheld) => kind.secrets.includes(path);
  throw new UnheldError(
    `${kind.label} ${id}`,
    unheld.map((each) => (isSecret(each) ? { ...each, text: "(not shown)" } : each)),
  );
}
