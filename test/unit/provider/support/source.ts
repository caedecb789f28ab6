/** The source `orders` from the program to the journal: its arguments, inputs, state and record. */
import type { CreateRecord } from "../../../../provider/src/createRecord.js";
import { SOURCE } from "../../../../provider/src/eventBridgeSource/kind.js";
import type { SourceInputs, SourceState } from "../../../../provider/src/eventBridgeSource/model.js";
import { createHandler } from "../../../../provider/src/lifecycle/handler.js";
import { fingerprintOf } from "../../../../provider/src/lifecycle/recognise.js";
import type { ResourceHandler } from "../../../../provider/src/resourceHandler.js";

export const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/genesyscloud:EventBridgeSource::orders";

/** The handler of sources, in the types that they have. */
export const createSourceHandler = (): ResourceHandler<SourceInputs, SourceState> =>
  createHandler(SOURCE) as ResourceHandler<SourceInputs, SourceState>;

/** The arguments that a program has to give. */
export const ARGS = { eventTopicId: "topic-1", targets: [{ targetId: "target-1" }] };

/** Checked inputs of a source called `orders`. */
export const inputsWith = (more: Partial<SourceInputs> = {}): SourceInputs => ({
  name: "orders",
  description: "Managed by Pulumi",
  sourceType: "eventbridge",
  eventTopicId: "topic-1",
  filters: [],
  targets: [{ targetId: "target-1", priority: 1 }],
  status: "active",
  __urn: URN,
  ...more,
});

/** The state of that source once it is made. */
export const stateWith = (more: Partial<SourceState> = {}): SourceState => ({
  ...inputsWith(),
  sourceId: "src-1",
  version: 1,
  ...more,
});

/** What the journal knows of a create of that source that is posted now. */
export const entryWith = (more: Partial<CreateRecord> = {}): CreateRecord => ({
  urn: URN,
  name: "orders",
  phase: more.objectId === undefined && more.jobId === undefined ? "posting" : "accepted",
  postedAt: Date.now(),
  fingerprints: [fingerprintOf(SOURCE, inputsWith())],
  ...more,
});
