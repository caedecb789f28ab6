/** The kind `EventBridgeSource`: what the lifecycle has to know of it. */
import type { Kind } from "../lifecycle/kind.js";
import { sayName } from "../lifecycle/messages.js";
import { inStates } from "../stub.js";
import { isUnknown } from "../unknown.js";
import { SOURCE_ACCESS } from "./access.js";
import { sourceApi } from "./api.js";
import { DEFAULTS, DESIRED_STATUSES, LIMITS, OPERATORS, SOURCE_TYPE } from "./args.js";
import { FIELDS, REPLACING_FIELDS, type SourceFields } from "./model.js";
import { draw } from "./picture.js";
import { inPrograms } from "./program.js";
import { checkReferences, refersElsewhere } from "./references.js";
import { type ParsedInputs, parseInputs } from "./schema.js";
import { toWire } from "./wire.js";

/** An EventBridge source. */
export const SOURCE: Kind = {
  ...inStates(inPrograms.className),
  label: "EventBridge source",
  noun: "source",
  idOutput: "sourceId",
  secrets: ["webhookUrl", "__asked"],
  fields: FIELDS,
  replacing: REPLACING_FIELDS,
  notPosted: ["status"],
  key: { field: "name", longest: LIMITS.nameLength, fit: (text) => text },
  statusOutput: "status",
  settles: "as reads do",
  access: SOURCE_ACCESS,
  timeouts: DEFAULTS.timeouts,
  ownWords: new Set<string>([
    ...OPERATORS,
    ...DESIRED_STATUSES,
    SOURCE_TYPE,
    DEFAULTS.action,
    DEFAULTS.description,
    ...["name", "description", "source", "source_type", "event", "topic", "event_topic_id", "target"],
    ...["target_id", "filter", "filters", "condition", "conditions", "field", "value", "operator"],
    ...["action", "targets", "priority", "status", "version", "webhook_url", "error", "failed"],
    ...["true", "false", "null"],
  ]),
  parse: parseInputs,
  complete: (inputs) => ({ ...inputs, targets: withPriorities(inputs.targets as ParsedInputs["targets"]) }),
  references: "topics and targets",
  refersElsewhere: (olds, news) => refersElsewhere(olds, news as SourceFields),
  checkReferences: ({ client }, inputs, budget) =>
    checkReferences(client, inputs as unknown as SourceFields, budget),
  sent: (fields) => {
    const { status: _, webhook_url: __, ...sent } = toWire(fields as unknown as SourceFields);
    return sent;
  },
  standing: ({ fields }, wanted) => (fields.status === wanted.status ? "reached" : "on its way"),
  // Every POST carries that status, and the job may raise it.
  looksDoneEarly: ({ status }) => status === "draft",
  notReached: ({ id, fields }, wanted) =>
    `the status of ${sayName(SOURCE, wanted)} (id ${id}) is ${JSON.stringify(fields.status)} though ${JSON.stringify(wanted.status)} was asked for.`,
  api: sourceApi,
  inPrograms,
  draw,
};

/** Every target gets the priority it was given, or its position; the list is kept in that order. */
function withPriorities(targets: ParsedInputs["targets"]): unknown {
  if (!Array.isArray(targets)) return targets;
  const complete = targets.map((target, index) =>
    isUnknown(target) ? target : { ...target, priority: target.priority ?? index + 1 },
  ) as SourceFields["targets"];
  const orderKnown = complete.every((target) => Number.isInteger(target.priority));
  return orderKnown ? complete.toSorted((a, b) => a.priority - b.priority) : complete;
}
