/** Checks the arguments of a program: every problem at once, each at its path. */
import type { z } from "zod";
import { pathText } from "./genesys/shape.js";
import { didYouMean } from "./nearest.js";
import { MOST_PROBLEMS, missing, shortened } from "./problems.js";
import type { Problem } from "./resourceHandler.js";
import { unheldIn } from "./unheld.js";

/** What the arguments of a kind of resource must be. */
export interface ArgumentRules<Parsed> {
  schema: z.ZodType;
  /** The keys that are allowed at paths; those of the top come first, in the order of the documentation. */
  keysAt: readonly { at: RegExp; keys: readonly string[] }[];
  /** What is refused by its size, and left out of every other look. */
  withinLimits?(news: Record<string, unknown>): { within: Record<string, unknown>; problems: Problem[] };
  /** What no single argument can tell. */
  crossChecks(written: Record<string, unknown>): Problem[];
  /** Only for its type. */
  parsed?: Parsed;
}

/** Unknown values pass wherever they stand. */
export function checkArguments<Parsed>(
  rules: ArgumentRules<Parsed>,
  news: Record<string, unknown>,
): { inputs: Parsed } | { problems: Problem[] } {
  const { within, problems: tooMany } = rules.withinLimits?.(news) ?? { within: news, problems: [] };
  const order = rules.keysAt[0]?.keys ?? [];
  const unheld = unheldIn(within);
  const beyondUse = unheld.map(({ path, reason, kind }) => ({
    path,
    reason: kind === "number" ? `${reason}: write it as a string, where that is allowed` : reason,
  }));
  // What nests without end nothing else can look into, and it may be behind the first hundred.
  if (unheld.length >= MOST_PROBLEMS || unheld.some(({ kind }) => kind === "depth"))
    return { problems: inOrder(order, [...tooMany, ...beyondUse]) };
  const written = withoutNulls(within) as Record<string, unknown>;
  const result = rules.schema.safeParse(written);
  const others = [
    ...(result.success ? [] : result.error.issues.flatMap((issue) => toProblems(issue, rules))),
    ...rules.crossChecks(written),
  ].filter(({ path }) => !unheld.some((each) => each.path === path));
  const problems = [...tooMany, ...beyondUse, ...others];
  if (!result.success || problems.length > 0) return { problems: inOrder(order, problems) };
  return { inputs: result.data as Parsed };
}

function toProblems(issue: z.core.$ZodIssue, { keysAt }: ArgumentRules<unknown>): Problem[] {
  const path = pathText(issue.path);
  if (issue.code !== "unrecognized_keys") return [{ path, reason: issue.message }];
  const allowed = keysAt.find(({ at }) => at.test(path))?.keys ?? [];
  return issue.keys.slice(0, MOST_PROBLEMS + 1).map((key) => ({
    path: pathText([...issue.path, shortened(key)]),
    reason: `is not an argument${didYouMean(key, allowed)}: allowed are ${allowed.join(", ")}`,
  }));
}

const BY_NUMBER = new Intl.Collator("en", { numeric: true });

/** Problems in the order of the documentation, so that a list of twenty can be worked through. */
function inOrder(keys: readonly string[], problems: Problem[]): Problem[] {
  const rank = ({ path }: Problem): number => {
    const at = keys.indexOf(path.split(/[.[]/, 1)[0] ?? "");
    return at === -1 ? keys.length : at;
  };
  const ranked = problems.map((problem) => ({ problem, rank: rank(problem) }));
  const sorted = ranked
    .sort((a, b) => a.rank - b.rank || BY_NUMBER.compare(a.problem.path, b.problem.path))
    .map(({ problem }) => problem);
  if (sorted.length <= MOST_PROBLEMS) return sorted;
  return [...sorted.slice(0, MOST_PROBLEMS), { path: "", reason: "there are more problems than these" }];
}

/** In a program, null means the same as leaving a key out. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => !missing(each))
      .map(([key, each]) => [key, withoutNulls(each)]),
  );
}
