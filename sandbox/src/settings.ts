/** What can be tuned while the server runs, and its defaults. */
import type { Api } from "./needs.js";

/** What can be tuned while the server runs. */
export interface Settings {
  /** How long a job takes from acceptance to its end. */
  jobDurationMs: number;
  /** How long an integration takes to become active or inactive; 0: no time. */
  stateChangeMs: number;
  /** Which of the two APIs for EventBridge the organisation has; every path of the other answers 404. */
  offers: Api | "both";
  /** Calls a token may make in each fixed window. */
  rateLimit: { allowed: number; windowSeconds: number };
  /** Life of a token issued from now on, in seconds. */
  expiresIn: number;
  /** The scopes every token has; null: all of them. Counts from the next call, for tokens already issued too. */
  scopes: string[] | null;
  /** The permissions of the client's role, which the public API asks for; null: all of them. Counts from the next call. */
  permissions: string[] | null;
}

export const defaultSettings: Settings = {
  jobDurationMs: 600,
  stateChangeMs: 0,
  offers: "both",
  rateLimit: { allowed: 300, windowSeconds: 60 },
  expiresIn: 86_400,
  scopes: null,
  permissions: null,
};

/** What `offers` may be. */
export const offers: readonly string[] = [
  "both",
  "eventbridge",
  "integrations",
] satisfies Settings["offers"][];

/** The settings after a change, or what is wrong with the change. */
export function changeSettings(settings: Settings, change: Record<string, unknown>): Settings | string {
  const changed = { ...settings, ...change } as Settings;
  const stranger = Object.keys(changed).find((name) => !Object.hasOwn(defaultSettings, name));
  if (stranger) return `No setting '${stranger}'. There are: ${Object.keys(defaultSettings).join(", ")}.`;
  for (const name of ["jobDurationMs", "stateChangeMs", "expiresIn"] as const) {
    if (!isNumber(changed[name], 0)) return `'${name}' must be a number from 0.`;
  }
  for (const name of ["scopes", "permissions"] as const) {
    if (changed[name] !== null && !isTextList(changed[name])) {
      return `'${name}' must be a list of strings, or null.`;
    }
  }
  if (!offers.includes(changed.offers)) return `'offers' must be one of ${offers.join(", ")}.`;
  const rateLimit = { ...settings.rateLimit, ...changed.rateLimit };
  if (!isNumber(rateLimit.allowed, 0)) return "'rateLimit.allowed' must be a number from 0.";
  if (!isNumber(rateLimit.windowSeconds, 0.001)) {
    return "'rateLimit.windowSeconds' must be a number above 0.";
  }
  return { ...changed, rateLimit };
}

function isNumber(value: unknown, least: number): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= least;
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}
