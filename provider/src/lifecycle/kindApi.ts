/** The calls on objects of a kind, and how answers show them. */
import type { Place } from "../genesys/pages.js";
import type { StepBudget } from "../genesys/retry.js";
import type { Inputs, Properties } from "./inputs.js";

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
  /** Since when it stands so, in milliseconds since the epoch by the organisation's clock; absent where it does not say. */
  standsSince?: number;
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
  /**
   * @param budget of the step that observes; default: of the one that has asked.
   * @throws GenesysError `answer.malformed`, naming what of it cannot be understood.
   */
  observe(budget?: StepBudget): Promise<Observed>;
}

/** A page of a list. */
export interface ShownPage {
  /** Those of the kind. */
  shown: Shown[];
  /** The ids of all that is on the page, which can be of other kinds, too. */
  ids: string[];
  /** How many there are on all pages, where the server tells. */
  total?: number;
  /** How many pages there are, as far as this one tells. */
  pages?: number;
  /** Where the list goes on; absent on its last page. */
  next?: Place;
}

/**
 * A page that shows these objects. A server may ignore the name that was asked for: what others have there is nobody's
 * business here, in whatever shape it is.
 */
export const pageShowing = (
  all: readonly Shown[],
  ids: string[],
  name: string | undefined,
  { total, pages, next }: Pick<ShownPage, "total" | "pages" | "next">,
): ShownPage => ({
  shown: all.filter((each) => name === undefined || each.name === name),
  ids,
  total,
  pages,
  next,
});

/** What the API makes of a POST: an id, a job that will see to it, or both. */
export type PostAnswer = {
  id?: string;
  jobId?: string;
  /** As the answer shows it, where that is all there is to know. */
  seen?: Observed;
};

/** What the API makes of a change: a job that will see to it, or the object as it is now, where the answer shows it whole. */
export type ChangeAnswer =
  | { jobId: string }
  | {
      observed?: Observed;
      /** The version that the object has by it, where that is told; not every change makes a new one. */
      version?: number;
    };

/** The calls on objects of a kind, within one step's budget. Errors are `GenesysError`s. */
export interface KindApi {
  get(id: string): Promise<Observed>;
  /** The same object, before anything of it is relied on. */
  show(id: string): Promise<Shown>;
  /**
   * Every object, or every one of a name, page after page; those that this process has deleted may be among them.
   *
   * @param from where it is to go on; default: at the beginning.
   */
  pages(name?: string, from?: Place): AsyncIterable<ShownPage>;
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
