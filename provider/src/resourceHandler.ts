/** The contract of a resource handler: what it is given, and what each step of it answers. */
import type { GenesysClient } from "./genesys/client.js";
import type { Time } from "./genesys/time.js";
import type { Journal } from "./journal.js";
import type { Hidden } from "./masking.js";
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
export interface Context extends Time {
  /** @throws SettingsError when the configuration is not usable. */
  readonly settings: Settings;
  /** Made at the first use. @throws SettingsError when there is nothing to log in with. */
  readonly client: GenesysClient;
  /** Lines that belong to the resource of this URN; without one, to the stack. */
  log(urn?: string): Log;
  /** Ends every request and every pause when it aborts. */
  readonly signal: AbortSignal;
  /** The folder of the Pulumi project: where files go whose place is not given in full. */
  readonly projectFolder: string;
  /** What this machine remembers of creates that were cut short. */
  readonly journal: Journal;
  /** What the stack keeps already. */
  readonly stack: StackState;
  /**
   * What the platform says, fit to be told: without the secrets of the settings and, within a step, without the values
   * that it was given, which may be secret in the program. Never throws.
   */
  hide(text: string): string;
  /** Where the requests that the step under way has to repeat are counted; each step has its own. */
  readonly tally?: Tally;
}

/** The stack's state, as it stood when it was first asked for. Slow: only what nothing else can tell is asked. */
export interface StackState {
  /** The program has said which organisation of Pulumi's the stack is in: with it the stack's name is complete. */
  belongsTo(organization: string): void;
  /**
   * Looks whether the stack keeps an object with this id; `undefined` where that cannot be told.
   *
   * @param urn of any resource of the stack.
   * @param key the object's: what the stack is still making under that key may be it.
   */
  lookUpId(urn: string, id: string, key?: string): Promise<boolean | undefined>;
  /**
   * Looks whether another stack of the project keeps an object with this id, as after `pulumi state move` or `stack rename`; `false`
   * also where that cannot be told. The slowest question of all: every stack's state is asked for.
   */
  lookUpInOthers(urn: string, id: string, key?: string): Promise<boolean>;
  /** Looks for the key of a resource's object, or of the one that it is to replace; `undefined` where none is known. */
  lookUpKey(urn: string): Promise<StackKey | undefined>;
  /**
   * Looks whether a create of the resource was cut short, as the engine has noted before it began; `undefined` where that cannot
   * be told. It tells of earlier runs where it is first asked before this one creates anything.
   */
  lookUpCreating(urn: string): Promise<boolean | undefined>;
  /**
   * A read of this process has found an object under this key, or gone where there is none. The engine knows from then
   * on, and may not have written it down yet.
   */
  hasRead(id: string, key: string | undefined): void;
  /** A create of this process brings an object into the stack: nobody else does. @returns whether it is the first. */
  reserve(id: string): boolean;
  /** A job that the stack knows of is at an end: what bears its name now is not its. */
  expectsNothingOf(jobId: string): void;
  /**
   * A resource is deleted that manages this object: finds out whether another resource of the stack manages it, too, and stays.
   * An object that was imported or adopted can be two resources, or the old and the new one of a replacement that was cut short.
   * A run with `--replace` may adopt the very object that it then deletes as the old one.
   *
   * @param isKnownById whether the stack knows the one that goes by this id, and not by its job alone; default: it does.
   * @returns `false` also where it cannot be told.
   */
  noteRemoval(urn: string | undefined, id: string, isKnownById?: boolean): Promise<boolean>;
}

/** The key of a resource's object, as the stack's state has it. */
export interface StackKey {
  key: string;
  /** Its resource only waits to be deleted, and there is no other of that URN. */
  isLeaving: boolean;
}

/** What a step has cost so far. */
export interface Tally {
  /** Requests that had to be repeated. */
  retryCount: number;
}

/** What is told of a resource outside of the engine, whatever its kind. */
export interface Summary {
  /** Its id in the organisation, once it is known. */
  id?: string;
  name: string;
  /** What no two objects of the kind share: of a source its name, of an integration its suffix. */
  key: string;
  /** As the API reported it last. */
  status?: string;
  version?: number;
  /** The job that made it, or is still at it. */
  jobId?: string;
  urn?: string;
  /** Where its notices go. Secret. */
  webhookUrl?: string;
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

/** What a create or an update has brought about. */
export interface Made<State> {
  /** The resource's id in the stack; an update cannot give it another. */
  id: string;
  /** What is known. */
  state: State;
  /** Absent where it is done. Else the engine keeps `id` and `state`, shows why, and the next `up` goes on from there. */
  unfinished?: Unfinished;
}

/** Why the rest of a create, or of an update, is still to be done. */
export interface Unfinished {
  /** What the user is shown, and what has led to it. */
  error: Error;
  /** Kept in the state as `__unfinished`. */
  why: string;
}

/**
 * A kind of resource, free of any engine: observe, then ensure, then wait, then return. Every step can be run
 * again after a crash at any line and converges.
 */
export interface ResourceHandler<Inputs, State> {
  /** Names the kind in messages, such as `EventBridge source`. */
  readonly kind: string;
  /** Inputs and outputs that are never shown or stored in plain. */
  readonly secrets: readonly string[];
  /**
   * The values of these properties that a step sends, each with what stands in its place where the platform repeats it:
   * a provider is not told which of them are secret in the program. Words of the API itself are none of them.
   */
  valuesSent?(properties: object): Hidden[];
  /** Whether a state was read from the API, as opposed to the bare arguments of a `get`. */
  isState(properties: object): boolean;
  /** What to tell of a resource that has these inputs, or this state. @param id its id in the stack, if it has one. */
  summary(properties: Inputs | State, id?: string): Summary;
  check(
    context: Context,
    olds: Partial<Inputs> | undefined,
    news: Record<string, unknown>,
  ): Promise<Checked<Inputs>>;
  /**
   * Insists that the object is in the organisation that the settings lead to. Without a call as long as they are those that
   * it was made or changed through last.
   *
   * @throws Error where it is in another: a resource cannot move.
   */
  insistOnOrganization?(context: Context, about: { id: string; state: State }): Promise<void>;
  diff(olds: State, news: Inputs): Difference;
  /**
   * Creates an object, or imports the one that the inputs name as `__import`: unchanged, or not at all.
   *
   * @throws Error when nothing was made.
   */
  create(context: Context, inputs: Inputs): Promise<Made<State>>;
  /** `undefined`: it is gone. "Not allowed" is an error, never gone. */
  read(
    context: Context,
    id: string,
    state: State | undefined,
  ): Promise<{ id: string; state: State; inputs: Inputs } | undefined>;
  /** @throws Error when there is nothing to keep but the old state. */
  update(context: Context, id: string, olds: State, news: Inputs): Promise<Made<State>>;
  /** @returns `"kept"` where the object is not to be deleted, although the engine asks for it. */
  delete(context: Context, id: string, state: State): Promise<"deleted" | "kept">;
  /**
   * The engine has shown that this is in the stack's state.
   *
   * @param about.urn as it is now.
   * @param about.isReplaced whether another object takes its place next.
   */
  inState?(
    context: Context,
    about: { id: string; state: State; urn: string | undefined; isReplaced: boolean },
  ): Promise<void>;
}
