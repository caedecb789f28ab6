/** Everything that one server process holds. */
import type { FaultAction, Faults } from "./faults.js";
import type { State } from "./model.js";
import type { Organisation } from "./organisation.js";
import type { Integrations } from "./publicApi/integrations.js";
import type { RateLimiter } from "./rateLimit.js";
import type { LoggedRequest, RequestLog } from "./requestLog.js";
import type { Settings } from "./settings.js";
import type { Tokens } from "./tokens.js";

/** Everything one server process holds. */
export interface World {
  organisation: Organisation;
  integrations: Integrations;
  tokens: Tokens;
  limiter: RateLimiter;
  faults: Faults;
  requests: RequestLog;
  client: { id: string; secret: string };
  /** The settings the process was started with, which a reset returns to. */
  firstSettings: Settings;
  /** The organisation as it is on the first day, which a reset returns to, too. */
  firstDay: () => State;
  now: () => number;
  /** Resolves once every change so far is durable. */
  save: () => Promise<void>;
  /** Aborted when the server closes, so that nothing delayed outlives it. */
  closing: AbortSignal;
}

declare module "fastify" {
  interface FastifyRequest {
    logged: LoggedRequest | null;
    fault: FaultAction | null;
  }
}
