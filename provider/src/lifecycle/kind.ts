/**
 * What a kind of resource tells of itself: its words, its fields, its calls. Everything else, crash safety above all, is
 * the lifecycle's, and the same for every kind.
 */
import type { AccessRule } from "../genesys/access.js";
import type { GenesysClient } from "../genesys/client.js";
import type { GenesysError } from "../genesys/errors.js";
import type { StepBudget } from "../genesys/retry.js";
import type { Checked, Context, Problem } from "../resourceHandler.js";
import { beginStep, type Step } from "../step.js";
import type { Foretold } from "./foretold.js";
import type { InPrograms } from "./inPrograms.js";
import type { SetUp } from "./setUp.js";

/** Properties by their names in the program. */
export type Properties = Record<string, unknown>;

/** What a program can write of every kind. */
export type CommonInputs = {
  name: string;
  /** Secret. */
  webhookUrl?: string;
  onConflict?: "fail" | "adopt";
  timeouts?: { create?: string; update?: string; delete?: string };
  /** The resource's URN: names the derived name, the log lines, the audit record. */
  __urn?: string;
  /** The key was derived, not chosen by the user. */
  __autonamed?: boolean;
  /** The other fields that were. */
  __automatic?: readonly string[];
  /** In the place of the webhook address, where the program leaves that to the configuration: its hash. */
  __defaultWebhook?: string;
  /** The hash of the webhook address that was asked for last, while the organisation has another. */
  __ownWebhook?: string;
  /** The object that a create is to import as it is, instead of making one. In no state. */
  __import?: string;
};

/** What only the API or a step can tell, of every kind. */
export type CommonOutputs = {
  /** The version that the next change must bear. */
  version?: number;
  /** The job that made it; absent when the API made it at once. */
  jobId?: string;
  /** Seconds that the last create or update took. */
  latencySeconds?: number;
  /** Requests that the last create or update had to repeat. */
  retryCount?: number;
  /** The end of the audit log after the last create or update, such as `12:9f86d0…`; absent when there is none. */
  auditHead?: string;
  /** The audit log that `auditHead` is of: the hash of its first record. */
  __auditLog?: string;
  /**
   * What the program asked for, by the field, where the platform keeps that otherwise; `null` where it asked for none. The
   * field itself bears what is kept. Secret, since values of programs can be.
   */
  __asked?: Properties & { webhookUrl?: string | null };
  /** Where it was made or changed last: the host of the region, or of the gateway. */
  __host?: string;
  /**
   * When it was about to be posted, at the earliest, while it is unfinished: in milliseconds since the epoch, by the
   * organisation's clock.
   */
  __postedAt?: number;
  /**
   * When it was posted, by the same clock, of a kind whose create may end before any read has shown it: for as long as reads
   * lag behind, "not found" may still mean "not yet".
   */
  __madeAt?: number;
  /** When what was posted must have come about, at the latest, while it is unfinished; by the same clock. */
  __until?: number;
  /** It was met there while it is unfinished, and not made by what the state tells of: its address may be another. */
  __met?: boolean;
  /**
   * What a create or update that got part of the way still has to do, in words. Refresh forgets the engine's own marks of
   * an unfinished step, so the state bears this one.
   */
  __unfinished?: string;
};

/** Checked inputs: complete, defaults applied. In a preview any of them may be unknown. */
export type Inputs = CommonInputs & Properties;

/** What is kept in the stack's state. */
export type State = Inputs & CommonOutputs;

/** An object as an answer shows it, in the program's words. */
export interface Observed {
  id?: string;
  /** Every field that the kind has; what the answer leaves out is empty. */
  fields: Properties;
  /** Fields that the API keeps to itself: they are not among the fields, and can be anything. */
  unshown: readonly string[];
  /** The version that the next change must bear. */
  version?: number;
  /** When it was made, in milliseconds since the epoch by the organisation's clock; absent where it does not say. */
  madeAt?: number;
  /** What only the API knows of it, by the output. The id and the version are among them. */
  outputs: Properties;
  /** What the platform says of how it stands, fit to be told. */
  said?: string;
  /** It was posted and has got nothing of its own yet: whatever the program asks for can still be set. */
  isBare?: boolean;
}

/** An object as an answer shows it, before anything of it is relied on. */
export interface Shown {
  /** Absent where the answer bears none that could be one. */
  id?: string;
  /** Empty where the answer bears none. */
  name: string;
  /** What the answer leaves out of the object: that is empty, or is not shown. */
  lacks: readonly string[];
  /** @throws GenesysError `answer.malformed`, naming what of it cannot be understood. */
  observe(): Promise<Observed>;
}

/** A page of a list. */
export interface ShownPage {
  /** Those of the kind. */
  shown: Shown[];
  /** The ids of all that is on the page, which can be of other kinds, too. */
  ids: string[];
  /** How many there are on all pages, where the server tells. */
  total?: number;
}

/** What the API makes of a POST: an id, a job that will see to it, or both. */
export type PostAnswer = {
  id?: string;
  jobId?: string;
  /** As the answer shows it, where that is all there is to know. */
  seen?: Observed;
};

/** What the API makes of a change: a job that will see to it, or the object as it is now, where the answer shows it whole. */
export type ChangeAnswer = { jobId: string } | { observed?: Observed };

/** The calls on objects of a kind, within one step's budget. Errors are `GenesysError`s. */
export interface KindApi {
  get(id: string): Promise<Observed>;
  /** The same object, before anything of it is relied on. */
  show(id: string): Promise<Shown>;
  /** Every object, or every one of a name, page after page; those that this process has deleted may be among them. */
  pages(name?: string): AsyncIterable<ShownPage>;
  /**
   * Every object that a list shows under a key, but for those that this process has deleted. A list may lag behind, and
   * shows no more of an object than it likes.
   */
  bearers(key: string): AsyncIterable<Observed>;
  /** Every object that a list shows as it was posted under a token; of kinds that post under one. */
  posted?(token: string): AsyncIterable<Observed>;
  /** One POST, under the token of a kind that has one. @throws GenesysError `answer.malformed` where the answer bears neither a job nor an id: it is as good as lost. */
  create(inputs: Inputs, token?: string): Promise<PostAnswer>;
  /**
   * Brings an object to what is asked for.
   *
   * @param from what is known of it: the last state, or what was just observed, its outputs included. It bears the version
   *   that is sent.
   */
  update(id: string, from: Properties & { version?: number }, to: Inputs): Promise<ChangeAnswer>;
  /** @returns `"missing"` where it is gone already. */
  remove(id: string): Promise<"missing" | { jobId?: string }>;
  /** It is gone, or its deletion has gone through: it is found by its key no more. */
  noteDeleted(id: string): void;
}

/** How far an object is on the way to what is asked for, once its fields are written. */
export type Standing = "reached" | "on its way" | { failed: string };

/** A kind of resource. */
export interface Kind {
  /** The type of its resources, as it stands in states and URNs: a permanent contract. */
  readonly type: string;
  /** The code that stands in states in the place of the provider: a permanent contract, too. */
  readonly stub: string;
  /** Names one in messages, such as `EventBridge source`. */
  readonly label: string;
  /** The same in a sentence that says already which product it is about, such as `source`. */
  readonly noun: string;
  /** The output that bears an object's id, such as `sourceId`. */
  readonly idOutput: string;
  /** Inputs and outputs that are never shown or stored in plain. */
  readonly secrets: readonly string[];
  /** The fields that can drift, in the order in which messages name them. */
  readonly fields: readonly string[];
  /** Fields that no update can change. */
  readonly replacing: readonly string[];
  /** Fields that a POST does not carry: they are brought about once the object is there. */
  readonly notPosted: readonly string[];
  /** The field that no two objects share; where the program leaves it out it is derived from the URN. */
  readonly key: {
    readonly field: string;
    /** Characters. */
    readonly longest: number;
    /** Brings a resource's name into the characters that the field allows. */
    fit(text: string): string;
  };
  /** Other fields that are derived from the URN where the program leaves them out; no two objects need differ in them. */
  readonly alsoDerived?: readonly string[];
  /**
   * Of a kind whose POST bears no key: what its object is called until its key is written, derived from the URN, so that what
   * was posted is known again on whatever machine. Nobody else gives it.
   */
  token?(urn: string): string;
  /** The output that tells how an object is, such as `status`. */
  readonly statusOutput: string;
  /** How long it may take to get to what is asked for, once it is written: as long as reads lag, or all of the step. */
  readonly settles: "as reads do" | "in its own time";
  /** Whether a write was refused because another object has the key; default: by the status 409. */
  isKeyTaken?(error: GenesysError): boolean;
  /** What its calls take. */
  readonly access: readonly AccessRule[];
  /** What an organisation must have set up for it besides; of kinds that take more than that. */
  readonly setUp?: SetUp;
  /** How long each step may take by default. */
  readonly timeouts: Readonly<Record<"create" | "update" | "delete", string>>;
  /** Words that the API itself uses: taken out of its messages they would make them unreadable, and tell nothing. */
  readonly ownWords: ReadonlySet<string>;
  /** Every problem with what a program wrote, at its path; or what it asks for. Its key may still be missing. */
  parse(written: Properties): Checked<Properties>;
  /** What a program leaves open and other inputs tell; its derived fields are filled in already. */
  complete(inputs: Inputs): Inputs;
  /** Whether inputs refer to other objects than before, and so have to be looked up. */
  refersElsewhere(olds: Properties | undefined, news: Properties): boolean;
  /**
   * What is wrong with the objects that inputs refer to. Unknown ones are taken on trust. What is only doubtful is warned of
   * in the context's log.
   */
  checkReferences(
    context: Context,
    inputs: Properties & { __urn?: string },
    budget: StepBudget,
  ): Promise<Problem[]>;
  /** Outputs that can be told before the API has made anything; of kinds that have such. */
  readonly foretold?: Foretold;
  /** What these are called together, such as `topics and targets`. */
  readonly references: string;
  /** What a POST sends, secrets left out: to know an object again whose POST was not answered. */
  sent(fields: Properties): unknown;
  /** How far an object is on its way to what is asked for. */
  standing(observed: Observed, wanted: Inputs): Standing;
  /** What is said where it does not get there. */
  notReached(observed: Observed, wanted: Inputs): string;
  api(client: GenesysClient, budget: StepBudget): KindApi;
  /** How programs write one. */
  readonly inPrograms: InPrograms;
}

/** A step on an object of a kind. */
export interface KindStep extends Step {
  readonly kind: Kind;
  readonly api: KindApi;
}

/** Starts the clock of a step on an object of a kind. @param timeout a checked duration such as `10m` */
export function beginOn(kind: Kind, context: Context, timeout: string): KindStep {
  const step = beginStep(context, timeout);
  return Object.assign(step, { kind, api: kind.api(context.client, step.budget) });
}

/** The id of the object that a state is about. */
export const objectIdIn = ({ idOutput }: Pick<Kind, "idOutput">, state: Properties): string | undefined =>
  state[idOutput] as string | undefined;

/** What bears the key of this object, or of what inputs ask for. */
export const keyOf = ({ key }: Pick<Kind, "key">, fields: Properties): string => String(fields[key.field]);
