/** A kind of resource as the subject of a story: what of the story depends on the kind. */
import type { Organisation } from "../organisation.js";

/** Arguments of a program, and what an organisation has of them, both in the program's words. */
export type Fields = Record<string, unknown>;

/** An object as the organisation has it. */
export interface Seen {
  id: string;
  version: number;
  /** What matchers may stand in, where stories compare it. */
  fields: Fields;
}

/** Calls, as a rule for faults names them. */
export interface Calls {
  method: string;
  path?: string;
}

export interface Subject {
  /** Its class, which the titles of the stories bear. */
  resource: "EventBridgeSource" | "EventBridgeIntegration";
  /** How messages call one. */
  label: string;
  /** What the control plane calls them together. */
  collection: "sources" | "integrations";
  /** The output that bears an object's id. */
  idOutput: string;
  /** What its stub requires of the runtime. */
  entry: string;
  /** The permission or scope that reading one takes. */
  readRight: string;

  /** The least that one needs, and what comes of it. */
  minimal: Fields;
  defaults: Fields;
  /** More than the least, and what comes of it. */
  full: { args: Fields; fields: Fields };
  /** The same as `full`, written in another order. */
  reordered: Fields;
  /** A field of text that everybody may change, and its default. */
  text: { field: string; initial: string };
  /** A value for each field that is changed in place. */
  mutable: Fields;
  /** The field in which no two objects agree, and a value that a program may choose. */
  key: { field: string; chosen: string };
  /** Changes that replace: the first of one that can be made before the old one goes, the others of some that cannot. */
  replacing: { before: Fields; after: Fields }[];
  /** An argument that a program may have as a secret besides its text: the place, the value, and the argument with it. */
  secret: { path: string; value: string; args(value: string): string };
  /** A program of which much is wrong, each place of it, and what is said of some. */
  wrong: { args: Fields; paths: string[]; says: string[] };
  /** Arguments of which everything is unknown at preview: `later(value)` makes it so. A text each, of a program. */
  unknown: string[];
  /** What comes of the first of them. */
  known: Fields;

  /** The calls of a create without trouble, ids and queries left out. */
  createCalls: string[];
  post: Calls;
  read: Calls;
  /** What is asked for while a create is on its way. */
  poll: Calls;
  /** The last change of a create of `lastArgs`, and the call at which it is cut short when all is posted. */
  last: Calls;
  lastArgs: Fields;
  cut: Calls;
  /** A field that a refused PUT is about: in the API's words, and in the program's. */
  refused: { fieldName: string; property: string };
  /** What messages say of one that is not there in time, and of one in a state that forbids to wait. */
  late: RegExp;
  failed: RegExp;

  seen(stored: Fields): Seen;
  /** Fields in the words of the control plane. */
  stored(fields: Fields): Fields;
  /** What a newly configured address is told until the end: a platform that is not sent it has seen no update. */
  toldAtNextAddress: string[];
  /** A change that raises the version and touches nothing of the program's. */
  untold: Fields;
  /** The next create ends in a state that forbids to wait. */
  fail(organisation: Organisation): Promise<void>;
  /** The next create never gets there by itself; `arrive` brings it there. */
  stall(organisation: Organisation): Promise<void>;
  arrive(organisation: Organisation): Promise<void>;
}
