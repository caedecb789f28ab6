/** Every kind of resource that there is. What else a new one needs is in CONTRIBUTING.md. */
import { INTEGRATION } from "./eventBridgeIntegration/kind.js";
import { SOURCE } from "./eventBridgeSource/kind.js";
import type { Kind } from "./lifecycle/kind.js";

export const KINDS: readonly Kind[] = [SOURCE, INTEGRATION];

/** What their calls take. */
export const ACCESS = KINDS.flatMap(({ access }) => access);

/** The kind of a resource, by its URN; `undefined` where it is none of ours. */
export const kindIn = (urn: string): Kind | undefined =>
  KINDS.find(({ type }) => urn.split("::")[2]?.split("$").at(-1) === type);
