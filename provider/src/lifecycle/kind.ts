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
import type { Draw } from "./drawing.js";
import type { Foretold } from "./foretold.js";
import type { InPrograms } from "./inPrograms.js";
import type { Inputs, Properties } from "./inputs.js";
import type { KindApi, Observed } from "./kindApi.js";
import type { Listing } from "./listing.js";
import { listingOf } from "./listings.js";
import type { SetUp } from "./setUp.js";

/**
 * How far an object is on the way to what is asked for, once its fields are written. `asked otherwise`: it is on its way to
 * something else, because a read lags behind, or somebody has asked for that.
 */
export type Standing = "reached" | "on its way" | "asked otherwise" | { failed: string };

/** A kind of resource. */
export interface Kind {
  /** The type of its resources, as it stands in states and URNs: a permanent contract. */
  readonly type: string;
  /** The code that stands in states in the place of the provider: a permanent contract, too. */
  readonly stub: string;
  /**
   * Names one in messages, such as `EventBridge source`. A permanent contract as well: records and notices are named by it,
   * and its last word names the field that bears the id in them, such as `source_id`. That cannot be `job_id`.
   */
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
  /** Whether an object that its job is still making may look like what is asked for already; default: it does not. */
  looksDoneEarly?(wanted: Inputs): boolean;
  /** The id of the Genesys Cloud organisation that an object is in, of kinds whose states tell it. */
  organizationIn?(state: Properties): string | undefined;
  /** What is said where it does not get there. */
  notReached(observed: Observed, wanted: Inputs): string;
  api(client: GenesysClient, budget: StepBudget): KindApi;
  /** How programs write one. */
  readonly inPrograms: InPrograms;
  /** How pictures show one. */
  readonly draw: Draw;
}

/** What has failed is brought about anew: whoever runs this again has mended why. */
export const hasFailed = ({ kind }: Pick<KindStep, "kind">, object: Observed, wanted: Inputs): boolean =>
  typeof kind.standing(object, wanted) === "object";

/** A step on an object of a kind. */
export interface KindStep extends Step {
  readonly kind: Kind;
  readonly api: KindApi;
  /** What the list shows, which all steps of the process share. */
  readonly listing: Listing;
}

/** Starts the clock of a step on an object of a kind. @param timeout a checked duration such as `10m` */
export function beginOn(kind: Kind, context: Context, timeout: string): KindStep {
  const step = beginStep(context, timeout);
  const { client, elapsed } = context;
  const listing = listingOf(kind.type, { client, elapsed }, (budget) => kind.api(client, budget));
  const api = telling(listing, kind.api(client, step.budget));
  return Object.assign(step, { kind, api, listing });
}

/** The same calls; before one that changes an object the listing is told. */
const telling = (listing: Listing, api: KindApi): KindApi => ({
  ...api,
  update: (id, from, to) => {
    listing.writes(id);
    return api.update(id, from, to);
  },
  remove: (id) => listing.removes(id, () => api.remove(id)),
});

/** The id of the object that a state is about. */
export const objectIdIn = ({ idOutput }: Pick<Kind, "idOutput">, state: Properties): string | undefined =>
  state[idOutput] as string | undefined;

/** What bears the key of this object, or of what inputs ask for. */
export const keyOf = ({ key }: Pick<Kind, "key">, fields: Properties): string => String(fields[key.field]);
