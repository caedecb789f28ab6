/** What the arguments of a source must be, by the limits of the EventBridge API. */
import { z } from "zod";
import {
  conflictRule,
  id,
  known,
  list,
  mustBe,
  name,
  object,
  oneOf,
  text,
  timeouts,
  webAddress,
} from "../arguments.js";
import { type ArgumentRules, checkArguments } from "../checkArguments.js";
import type { Problem } from "../resourceHandler.js";
import { DEFAULTS, DESIRED_STATUSES, LIMITS, OPERATORS, SOURCE_TYPE } from "./args.js";
import { crossChecks, withinLimits } from "./crossChecks.js";
import type { SourceInputs } from "./model.js";

const PRIORITY = {
  error: ({ input }: { input: unknown }) =>
    typeof input === "number" ? "must be an integer from 1" : mustBe("an integer from 1").error({ input }),
};

const condition = object(
  {
    field: known(text("the name of the event's field")),
    operator: known(oneOf(OPERATORS)),
    value: known(
      z
        .union([z.string(), z.number(), z.boolean()], mustBe("a string, a number or a boolean"))
        // -0 is 0, and JSON has no other.
        .transform((value) => (value === 0 ? 0 : value)),
    ),
  },
  "a condition: an object of field, operator and value",
);

const filter = object(
  {
    name: known(text("the filter's name")),
    conditions: known(list(condition, "a list of conditions")),
    action: known(text('an action such as "route"')).default(DEFAULTS.action),
  },
  "a filter: an object of name, conditions and action",
);

const target = object(
  {
    targetId: known(id("the id of a target")),
    priority: known(z.int(PRIORITY).min(1, PRIORITY)).optional(),
  },
  "a target: an object of targetId and priority",
);

const shape = {
  eventTopicId: known(id("the id of a topic")),
  targets: known(list(target, "a list of targets")),
  filters: known(list(filter, "a list of filters")).default([]),
  name: known(name(LIMITS.nameLength)).optional(),
  description: known(z.string(mustBe("a string"))).default(DEFAULTS.description),
  sourceType: known(oneOf([SOURCE_TYPE])).default(DEFAULTS.sourceType),
  status: known(oneOf(DESIRED_STATUSES)).default(DEFAULTS.status),
  webhookUrl: known(webAddress).optional(),
  onConflict: known(conflictRule).optional(),
  timeouts: known(timeouts).optional(),
};

const KEYS_AT: { at: RegExp; keys: readonly string[] }[] = [
  { at: /^$/, keys: Object.keys(shape) },
  { at: /^filters\[\d+\]$/, keys: Object.keys(filter.shape) },
  { at: /^filters\[\d+\]\.conditions\[\d+\]$/, keys: Object.keys(condition.shape) },
  { at: /^targets\[\d+\]$/, keys: Object.keys(target.shape) },
  { at: /^timeouts$/, keys: ["create", "update", "delete"] },
];

/** Inputs as they come out of the schema: the name and priorities may still be missing. */
export type ParsedInputs = Omit<SourceInputs, "name" | "targets" | "__urn" | "__autonamed" | "__import"> & {
  name?: string;
  targets: { targetId: string; priority?: number }[];
};

const RULES: ArgumentRules<ParsedInputs> = {
  schema: object(shape, "an object"),
  keysAt: KEYS_AT,
  withinLimits,
  crossChecks,
};

/** Every problem at once, each at its path. Unknown values pass wherever they stand. */
export const parseInputs = (
  news: Record<string, unknown>,
): { inputs: ParsedInputs } | { problems: Problem[] } => checkArguments(RULES, news);
