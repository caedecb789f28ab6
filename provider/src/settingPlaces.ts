/** Where settings lead: what tells one place from another, in messages, in the journal and in states. */
import { createHash } from "node:crypto";
import { sayProvider } from "./settingOrigin.js";
import type { Settings } from "./settings.js";

/**
 * Where an organisation is, as far as settings tell: the host of the gateway, or else of the region. Two organisations of
 * one region are not told apart.
 */
export const hostOf = ({ gateway, region }: Settings): string | undefined => gateway?.host ?? region;

/**
 * Where the journal keeps what was begun with these settings. What an explicit provider has begun, it alone goes on with:
 * another may lead to another organisation of the same host.
 */
export function journalPlaceOf(settings: Settings): string | undefined {
  const host = hostOf(settings);
  return settings.provider === undefined
    ? host
    : `${host ?? "nowhere"}${THROUGH}${sayProvider(settings.provider)}`;
}

const THROUGH = " through the ";

/** Whether a place of the journal is that of an explicit provider. */
export const isOfProvider = (place: string): boolean => place.includes(THROUGH);

/**
 * Tells apart through which credentials something was made: a hash of the place, and of the client's id or the token. It
 * shows neither. Behind the same one there is the same organisation; behind another there may be another.
 *
 * @returns `client:` or `token:` and 16 hex digits; `undefined` without credentials.
 */
export function loginPrint({ gateway, region, credentials }: Settings): string | undefined {
  if (credentials === undefined) return undefined;
  const [word, login] =
    "clientId" in credentials ? ["client", credentials.clientId] : ["token", credentials.accessToken];
  const seed = JSON.stringify([gateway ?? region ?? null, login]);
  return `${word}:${createHash("sha256").update(seed).digest("hex").slice(0, 16)}`;
}

/** How messages name where settings are written. */
export const sayOrigin = ({ provider }: Settings): string =>
  provider === undefined ? "the stack's configuration" : `the ${sayProvider(provider)}`;
