import { createHash } from "node:crypto";
import { LIMITS } from "./args.js";

/** Hex digits of a derived name: as many as Pulumi's own automatic names have. */
const DIGITS = 7;
const HEX_DIGITS = new RegExp(`^[0-9a-f]{${DIGITS}}$`);

/** The resource's own name: the last part of its URN. */
export function resourceName(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/**
 * The automatic name of a source: the resource's name, a hyphen and 7 hex digits.
 *
 * Derived, not random: a rerun after a crash, on whatever machine, asks for the same name and so finds what
 * was made. What replaces a source gets another name than the one replaced, so it can be made first.
 */
export function derivedName(from: {
  urn: string;
  eventTopicId: string;
  sourceType: string;
  /** The name of the source being replaced, if any. */
  replaced?: string;
}): string {
  const { urn, eventTopicId, sourceType, replaced } = from;
  const seed = JSON.stringify([urn, eventTopicId, sourceType, replaced ?? null]);
  const digits = createHash("sha256").update(seed).digest("hex").slice(0, DIGITS);
  return stemOf(urn) + digits;
}

/** Whether a name has the form of an automatic one of this resource. */
export const isAutomaticName = (urn: string | undefined, name: unknown): boolean =>
  urn !== undefined &&
  typeof name === "string" &&
  name.startsWith(stemOf(urn)) &&
  HEX_DIGITS.test(name.slice(stemOf(urn).length));

const stemOf = (urn: string): string => `${resourceName(urn).slice(0, LIMITS.nameLength - DIGITS - 1)}-`;
