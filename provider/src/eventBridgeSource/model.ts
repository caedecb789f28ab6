/** What is kept of a source: its fields, in the organisation and in the stack's state. */
import type { CommonInputs, CommonOutputs } from "../lifecycle/inputs.js";
import type { Operator } from "./args.js";

/** A condition as the provider keeps it. */
export interface Condition {
  field: string;
  operator: Operator;
  value: string | number | boolean;
}

/** A filter, its action filled in. */
export interface Filter {
  name: string;
  conditions: Condition[];
  action: string;
}

/** A target, its priority filled in. */
export interface Target {
  targetId: string;
  priority: number;
}

/** What of a source lives in the API, in the program's words: the fields that can drift. */
export type SourceFields = {
  name: string;
  description: string;
  sourceType: string;
  eventTopicId: string;
  filters: Filter[];
  /** In order of priority. */
  targets: Target[];
  /** In inputs the desired status; in a state the one the API reported. */
  status: string;
  /** Secret. */
  webhookUrl?: string;
};

/** Checked inputs: complete, defaults applied. In a preview any of them may be unknown. */
export type SourceInputs = SourceFields & CommonInputs;

/** What only the API or a step can tell. */
export type SourceOutputs = CommonOutputs & {
  /** The source's id; absent while only its job is known. */
  sourceId?: string;
  dateCreated?: string;
  dateModified?: string;
  selfUri?: string;
};

/** What is kept in the stack's state. */
export type SourceState = SourceInputs & SourceOutputs;

/** The fields that can drift, in the order in which messages name them. */
export const FIELDS = [
  "name",
  "description",
  "sourceType",
  "eventTopicId",
  "filters",
  "targets",
  "status",
  "webhookUrl",
] as const satisfies readonly (keyof SourceFields)[];

/** Fields that no update can change. */
export const REPLACING_FIELDS = [
  "eventTopicId",
  "sourceType",
] as const satisfies readonly (keyof SourceFields)[];
