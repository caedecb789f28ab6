/** What no single argument of a source can tell: how many there are, and whether they go together. */

import { MOST_PROBLEMS, missing } from "../problems.js";
import { isUnknown } from "../pulumi/unknown.js";
import type { Problem } from "../resourceHandler.js";
import { LIMITS } from "./args.js";

/** Looks at whatever is there, so that it reports beside the other problems. */
export function crossChecks(news: Record<string, unknown>): Problem[] {
  return [
    ...checkLength("targets", news.targets, "target", 1, Number.POSITIVE_INFINITY),
    ...checkLength("filters", news.filters, "filter", 0, LIMITS.filters),
    ...checkTargets(items(news.targets)),
    ...checkFilters(items(news.filters)),
  ];
}

/** How many a list may have; nothing for what is no list. */
function checkLength(path: string, value: unknown, unit: string, least: number, most: number): Problem[] {
  if (!Array.isArray(value)) return [];
  if (value.length < least) return [{ path, reason: `is empty: at least ${least} ${unit} is needed` }];
  if (value.length > most)
    return [{ path, reason: `has ${value.length} ${unit}s: at most ${most} are allowed` }];
  return [];
}

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
  if (given.length < targets.length)
    problems.push({
      path: "targets",
      reason: `${given.length} of ${targets.length} targets have a priority: give every target one, or none (then the position counts)`,
    });
  else {
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
    if (problems.length > MOST_PROBLEMS) break;
    const conditions = field(each, "conditions");
    problems.push(...checkLength(`filters[${f}].conditions`, conditions, "condition", 1, LIMITS.conditions));
    for (const [c, one] of items(conditions).entries()) {
      if (problems.length > MOST_PROBLEMS) break;
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

function repetitions(values: unknown[]): { index: number; first: number }[] {
  const seen = new Map<string, number>();
  const repeated: { index: number; first: number }[] = [];
  for (const [index, value] of values.entries()) {
    if (repeated.length > MOST_PROBLEMS) break;
    if (typeof value !== "string" || value === "" || isUnknown(value)) continue;
    const first = seen.get(value);
    if (first === undefined) seen.set(value, index);
    else repeated.push({ index, first });
  }
  return repeated;
}
