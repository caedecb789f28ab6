import type { GenesysClient } from "./genesys/client.js";
import type { Settings } from "./settings.js";

/** A problem with an input: where, and what is allowed. */
export interface Problem {
  /** The property path, such as `filters[0].conditions[2].operator`; empty for the resource as a whole. */
  path: string;
  reason: string;
}

/** Lines for the person watching. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  /** What is going on right now; replaces the previous status and is not kept. */
  status(message: string): void;
}

/** What every step is given; no engine is needed to make one. */
export interface Context {
  /** @throws SettingsError when the configuration is not usable. */
  readonly settings: Settings;
  /** Made at the first use. @throws SettingsError when there is nothing to log in with. */
  readonly client: GenesysClient;
  /** Lines that belong to the resource of this URN; without one, to the stack. */
  log(urn?: string): Log;
  /** Ends every request and every pause when it aborts. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** What separates a state from new inputs. */
export interface Difference {
  /** Inputs ask for something else than the state holds. */
  inputs: boolean;
  /** The state calls for an update although the inputs may agree with it: a step is unfinished. */
  unfinished: boolean;
  /** Inputs that no update can change. */
  replaces: string[];
  /** The new object could not exist beside the old one. */
  deleteBeforeReplace: boolean;
}

/** The result of `check`: complete inputs, or every problem at once. */
export type Checked<Inputs> = { inputs: Inputs } | { problems: Problem[] };

/**
 * A kind of resource, free of any engine: observe, then ensure, then wait, then return. Every step can be run
 * again after a crash at any line and converges.
 */
export interface ResourceHandler<Inputs, State> {
  /** Names the kind in messages, such as `EventBridge source`. */
  readonly kind: string;
  /** Inputs and outputs that are never shown or stored in plain. */
  readonly secrets: readonly string[];
  /** Whether a state was read from the API, as opposed to the bare arguments of a `get`. */
  isState(properties: object): boolean;
  check(
    context: Context,
    olds: Partial<Inputs> | undefined,
    news: Record<string, unknown>,
  ): Promise<Checked<Inputs>>;
  diff(olds: State, news: Inputs): Difference;
  /** @throws PartialStepError when something was made and the rest is still to be done. */
  create(context: Context, inputs: Inputs): Promise<{ id: string; state: State }>;
  /** `undefined`: it is gone. "Not allowed" is an error, never gone. */
  read(
    context: Context,
    id: string,
    state: State | undefined,
  ): Promise<{ id: string; state: State; inputs: Inputs } | undefined>;
  /** @throws PartialStepError when something was changed and the rest is still to be done. */
  update(context: Context, id: string, olds: State, news: Inputs): Promise<State>;
  delete(context: Context, id: string, state: State): Promise<void>;
}

/**
 * A create or update that got part of the way. The engine keeps `id` and `state`, shows the message, and the
 * next `up` goes on from there.
 */
export class PartialStepError extends Error {
  /** Why it is not finished; kept in the state as `__unfinished`. */
  readonly unfinished: string;
  /** What is known so far. */
  readonly state: object;
  /** The resource's id so far. */
  readonly id: string;

  constructor(
    message: string,
    known: { id: string; state: object; unfinished: string },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "PartialStepError";
    this.id = known.id;
    this.state = known.state;
    this.unfinished = known.unfinished;
  }
}
