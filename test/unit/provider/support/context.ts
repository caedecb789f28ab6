/** What a handler is given, without a platform, an engine or a disk; and time that passes when it is told to. */
import { afterEach, beforeEach, vi } from "vitest";
import type { CreateRecord } from "../../../../provider/src/createRecord.js";
import type { StepBudget } from "../../../../provider/src/genesys/retry.js";
import { countdown, machineTime } from "../../../../provider/src/genesys/time.js";
import type { Journal } from "../../../../provider/src/journal.js";
import type { Context, Log, Made, StackState, Unfinished } from "../../../../provider/src/resourceHandler.js";
import type { Settings } from "../../../../provider/src/settings.js";
import { FakeOrganisation } from "./fakeOrganisation.js";

/** Settings as a configured stack has them. */
export const SETTINGS: Settings = {
  region: "mypurecloud.de",
  credentials: { clientId: "id", clientSecret: "hunter2-the-client-secret" },
  validateReferences: "error",
  maxRetries: 5,
  requestTimeoutMs: 10_000,
  webhookSecrets: [],
  webhookRequired: false,
  webhookAllowPrivate: false,
  webhookFormat: "plain",
  auditLog: { otlp: false },
  warnings: [],
  tidied: [],
  keys: [],
};

/** A journal in memory. */
export function fakeJournal(entries: CreateRecord[] = []): Journal & { entries: Map<string, CreateRecord> } {
  const known = new Map(entries.map((entry) => [entry.urn, entry]));
  return {
    entries: known,
    find: async (urn) => known.get(urn),
    findUnlessStored: async (urn) => (known.get(urn)?.phase === "stored" ? undefined : known.get(urn)),
    // Which host it is of is the real one's affair.
    all: async () => [...known.values()].map((entry) => ({ host: SETTINGS.region, ...entry })),
    write: async (entry) => void known.set(entry.urn, entry),
    writeReturning: async (entry) => void known.set(entry.urn, entry),
    forget: async (urn) => void known.delete(urn),
    setAside: async (entry) => void known.set(`${entry.urn} ${entry.name}`, { ...entry, isAside: true }),
    settle: () => {},
  };
}

/** The state of a stack that cannot be read: no more is known of it than what this process has done. */
function fakeStackState(): StackState {
  const taken = new Set<string>();
  return {
    belongsTo: () => {},
    lookUpId: async (_, id) => taken.has(id) || undefined,
    lookUpKey: async () => undefined,
    lookUpCreating: async () => false,
    lookUpInOthers: async () => false,
    hasRead: () => {},
    reserve: (id) => !taken.has(id) && taken.add(id) !== undefined,
    expectsNothingOf: () => {},
    noteRemoval: async (_, id) => taken.has(id),
  };
}

/** A context around a fake organisation; its clocks are this machine's. */
export function fakeContext(
  organisation = new FakeOrganisation(),
  settings: Partial<Settings> = {},
  signal = new AbortController().signal,
) {
  /** Such as `warn urn: message`; the URN is missing for the stack's own lines. */
  const lines: string[] = [];
  const log = (urn?: string): Log => {
    const at = (severity: string) => (message: string) =>
      void lines.push(`${severity}${urn === undefined ? "" : ` ${urn}`}: ${message}`);
    return { info: at("info"), warn: at("warn"), status: at("status") };
  };
  const context: Context = {
    settings: { ...SETTINGS, ...settings },
    client: organisation,
    log,
    signal,
    ...machineTime,
    projectFolder: "/nonexistent",
    journal: fakeJournal(),
    stack: fakeStackState(),
    hide: (text) => text,
  };
  return { context, organisation, lines };
}

/** A step's budget. */
export const budgetOf = (milliseconds: number, signal = new AbortController().signal): StepBudget => ({
  left: countdown(machineTime.elapsed, milliseconds),
  signal,
  retryCount: 0,
});

/** Puts every test of the file on a virtual clock. */
export function useVirtualTime(): void {
  beforeEach(async () => {
    // Loaded in the middle of a test, it would let the virtual clock run away.
    await import("p-retry");
    vi.useFakeTimers({ now: Date.parse("2030-01-01T00:00:00Z") });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
}

/** Lets the virtual clock run until the promise is settled. */
export async function inTime<T>(promise: Promise<T>): Promise<T> {
  if (!vi.isFakeTimers()) return promise;
  let settled = false;
  const done = () => {
    settled = true;
  };
  promise.then(done, done);
  // Settles what needs no time before the clock moves on, so that times in results are exact.
  await vi.advanceTimersByTimeAsync(0);
  for (let step = 0; !settled && step < 100_000; step++) {
    if (vi.getTimerCount() > 0) await vi.advanceTimersToNextTimerAsync();
    else await vi.advanceTimersByTimeAsync(0);
  }
  return promise;
}

/** What a create or an update has brought about. @throws the error of `errorOf` where it is unfinished */
export async function done<State>(step: Promise<Made<State>>): Promise<Made<State>> {
  const made = await step;
  if (made.unfinished !== undefined) throw errorBearing(made, made.unfinished);
  return made;
}

/** The state that `done` ends with. */
export const stateAfter = async <State>(step: Promise<Made<State>>): Promise<State> =>
  (await done(step)).state;

/** How a step fails: the error that it is rejected with, or that of what is unfinished, with what is kept. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into the fields of every kind of error
export async function errorOf(promise: Promise<unknown>): Promise<any> {
  return inTime(
    promise.then(
      (value) => {
        const made = value as Made<unknown> | undefined;
        if (made?.unfinished !== undefined) return errorBearing(made, made.unfinished);
        throw new Error(`expected a failure, got ${JSON.stringify(value)}`);
      },
      (error: unknown) => error,
    ),
  );
}

const errorBearing = ({ id, state }: Made<unknown>, { error, why }: Unfinished) =>
  Object.assign(error, { id, state, unfinished: why });
