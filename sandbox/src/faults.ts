/** What happens to a request instead of, or on top of, its true answer. "Before": the operation is not applied. */
export type FaultAction =
  /** Another answer, before or after applying. Without `body`: the platform's error of that status. */
  | { kind: "answer" | "answerAfter"; status: number; headers?: Record<string, string>; body?: unknown }
  /** The connection is cut. */
  | { kind: "resetBefore" | "resetAfter" }
  /** The request waits, then takes its usual course. */
  | { kind: "delay"; ms: number }
  /** No answer ever comes. */
  | { kind: "hang"; after?: boolean }
  /** The true status, with a JSON body cut in half. */
  | { kind: "malformed" }
  /** A gateway's HTML page, or no body at all. */
  | { kind: "html" | "empty"; status: number; after?: boolean }
  /** A JSON body of so many bytes. */
  | { kind: "huge"; bytes: number; status?: number; after?: boolean };

/** A rule that spoils requests. */
export interface FaultRule {
  /** `path` is a regular expression, tried on path and query. */
  match?: { method?: string; path?: string };
  /** The first so many matches pass. */
  skip?: number;
  /** How many matches are spoilt, 1 by default. */
  times?: number | "always";
  action: FaultAction;
}

/** A rule in force. */
export interface Fault extends FaultRule {
  id: number;
  /** How often it spoilt a request. */
  hits: number;
  /** How often it let a match pass because of `skip`. */
  skipped: number;
}

/** The rules in force, tried in order: the first one with budget left wins. */
export class Faults {
  private rules: Fault[] = [];
  private lastId = 0;

  add(rule: FaultRule): Fault {
    this.lastId += 1;
    const fault = { id: this.lastId, ...rule, hits: 0, skipped: 0 };
    this.rules.push(fault);
    return fault;
  }

  list(): Fault[] {
    return this.rules;
  }

  clear(): void {
    this.rules = [];
  }

  /** The action for a request, counted as a hit. */
  take(method: string, path: string): FaultAction | null {
    for (const rule of this.rules) {
      if (!matches(rule, method, path)) continue;
      if (rule.skipped < (rule.skip ?? 0)) {
        rule.skipped += 1;
      } else if (rule.times === "always" || rule.hits < (rule.times ?? 1)) {
        rule.hits += 1;
        return rule.action;
      }
    }
    return null;
  }
}

function matches({ match = {} }: FaultRule, method: string, path: string): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== method) return false;
  return match.path === undefined || new RegExp(match.path).test(path);
}

const needs: Record<FaultAction["kind"], "status" | "ms" | "bytes" | null> = {
  answer: "status",
  answerAfter: "status",
  resetBefore: null,
  resetAfter: null,
  delay: "ms",
  hang: null,
  malformed: null,
  html: "status",
  empty: "status",
  huge: "bytes",
};

/** What is wrong with a rule, or null. */
export function faultProblem(rule: FaultRule): string | null {
  const { match, skip = 0, times = 1, action } = rule ?? {};
  if (!Object.hasOwn(needs, action?.kind)) {
    return `'action.kind' must be one of ${Object.keys(needs).join(", ")}.`;
  }
  const needed = needs[action.kind];
  if (needed && !isCount((action as unknown as Record<string, unknown>)[needed])) {
    return `The action '${action.kind}' needs '${needed}', a whole number from 0.`;
  }
  if (needed === "status" && !isStatus((action as { status: number }).status)) {
    return "'action.status' must be from 200 to 599.";
  }
  if (!isCount(skip)) return "'skip' must be a whole number from 0.";
  if (times !== "always" && !isCount(times)) return "'times' must be a whole number from 0, or \"always\".";
  try {
    new RegExp(match?.path ?? "");
  } catch (error) {
    return `'match.path' is no regular expression: ${(error as Error).message}.`;
  }
  return null;
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0;
}

function isStatus(value: number): boolean {
  return value >= 200 && value <= 599;
}
