/** Starts and stops a simulated organisation: what others import of this package. */
import type { AddressInfo } from "node:net";
import { buildApp } from "./app.js";
import { refuseOutsiders } from "./callers.js";
import { Faults } from "./faults.js";
import { Organisation } from "./organisation.js";
import { Integrations } from "./publicApi/integrations.js";
import type { FirstDay } from "./publicApi/seed.js";
import { RateLimiter } from "./rateLimit.js";
import { RequestLog } from "./requestLog.js";
import { seed } from "./seed.js";
import { defaultSettings, type Settings } from "./settings.js";
import { readState, StateWriter } from "./stateFile.js";
import { Tokens } from "./tokens.js";

export type { Fault, FaultAction, FaultRule } from "./faults.js";
export type { JobOutcome } from "./jobs.js";
export type { StateOutcome } from "./publicApi/stateChange.js";
export type { LoggedRequest } from "./requestLog.js";
export type { Settings } from "./settings.js";
export { StateFileError } from "./stateFile.js";
export type { Variants } from "./variants.js";

/** How to start the server; everything has a default. */
export interface SandboxOptions extends Partial<Omit<Settings, "scopes" | "permissions">>, FirstDay {
  /** 0, the default: a free one. */
  port?: number;
  /** Address or name to listen on; what is sent to other names is refused. Default: 127.0.0.1. */
  host?: string;
  /** Where the state is kept; without it, in memory. */
  stateFile?: string;
  /** Whether the control plane answers. */
  control?: boolean;
  clientId?: string;
  clientSecret?: string;
  /** The clock, for tests. */
  now?: () => number;
}

/** A running server. */
export interface Sandbox {
  /** Such as `http://127.0.0.1:8080`; login and API both live there. */
  url: string;
  /** Cuts every connection and flushes the state. */
  close(): Promise<void>;
}

/**
 * Starts the simulated organisation.
 * @throws StateFileError where the state file can't be used
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, host = "127.0.0.1", stateFile, control = false, now = Date.now } = options;
  const settings: Settings = {
    jobDurationMs: options.jobDurationMs ?? defaultSettings.jobDurationMs,
    rateLimit: options.rateLimit ?? defaultSettings.rateLimit,
    expiresIn: options.expiresIn ?? defaultSettings.expiresIn,
    stateChangeMs: options.stateChangeMs ?? defaultSettings.stateChangeMs,
    offers: options.offers ?? defaultSettings.offers,
    scopes: null,
    permissions: null,
  };
  const firstDay = () => seed(options);
  const state = (stateFile !== undefined && readState(stateFile, firstDay)) || firstDay();
  const organisation = new Organisation(state, settings, now);
  const writer = new StateWriter(stateFile, () => organisation.state);
  const closing = new AbortController();
  const app = buildApp(
    {
      organisation,
      integrations: new Integrations(organisation),
      tokens: new Tokens(() => organisation.state, now),
      limiter: new RateLimiter(),
      faults: new Faults(),
      requests: new RequestLog(),
      client: { id: options.clientId ?? "sandbox-client", secret: options.clientSecret ?? "sandbox-secret" },
      firstSettings: settings,
      firstDay,
      now,
      save: () => writer.save(),
      closing: closing.signal,
    },
    control,
    refuseOutsiders(host),
  );
  // Written at once, so that a file that can't be written is known now, not at the first change.
  await writer.save();
  await app.listen({ port, host });
  return {
    url: urlOf(app.server.address() as AddressInfo),
    close: async () => {
      closing.abort();
      await app.close();
      await writer.save();
    },
  };
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}
