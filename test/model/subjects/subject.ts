/**
 * What the model has to know of a kind of resource: what its programs say, and how the organisation holds its objects.
 * Everything else, the invariants above all, is the same for every kind.
 */
import type { Properties } from "../support/providerProcess.js";

/** What a program says of a resource of whatever kind; small sets, so that edits meet each other. */
export interface CommonSpec {
  /** What no two objects of a kind share. `auto` leaves it to the provider; the others are the resource's own two explicit ones. */
  key: "auto" | "a" | "b";
  onConflict: "fail" | "adopt" | undefined;
  webhook: number | undefined;
  /** Whether a create gives up after 20 seconds. */
  impatient: boolean;
}

/** An object as the organisation keeps it, in the program's words. */
export interface StoredObject {
  kind: string;
  id: string;
  /** Empty where it has none yet. */
  key: string;
  name: string;
  version: number;
  /** Is another after every write to it, whoever wrote. */
  stamp: string;
  /** Which of the kind's choices it is in the fields that no update can change; -1 where it is none of them. */
  fixed: number;
  fields: Properties;
}

/** What a person can do to an object. */
export type Change = "description" | "status" | "targets" | "name" | "nothing";

/** A kind of resource. */
export interface Subject<Spec extends CommonSpec = CommonSpec> {
  /** As objects and messages call it. */
  kind: string;
  /** The type of its resources. */
  type: string;
  stub: string;
  idOutput: string;
  keyField: string;
  /** The path of the list, without a query. */
  list: string;
  /** The fields that a program gives, beside those that every kind has. */
  args(spec: Spec): Properties;
  /** What the organisation must hold for a spec; the derived fields are left out. */
  asked(spec: Spec): Properties;
  /** Which of the kind's choices a spec is in the fields that no update can change. */
  fixed(spec: Spec): number;
  /** Its objects, in what the control plane shows of the organisation. */
  objectsIn(organisation: Properties): StoredObject[];
  /** The same change of the state that is kept: what differs after a write that the state does not know. */
  stampIn(outputs: Properties): string;
  /** What the control plane takes to add an object, and to change one. */
  backDoor: {
    path: string;
    added(key: string, fixed: number): object;
    changed(object: StoredObject, change: Change): object;
  };
}
