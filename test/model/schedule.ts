/** A life of a stack, as plain data: what is done, and what goes wrong. */
import type { FaultRule, JobOutcome, StateOutcome, Variants } from "genesyscloud-sandbox";
import type { Spec } from "./subjects/index.js";
import type { Change } from "./subjects/subject.js";

/** Something that a person does in the organisation, behind Pulumi's back. `pick` chooses among the objects there. */
export type ByHand =
  | { by: "add"; resource: number; key: "a" | "b"; fixed: number }
  | { by: "change"; pick: number; field: Change }
  | { by: "remove"; pick: number };

/** What goes wrong during an operation. */
export interface Trouble {
  faults: FaultRule[];
  /** What becomes of the next jobs. */
  jobs: JobOutcome[];
  /** What becomes of the next changes of an integration's state. */
  states: StateOutcome[];
  /** A scope of the token, or a permission of its role. */
  withdrawn: string | undefined;
  /** Something that happens while a request is under way, counted from 0. */
  meanwhile: { at: number; act: ByHand | { by: "revoke" } } | undefined;
  /**
   * The provider is killed at a request, counted from 0: before the request is carried out, or after. With `power` it
   * is the machine's power that fails: what was not synced to the disk is lost, and the engine dies with it.
   */
  kill: { at: number; after: boolean; power: boolean } | undefined;
  receiver: ReceiverTrouble | undefined;
}

/** What the receiver of notices does with the first requests: answers with a status, or nothing at all. */
export interface ReceiverTrouble {
  does: number | "reset" | "hang";
  times: number | "always";
}

export const CALM: Trouble = {
  faults: [],
  jobs: [],
  states: [],
  withdrawn: undefined,
  meanwhile: undefined,
  kill: undefined,
  receiver: undefined,
};

/**
 * Something that is done to the names of resources, or to the state, without a provider. `alias`: the program gives a
 * resource another name, and says so. `move`: a resource, with its part of the program, to the other stack. `pick` chooses
 * among the resources that are in a state.
 */
export type StateEdit = { edit: "taint" | "alias" | "move"; pick: number } | { edit: "rename stack" };

/** Operations that bring about what the program asks for. */
export const UPS: readonly Round["operation"][] = ["up", "up --refresh", "replace"];

/** Some edits, then one operation. */
export interface Round {
  /** Whether it is about the second stack of the project, if that has anything. */
  second: boolean;
  edits: { resource: number; spec: Spec | null }[];
  byHand: ByHand[];
  stateEdits: StateEdit[];
  operation: "up" | "up --refresh" | "preview" | "refresh" | "destroy" | "import" | "replace";
  /** Which resource an import or a replace is about. */
  pick: number;
  /** Whether the operation gets a process of its own. */
  another: boolean;
  /** Whether it runs on another machine: with a project folder in which nothing was left. */
  elsewhere: boolean;
  trouble: Trouble;
}

/** A life of a stack. Plain data: what fails can be written down as a test. */
export interface Schedule {
  variants: Partial<Variants>;
  jobMs: number;
  /** How long an integration takes to become active or inactive, in milliseconds. */
  stateMs: number;
  /** Requests in five seconds. */
  allowed: number | undefined;
  /** Resources that begin in the second stack of the project. */
  inSecond: number[];
  rounds: Round[];
}
