/** What no single argument of a source can tell: how many there are, and whether they go together. */
import { repetitions } from "../arguments.js";
import { missing } from "../problems.js";
import type { Problem } from "../resourceHandler.js";
import { isUnknown } from "../unknown.js";
import { LIMITS } from "./args.js";

/**
 * What a program wrote, without what the API would not take for its number: a list is refused by its count, and what is
 * in it behind the limit nobody looks at. Of targets the API takes any number.
 */
export function withinLimits(news: Record<string, unknown>): {
  within: Record<string, unknown>;
  problems: Problem[];
} {
  const problems: Problem[] = [];
  const cut = (path: string, list: unknown[], unit: string, most: number): unknown[] => {
    if (list.length <= most) return list;
    problems.push({ path, reason: `has ${list.length} ${unit}s: at most ${most} are allowed` });
    return list.slice(0, most);
  };
  if (!Array.isArray(news.filters)) return { within: news, problems };
  const filters = cut("filters", news.filters, "filter", LIMITS.filters).map((filter, f) => {
    const conditions = items(field(filter, "conditions"));
    const first = cut(`filters[${f}].conditions`, conditions, "condition", LIMITS.conditions);
    return first === conditions ? filter : { ...(filter as object), conditions: first };
  });
  return { within: { ...news, filters }, problems };
}

/** Looks at whatever is there, so that it reports beside the other problems. */
export function crossChecks(news: Record<string, unknown>): Problem[] {
  return [
    ...checkNotEmpty("targets", news.targets, "target"),
    ...checkTargets(items(news.targets)),
    ...checkFilters(items(news.filters)),
  ];
}

/** Nothing for what is no list. */
const checkNotEmpty = (path: string, value: unknown, unit: string): Problem[] =>
  Array.isArray(value) && value.length === 0
    ? [{ path, reason: `is empty: at least 1 ${unit} is needed` }]
    : [];

function checkTargets(targets: unknown[]): Problem[] {
  const problems: Problem[] = [];
  const repeated = repetitions(targets.map((each) => field(each, "targetId")));
  for (const { index, first } of repeated)
    problems.push({
      path: `targets[${index}].targetId`,
      reason: `repeats targets[${first}].targetId: targets must be distinct`,
    });

  const priorities = targets.map((each) => field(each, "priority"));
  const given = priorities.filter((priority) => priority !== undefined);
  if (targets.some(isUnknown) || given.length === 0 || !given.every(isPriority)) return problems;
  if (given.length < targets.length) {
    // What `ignoreChanges` puts into the place of a target is the state's, which bears its position.
    if (!priorities.every((priority, index) => priority === undefined || priority === index + 1))
      problems.push({
        path: "targets",
        reason: `${given.length} of ${targets.length} targets have a priority: give every target one, or none (then the position counts)`,
      });
  } else {
    const wrong = outOfSequence(given as number[]);
    if (wrong !== undefined)
      problems.push({
        path: "targets",
        reason: `the priorities must be the integers from 1 to ${targets.length}, each once: ${wrong}`,
      });
  }
  return problems;
}

/** The first priority that has no place in the sequence from 1. */
function outOfSequence(priorities: readonly number[]): string | undefined {
  const seen = new Map<number, number>();
  for (const [index, priority] of priorities.entries()) {
    const place = `targets[${index}].priority`;
    if (priority > priorities.length) return `${place} is larger`;
    const first = seen.get(priority);
    if (first !== undefined) return `${place} repeats targets[${first}].priority`;
    seen.set(priority, index);
  }
  return undefined;
}

function checkFilters(filters: unknown[]): Problem[] {
  const problems: Problem[] = repetitions(filters.map((each) => field(each, "name"))).map(
    ({ index, first }) => ({
      path: `filters[${index}].name`,
      reason: `repeats filters[${first}].name: filter names must be distinct`,
    }),
  );
  for (const [f, each] of filters.entries()) {
    const conditions = field(each, "conditions");
    problems.push(...checkNotEmpty(`filters[${f}].conditions`, conditions, "condition"));
    for (const [c, one] of items(conditions).entries()) {
      const value = field(one, "value");
      if (field(one, "operator") !== "greater_than" || missing(value) || isUnknown(value)) continue;
      if (typeof value === "string" || typeof value === "boolean")
        problems.push({
          path: `filters[${f}].conditions[${c}].value`,
          reason: `must be a number for the operator "greater_than", not ${typeof value === "string" ? "a string" : "a boolean"}`,
        });
    }
  }
  return problems;
}

const isPriority = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 1;
const items = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const field = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
