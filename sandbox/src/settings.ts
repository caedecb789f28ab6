/** What can be tuned while the server runs. */
export interface Settings {
  /** How long a job takes from acceptance to its end. */
  jobDurationMs: number;
  /** Calls a token may make in each fixed window. */
  rateLimit: { allowed: number; windowSeconds: number };
  /** Life of a token issued from now on, in seconds. */
  expiresIn: number;
  /** The scopes every token has; null: all of them. Counts from the next call, for tokens already issued too. */
  scopes: string[] | null;
}

export const defaultSettings: Settings = {
  jobDurationMs: 600,
  rateLimit: { allowed: 300, windowSeconds: 60 },
  expiresIn: 86_400,
  scopes: null,
};

/** The settings after a change, or what is wrong with the change. */
export function changeSettings(settings: Settings, change: Record<string, unknown>): Settings | string {
  const { jobDurationMs, rateLimit, expiresIn, scopes, ...unknown } = { ...settings, ...change } as Settings;
  const stranger = Object.keys(unknown)[0];
  if (stranger) return `No setting '${stranger}'. There are: ${Object.keys(defaultSettings).join(", ")}.`;
  if (!isNumber(jobDurationMs, 0)) return "'jobDurationMs' must be a number from 0.";
  if (!isNumber(expiresIn, 0)) return "'expiresIn' must be a number from 0.";
  if (scopes !== null && !isTextList(scopes)) return "'scopes' must be a list of strings, or null.";
  const limit = { ...settings.rateLimit, ...rateLimit };
  if (!isNumber(limit.allowed, 0)) return "'rateLimit.allowed' must be a number from 0.";
  if (!isNumber(limit.windowSeconds, 0.001)) return "'rateLimit.windowSeconds' must be a number above 0.";
  return { jobDurationMs, rateLimit: limit, expiresIn, scopes };
}

function isNumber(value: unknown, least: number): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= least;
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}
