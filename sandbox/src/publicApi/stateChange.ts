/** The state machine of an integration: a PATCH sets what is intended, and the platform gets there in its own time. */
import type { Integration, StoredIntegration } from "./model.js";

/** What the control plane has in store for the changes of state to come. */
export interface StateOutcome {
  /** For how many changes; 1 by default. */
  times?: number;
  /** The code it ends with: "ERROR", any other one, known or not, or "stuck": under way for ever. By default the intended one. */
  code?: string;
  /** The `detail.message` that goes with it. */
  message?: string;
  /** The code shown until then, instead of ACTIVATING or DEACTIVATING. */
  meanwhile?: string;
  /** How long it takes, instead of the usual duration. */
  afterMs?: number;
}

/** How long a change of state takes: by the clock, and by GETs that have to see it under way. Both must be over. */
export interface Pace {
  durationMs: number;
  reads: number;
}

export type IntendedState = "ENABLED" | "DISABLED";

const codes: Record<IntendedState, { reached: string; underWay: string }> = {
  ENABLED: { reached: "ACTIVE", underWay: "ACTIVATING" },
  DISABLED: { reached: "INACTIVE", underWay: "DEACTIVATING" },
};

/** Whether the integration is where it is intended to be, or on its way there. */
export function isSettledFor({ integration, change }: StoredIntegration, intended: IntendedState): boolean {
  const arrives = change !== undefined || integration.reportedState.code === codes[intended].reached;
  return integration.intendedState === intended && arrives;
}

/** Begins to bring the integration to a state. */
export function beginChange(
  stored: StoredIntegration,
  intended: IntendedState,
  outcome: StateOutcome,
  pace: Pace,
  now: number,
): void {
  const { reached, underWay } = codes[intended];
  const { code = reached, message = "", meanwhile = underWay, afterMs = pace.durationMs } = outcome;
  stored.integration.intendedState = intended;
  report(stored.integration, meanwhile, "", now);
  stored.change = {
    code,
    message,
    ends_at: code === "stuck" ? null : now + afterMs,
    readsLeft: pace.reads,
  };
  endChangeIfDue(stored, now);
}

/** Ends a change that has taken its time and been seen often enough. */
export function endChangeIfDue(stored: StoredIntegration, now: number): void {
  const { change, integration } = stored;
  if (!change || change.ends_at === null || change.ends_at > now || change.readsLeft > 0) return;
  report(integration, change.code, change.message, change.ends_at);
  stored.change = undefined;
}

/** The code that goes with an intended state once it is reached. */
export function reachedCode(intended: string): string {
  return intended === "ENABLED" ? codes.ENABLED.reached : codes.DISABLED.reached;
}

function report({ reportedState }: Integration, code: string, message: string, at: number): void {
  Object.assign(reportedState, { code, message, lastUpdated: new Date(at).toISOString() });
}

/** What is wrong with an outcome, or null. */
export function stateOutcomeProblem(outcome: StateOutcome): string | null {
  const { times = 1, afterMs = 0 } = outcome;
  for (const key of ["code", "message", "meanwhile"] as const) {
    const value = outcome[key];
    if (value !== undefined && (typeof value !== "string" || value === ""))
      return `'${key}' must be a string that is not empty.`;
  }
  if (!Number.isInteger(times) || times < 1) return "'times' must be a whole number from 1.";
  return typeof afterMs === "number" && afterMs >= 0 ? null : "'afterMs' must be a number from 0.";
}
